import type { Logger } from '@slack/bolt';
import { type FetchFunction, LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import type { Log } from '../operations/log.ts';
import type { Metrics } from '../operations/metrics.ts';

export type SlackConnection = {
  botToken: string;
  apiUrl: string;
  logger: Logger;
  /** Sends the requests; `fetch` by default. */
  fetch?: FetchFunction;
};

/** Longer than Slack ever needs to answer, short enough for a person to wait. */
const timeoutMs = 10_000;

/**
 * For answers to people: never waits after a 429, and never posts twice, which a retry after a lost connection might.
 */
export function promptClientOptions({ apiUrl, logger, fetch }: SlackConnection): WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    logger,
    timeout: timeoutMs,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    allowAbsoluteUrls: false,
    ...(fetch && { fetch }),
  };
}

export function promptClient(connection: SlackConnection): WebClient {
  return new WebClient(connection.botToken, promptClientOptions(connection));
}

type MeasuredBy = { metrics: Metrics; clock: () => number; apiUrl: string };

/** Times each request to Slack. Slack's refusals count as answers: they have status 200. */
export function measuredFetch(send: FetchFunction, { metrics, clock, apiUrl }: MeasuredBy): FetchFunction {
  return async (url, init) => {
    const sentAt = clock();
    const noted = (outcome: 'answered' | 'rate limited' | 'failed') =>
      metrics.timed({ what: 'slack call', method: methodOf(String(url), apiUrl), outcome }, clock() - sentAt);
    try {
      const response = await send(url, init);
      noted(response.ok ? 'answered' : response.status === 429 ? 'rate limited' : 'failed');
      return response;
    } catch (error) {
      noted('failed');
      throw error;
    }
  };
}

/** A response URL is secret as a whole. */
function methodOf(url: string, apiUrl: string): string {
  return url.startsWith(apiUrl) ? (/^[\w.]+/.exec(url.slice(apiUrl.length))?.[0] ?? 'other') : 'response_url';
}

/**
 * Lets Bolt and the Web API client write to the bot's own log, which alone filters by level. These messages
 * come from the libraries, not from Slack, and may be about a request that Slack never signed.
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

/** For callers that log what matters themselves: everything here is for debugging only. */
export function atDebugLevel(logger: Logger): Logger {
  const debug = logger.debug.bind(logger);
  return { ...logger, info: debug, warn: debug, error: debug };
}

function inWords(part: unknown): string {
  return part instanceof Error ? `${part.name}: ${part.message}` : String(part);
}
