import { troubleAndRemedy } from '../domain/store-trouble.ts';
import { durationInWords } from '../domain/wording.ts';
import type { LocalEngine } from '../engine/local/local-engine.ts';
import type { Log } from '../operations/log.ts';
import type { SocketHealth } from '../slack/socket-receiver.ts';
import type { LocalActions } from './local-actions.ts';

type Running = {
  watcher: Pick<LocalEngine, 'tickedAt' | 'counts' | 'undelivered' | 'trouble'>;
  actions?: Pick<LocalActions, 'trouble'>;
  slack: Pick<SlackCheck, 'answeredAt' | 'failure'>;
};

type Socket = Pick<SocketHealth, 'isConnected' | 'trouble'>;

/** Slack is asked every minute, so one lost answer changes nothing. */
const slackFreshMs = 3 * 60_000;
/** The engine ticks at least once a minute. */
const tickFreshMs = 2.5 * 60_000;
/** Slack renews its connections now and then; a short gap costs people at most a second try. */
const disconnectedForMs = 30_000;

/** Whether the process is ready. Before `running` it is starting; after `ending` it takes no more work. */
export function createReadiness({ clock }: { clock: () => number }) {
  let parts: Running | undefined;
  let isEnding = false;
  let waitingBecause: string | undefined;
  let socket: Socket | undefined;

  /** Empty while the file is not open. */
  const counted = (what: 'counts' | 'undelivered'): Record<string, number> =>
    parts && !isEnding ? parts.watcher[what]() : {};

  return {
    running: (given: Running) => {
      parts = given;
    },
    /** In Socket Mode only. */
    socketMode: (health: Socket | undefined) => {
      socket = health;
    },
    socketConnected: () => socket?.isConnected() ?? false,
    /** Why the bot waits for Slack at the start; undefined: it does not. */
    waitingForSlack: (why: string | undefined) => {
      waitingBecause = why;
    },
    ending: () => {
      isEnding = true;
    },
    notReadyBecause(): string[] {
      if (isEnding) return ['the bot is shutting down'];
      if (!parts && waitingBecause !== undefined)
        return [`waiting for Slack to answer auth.test (${waitingBecause})`];
      if (!parts) return ['the bot is starting'];
      return [
        ...slackIsSilent(parts, clock()),
        ...socketIsDisconnected(socket),
        ...watcherStands(parts, clock()),
        ...storeIsInTrouble(parts),
      ];
    },
    storeFails: () => parts !== undefined && !isEnding && storeIsInTrouble(parts).length > 0,
    watches: () => counted('counts'),
    /** Watches with a notification or card update that is not delivered yet. */
    undelivered: () => counted('undelivered'),
  };
}
export type Readiness = ReturnType<typeof createReadiness>;

function slackIsSilent({ slack }: Running, now: number): string[] {
  const silentMs = now - slack.answeredAt();
  if (silentMs <= slackFreshMs) return [];
  return [`Slack hasn't answered for ${durationInWords(silentMs)} (${slack.failure() ?? 'not asked'})`];
}

function socketIsDisconnected(socket: Socket | undefined): string[] {
  const trouble = socket?.trouble();
  if (!trouble) return [];
  const { disconnectedMs, why, never } = trouble;
  if (never) return [`Socket Mode is not connected yet (${why})`];
  if (disconnectedMs <= disconnectedForMs) return [];
  return [`Socket Mode has had no connection to Slack for ${durationInWords(disconnectedMs)} (${why})`];
}

function watcherStands({ watcher }: Running, now: number): string[] {
  const tickedAt = watcher.tickedAt();
  if (tickedAt === undefined) return ["polling hasn't started"];
  const stuckMs = now - tickedAt;
  return stuckMs <= tickFreshMs ? [] : [`polling has been stuck for ${durationInWords(stuckMs)}`];
}

function storeIsInTrouble({ watcher, actions }: Running): string[] {
  const trouble = watcher.trouble() ?? actions?.trouble();
  return trouble ? [troubleAndRemedy(trouble)] : [];
}

type SlackCheck = ReturnType<typeof createSlackCheck>;

type SlackCheckOptions = {
  /** Rejects if Slack does not answer, or refuses. */
  ask: () => Promise<unknown>;
  /** The reason in one word. */
  whyFrom: (error: unknown) => string;
  clock: () => number;
  log: Log;
};

const aMinute = 60_000;

/** Asks Slack regularly in the background, so that readiness checks do not wait for it. */
export function createSlackCheck({ ask, whyFrom, clock, log }: SlackCheckOptions) {
  let answeredAt = clock();
  let failure: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function beat(): Promise<void> {
    try {
      await ask();
      answeredAt = clock();
      failure = undefined;
    } catch (error) {
      if (failure === undefined) log.warn({ why: whyFrom(error) }, 'Slack health check failed');
      failure = whyFrom(error);
    }
  }

  return {
    beat,
    start: () => {
      timer = setInterval(() => void beat(), aMinute).unref();
    },
    stop: () => clearInterval(timer),
    /** When Slack last answered without an error, epoch milliseconds. */
    answeredAt: () => answeredAt,
    /** Why the last try failed; undefined when it did not. */
    failure: () => failure,
  };
}
