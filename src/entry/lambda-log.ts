import type { Log } from '../operations/log.ts';
import { redactor } from './redaction.ts';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

export type LambdaLogOptions = {
  /** The least that is written. */
  level: string;
  secrets: readonly string[];
  /** Takes the lines instead of stdout. */
  to?: (line: string) => void;
};

/** The lines that the one process's log writes, without what pino brings along: it would be a sixth of a bundle. */
export function createLambdaLog({ level, secrets, to = toStdout }: LambdaLogOptions): Log {
  const redact = redactor(secrets);
  const least = levels.indexOf(level);
  const write = (name: string) => (facts: Record<string, unknown>, msg: string) => {
    if (levels.indexOf(name) < least) return;
    to(redact(`${inJson({ level: name, time: new Date().toISOString(), ...facts, msg })}\n`));
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

function toStdout(line: string): void {
  process.stdout.write(line);
}

/** What cannot be written as JSON must not cost the line. */
function inJson(line: Record<string, unknown>): string {
  try {
    return JSON.stringify(line, (_, value) => (value instanceof Error ? told(value) : value));
  } catch (error) {
    const { level, time, msg } = line;
    return JSON.stringify({ level, time, msg, unwritten: String(error) });
  }
}

/** An error's message and stack, which JSON would leave out, with those of its causes. */
function told(error: Error): object {
  const { name, message, stack, cause } = error;
  return { ...error, type: name, message, stack, ...(cause !== undefined && { cause }) };
}
