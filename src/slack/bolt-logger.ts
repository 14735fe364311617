import type { Logger } from '@slack/bolt';
import { LogLevel } from '@slack/web-api';
import type { Log } from '../operations/log.ts';

/**
 * Lets Bolt and the Web API client write to the bot's own log, which alone decides what is written. These are the words
 * of libraries, not Slack's, and may be about a request that Slack never signed.
 */
export function boltLogger(log: Log): Logger {
  const line =
    (level: keyof Log) =>
    (...parts: unknown[]) =>
      log[level]({ library: 'slack-sdk' }, parts.map(inWords).join(' '));
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    setLevel: () => {},
    getLevel: () => LogLevel.DEBUG,
    setName: () => {},
  };
}

/** For who says in a line of its own what matters: all of it is for debugging only. */
export function quietly(logger: Logger): Logger {
  const debug = logger.debug.bind(logger);
  return { ...logger, info: debug, warn: debug, error: debug };
}

function inWords(part: unknown): string {
  return part instanceof Error ? `${part.name}: ${part.message}` : String(part);
}
