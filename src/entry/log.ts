import pino, { type DestinationStream } from 'pino';
import { errorInWords } from '../domain/wording.ts';
import type { Log } from '../operations/log.ts';
import { redactor } from './redaction.ts';

export type LogOptions = {
  level: string;
  secrets: readonly string[];
  /** Receives the redacted lines in place of stdout. */
  to?: DestinationStream;
};

/** Pino omits the errors of an AggregateError that is a cause, and such errors have no message. */
function errorInFull(error: Error) {
  const line = pino.stdSerializers.err(error);
  return error instanceof Error ? { ...line, message: errorInWords(error) } : line;
}

/** JSON lines on stdout, without secrets. */
export function createLog({ level, secrets, to }: LogOptions): Log {
  const redact = redactor(secrets);
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: errorInFull, err: errorInFull },
    hooks: { streamWrite: redact },
  };
  // Pino's own stdout never stops trying to write its last line if no one reads it, and the process never ends.
  return pino(options, to ?? pino.destination({ dest: 1, sync: true }));
}
