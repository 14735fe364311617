import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '@slack/bolt';
import type { Log } from '../operations/log.ts';
import type { Metrics } from '../operations/metrics.ts';
import { boltLogger } from './slack-client.ts';
import { backoffMs, createLogThrottle, isLasting, reasonOf } from './slack-failure.ts';
import { type ConnectionEnd, holdConnection, type SocketRequest } from './socket-connection.ts';

type SocketReceiverOptions = SocketHealthOptions & {
  appToken: string;
  apiUrl: string;
  /** Whether Node is told to use a proxy: the socket then uses it as well, like `fetch`. */
  behindProxy: boolean;
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

/**
 * Slack closes excess connections at once. After two in a row that ended sooner than this, the bot waits
 * before it reconnects.
 */
const lastingMs = 10_000;
const unstableAfter = 2;
/** Slack sends these before it renews a connection, which is routine. */
const routine = ['refresh_requested', 'warning'];

type SocketHealthOptions = { clock: () => number; log: Log; metrics: Pick<Metrics, 'counted'> };

/** Why Slack can't reach the bot, and for how long. `never`: not once since the bot was started. */
export type SocketTrouble = { disconnectedMs: number; why: string; never: boolean };

/** Tracks the connection to Slack for the log and the metrics. */
export function createSocketHealth({ clock, log, metrics }: SocketHealthOptions) {
  const throttle = createLogThrottle(clock);
  let connectedAt: number | undefined;
  let disconnectedSince = clock();
  let why = 'connecting';
  let never = true;
  /** Connections in a row that ended too soon. */
  let shortConnections = 0;
  let isLossSaid = false;
  let settling: NodeJS.Timeout | undefined;

  const hasLasted = () => connectedAt !== undefined && clock() - connectedAt >= lastingMs;
  const isWell = () => connectedAt !== undefined && (shortConnections < unstableAfter || hasLasted());

  function back(): void {
    throttle.over();
    if (isLossSaid)
      log.info({ disconnectedMs: clock() - disconnectedSince }, 'Socket Mode is connected again');
    isLossSaid = false;
  }

  function endOfAGoodOne(reason: string): void {
    disconnectedSince = clock();
    if (routine.includes(reason)) return;
    isLossSaid = true;
    log.info({ why: reason }, 'Socket Mode connection closed');
  }

  function anotherFailure(reason: string): void {
    metrics.counted({ what: 'socket failure', reason });
    if (!throttle.isDue(reason)) return;
    isLossSaid = true;
    log.warn(
      { why: reason, disconnectedMs: clock() - disconnectedSince },
      'Socket Mode cannot connect to Slack',
    );
  }

  return {
    connected(): void {
      connectedAt = clock();
      never = false;
      if (shortConnections >= unstableAfter) settling = setTimeout(back, lastingMs).unref();
      else back();
    },
    /** A connection ended, or could not be made. Returns whether it had worked until then. */
    lost(reason: string): boolean {
      clearTimeout(settling);
      const wasWell = isWell();
      if (wasWell) endOfAGoodOne(reason);
      else anotherFailure(reason);
      if (connectedAt !== undefined) shortConnections = hasLasted() ? 0 : shortConnections + 1;
      connectedAt = undefined;
      why = reason;
      return wasWell;
    },
    isConnected: () => connectedAt !== undefined,
    /** undefined: Slack can reach the bot. */
    trouble: (): SocketTrouble | undefined =>
      isWell() ? undefined : { disconnectedMs: clock() - disconnectedSince, why, never },
  };
}
export type SocketHealth = ReturnType<typeof createSocketHealth>;
