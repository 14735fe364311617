import type { Log } from '../operations/log.ts';
import type { Metrics } from '../operations/metrics.ts';
import { createLogThrottle } from './slack-failure.ts';

/**
 * Slack closes excess connections at once. After two in a row that ended sooner than this, the bot waits
 * before it reconnects.
 */
const lastingMs = 10_000;
const unstableAfter = 2;
/** Slack sends these before it renews a connection, which is routine. */
const routine = ['refresh_requested', 'warning'];

export type SocketHealthOptions = {
  clock: () => number;
  log: Log;
  metrics?: Pick<Metrics, 'counted'> | undefined;
};

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
    metrics?.counted({ what: 'socket failure', reason });
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
