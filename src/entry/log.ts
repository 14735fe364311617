import pino, { type DestinationStream } from 'pino';
import { errorInWords } from '../domain/error-words.ts';
import type { Log } from '../operations/log.ts';
import { redactor } from './redaction.ts';

export type LogOptions = {
  level: string;
  secrets: readonly string[];
  /** Takes the lines instead of stdout; they are redacted already. */
  to?: DestinationStream;
};

/** Pino leaves out the errors of an AggregateError that is the cause of another one, and such errors have no words. */
function errorInFull(error: Error) {
  const line = pino.stdSerializers.err(error);
  return error instanceof Error ? { ...line, message: errorInWords(error) } : line;
}

/** JSON lines on stdout, with no secret in any of them. */
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
  // Pino's own stdout tries for ever to write its last line when nobody reads it, and the process never ends.
  return pino(options, to ?? pino.destination({ dest: 1, sync: true }));
}
