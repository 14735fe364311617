import { type Logger, SocketModeReceiver } from '@slack/bolt';
import { isObject } from './slack-body.ts';

export type SocketReceiverOptions = {
  appToken: string;
  apiUrl: string;
  logger: Logger;
};

export type SocketReceiver = {
  receiver: SocketModeReceiver;
  /** Rejects when Slack does not let the bot in. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when Slack lets the bot in no more, with its reason. */
  refused: Promise<SocketRefused>;
};

/** After so long without a pong the connection is renewed; Bolt's own 5 s leave it deaf for as long at each refresh. */
const pingTimeoutMs = 1_000;
const callTimeoutMs = 10_000;
/** Bolt's own waits grow without end, and would leave the bot deaf for long after a long outage of Slack. */
const calledAgain = { retries: 100, factor: 1.3, maxTimeout: 15_000 };

/**
 * Slack's requests over Socket Mode. An error in one of them is logged, and Slack told nothing. Bolt's client goes on
 * calling after most refusals, so they are read from Slack's answers here; when it gives up by itself, it says so by
 * a rejection that nobody can await: the process has to listen for it.
 */
export function createSocketReceiver({ appToken, apiUrl, logger }: SocketReceiverOptions): SocketReceiver {
  const { promise: refused, resolve } = Promise.withResolvers<SocketRefused>();
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    clientPingTimeout: pingTimeoutMs,
    installerOptions: {
      clientOptions: {
        slackApiUrl: apiUrl,
        allowAbsoluteUrls: false,
        timeout: callTimeoutMs,
        retryConfig: calledAgain,
        fetch: fetchAndRead((code) => resolve(new SocketRefused(code))),
      },
    },
    processEventErrorHandler: async ({ error }) => {
      logger.error('a request from Slack could not be handled', error);
      return false;
    },
  });
  return {
    receiver,
    refused,
    async start() {
      const turnedAway = refused.then((error) => Promise.reject(error));
      await Promise.race([receiver.start(), turnedAway]);
    },
    stop: async () => {
      await receiver.stop();
    },
  };
}

/** Slack does not take the app token, or not for this. */
export class SocketRefused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`Slack refused apps.connections.open: ${code}`);
    this.code = code;
  }
}

/** Slack's own troubles, which pass. */
const passing = [
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
];

function fetchAndRead(onRefusal: (code: string) => void): typeof fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    const answer: unknown = await response
      .clone()
      .json()
      .catch(() => undefined);
    const code = isObject(answer) && answer['ok'] === false ? String(answer['error']) : undefined;
    if (code !== undefined && !passing.includes(code)) onRefusal(code);
    return response;
  };
}
