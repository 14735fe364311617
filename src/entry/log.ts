import pino from 'pino';
import type { Log } from '../operations/log.ts';
import { redactor } from './redaction.ts';

/** JSON lines on stdout, with no secret in any of them. */
export function createLog({ level, secrets }: { level: string; secrets: readonly string[] }): Log {
  const redact = redactor(secrets);
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { error: pino.stdSerializers.err },
    hooks: { streamWrite: redact },
  });
}
