import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '@slack/bolt';
import type { Log } from '../operations/log.ts';
import type { Metrics } from '../operations/metrics.ts';
import { boltLogger } from './slack-client.ts';
import { backoffMs, isLasting, reasonOf } from './slack-failure.ts';
import { type ConnectionEnd, holdConnection, type SocketRequest } from './socket-connection.ts';
import { createSocketHealth } from './socket-health.ts';

type SocketReceiverOptions = {
  appToken: string;
  apiUrl: string;
  /** Whether Node is told to use a proxy: the socket then uses it as well, like `fetch`. */
  behindProxy: boolean;
  log: Log;
  metrics?: Pick<Metrics, 'counted'>;
  clock: () => number;
};

export type SocketReceiver = ReturnType<typeof createSocketReceiver>;

/** Meanwhile people's commands are lost. */
const longestWaitMs = 15_000;

/** Receives Slack's requests over Socket Mode. Errors in a request are logged and not reported to Slack. */
export function createSocketReceiver(options: SocketReceiverOptions) {
  const { log } = options;
  const logger = boltLogger(log);
  const health = createSocketHealth(options);
  const refused = Promise.withResolvers<SocketRefused>();
  const connected = Promise.withResolvers<void>();
  const ending = new AbortController();
  const { signal } = ending;
  let app: App | undefined;
  let running: Promise<void> = Promise.resolve();

  const hold = (onHello: () => void) =>
    holdConnection({
      ...options,
      logger,
      signal,
      onHello: () => {
        health.connected();
        connected.resolve();
        onHello();
      },
      onRequest: (request) => void handle(app, request, log),
      onInvalidFrame: (why) => log.warn({ why }, 'ignored an unexpected Socket Mode message'),
    });

  async function run(onTried: () => void): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const end = await hold(onTried);
      if (signal.aborted) return;
      if ('failure' in end && isLasting(end.failure))
        return refused.resolve(new SocketRefused(reasonOf(end.failure)));
      const wasWell = health.lost('failure' in end ? reasonOf(end.failure) : end.why);
      failures = wasWell ? 0 : failures + 1;
      onTried();
      await sleep(waitAfter(end, failures), undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    receiver: {
      init: (given: App) => {
        app = given;
      },
      start: async () => undefined,
      stop: async () => undefined,
    },
    health,
    /** Resolves at Slack's first hello. */
    connected: connected.promise,
    /** Resolves with Slack's reason when it no longer lets the bot connect. */
    refused: refused.promise,
    /**
     * Connects, and reconnects for as long as it takes. Resolves when the first attempt is over, whether or not it
     * succeeded; rejects if Slack refuses the bot for good.
     */
    async start(): Promise<void> {
      const tried = new Promise<void>((resolve) => {
        running = run(resolve);
      });
      await Promise.race([tried, refused.promise.then((error) => Promise.reject(error))]);
    },
    stop: () => {
      ending.abort();
      return running;
    },
  };
}

/** At once after a good connection. */
function waitAfter(end: ConnectionEnd, failures: number): number {
  if (failures === 0) return 0;
  return backoffMs(failures, 'failure' in end ? end.failure : undefined, longestWaitMs);
}

async function handle(app: App | undefined, request: SocketRequest, log: Log): Promise<void> {
  const { body, retry_num } = request;
  let isAcknowledged = false;
  try {
    await app?.processEvent({
      body,
      ack: async (response) => {
        if (isAcknowledged) return;
        isAcknowledged = true;
        await request.ack(response);
      },
      ...(retry_num !== undefined && { retryNum: retry_num }),
    });
  } catch (error) {
    log.error({ error }, 'Socket Mode request failed');
  }
}

/** Slack rejects the app token, or does not allow it for this. */
export class SocketRefused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`Slack refused apps.connections.open: ${code}`);
    this.code = code;
  }
}
