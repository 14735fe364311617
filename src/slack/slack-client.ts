import type { Logger } from '@slack/bolt';
import { type FetchFunction, WebClient, type WebClientOptions } from '@slack/web-api';

export type SlackConnection = {
  botToken: string;
  apiUrl: string;
  logger: Logger;
  /** Sends the requests; Node's own when not given. */
  fetch?: FetchFunction;
};

/** Longer than Slack ever needs to answer, short enough for a person to wait. */
const timeoutMs = 10_000;

/**
 * For answering people: never waits behind a 429 and never posts twice, since a retry after a broken line would.
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
