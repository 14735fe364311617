import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from '../../domain/queue.ts';
import type { StoreTrouble } from '../../domain/store-trouble.ts';
import type { WatchSettings } from '../../domain/watch/watch-settings.ts';
import type { Announcer } from '../../operations/following/announcer.ts';
import type { StartCalls } from '../../operations/following/start-calls.ts';
import type { Log } from '../../operations/log.ts';
import type { Metrics } from '../../operations/metrics.ts';
import type { MoveTasks } from '../../operations/move-tasks.ts';
import type { Notifier } from '../../operations/watching/notifier.ts';
import { StoreUnusable } from '../../operations/watching/store-unusable.ts';
import type { Watches } from '../../operations/watching/watches.ts';
import { openCheckedDatabase } from '../../storage/sqlite/checked-database.ts';
import { createSqliteFollowStore } from '../../storage/sqlite/sqlite-follow-store.ts';
import { createSqliteWatchStore } from '../../storage/sqlite/sqlite-watch-store.ts';
import { createFollowWork } from './follow-work.ts';
import { createJobs, restAfterFailureMs } from './jobs.ts';
import { createLocalWatches } from './local-watches.ts';
import { createWatchWork } from './watch-work.ts';

export type LocalEngineOptions = {
  /** The SQLite file; its folder is made when it is missing. */
  file: string;
  /** How long to wait for a process that still has the file; 60 s when not given. */
  waitMs?: number;
  moveTasks: MoveTasks;
  notifier: Notifier;
  settings: WatchSettings;
  /** The queue in the settings; `undefined`: it is not listed (any more). */
  queueOf: (arn: string) => Queue | undefined;
  /** The channels of the access rules; absent or empty: all. */
  allowedChannels?: readonly string[];
  /** The queues of the settings, of which those with `notify` are followed. Absent: none is. */
  following?: {
    queues: readonly Queue[];
    everySeconds: number;
    announcer: Announcer;
    startCalls?: StartCalls;
  };
  log: Log;
  metrics?: Metrics;
  /** Epoch milliseconds. */
  clock?: () => number;
  random?: () => number;
  newId?: () => string;
  pollTimeoutMs?: number;
  pollsAtOnce?: number;
};

/** The watch engine of one process. */
export type LocalEngine = Watches & {
  /** Looks and tells from now on, whenever something is due. */
  start(): void;
  /** When it last did what was due, epoch milliseconds; it rings at least once a minute. Absent: not yet. */
  tickedAt(): number | undefined;
  /** How many live watches there are, by phase. */
  counts(): Record<string, number>;
  /** How many watches have a notice, and how many an edit, that Slack has not taken for certain. */
  undelivered(): { notification: number; cardUpdate: number };
  /** Why nothing can be kept at this moment. */
  trouble(): StoreTrouble | undefined;
  /** Does all that is due now, and resolves when it is done. */
  tick(): Promise<void>;
  /** Begins nothing new, waits for what is in hand (at most this long, 10 s when not given), and gives the file free. */
  stop(withinMs?: number): Promise<void>;
};

/**
 * Opens the store and ends the watches that the settings no longer allow.
 * Throws DataFolderInUse when another process keeps the file for longer than `waitMs`.
 */
export async function openLocalEngine(options: LocalEngineOptions): Promise<LocalEngine> {
  const { log, clock = Date.now, random = Math.random, newId = randomUUID, pollsAtOnce = 32 } = options;
  const { file, waitMs } = options;
  const database = await openCheckedDatabase({ file, ...(waitMs !== undefined && { waitMs }), log, clock });
  const stored = { database, log, clock, ...(options.metrics && { metrics: options.metrics }) };
  const store = createSqliteWatchStore(stored);
  let stopped = false;
  const atOnce = {
    poll: pollsAtOnce,
    notifications: 16,
    cardUpdate: 64,
    news: 8,
    announcement: 4,
    question: 2,
  };
  const jobs = createJobs({ atOnce, log, clock, onDone: () => alarm.soon() });
  const rules = { queueOf: options.queueOf, channels: options.allowedChannels ?? [] };
  const work = createWatchWork({ ...options, clock, random, store, jobs, rules });
  const follow = createFollowWork({
    ...(options.following ?? nothingFollowed),
    ...{ moveTasks: options.moveTasks, clock, random, log, jobs },
    ...(options.metrics && { metrics: options.metrics }),
    store: createSqliteFollowStore({ ...stored, watches: store, newId }),
  });
  const takeUp = once(() => {
    work.takeUp();
    follow.takeUp();
  });
  /** Nothing is asked or told that could not be kept. */
  const begin = (): boolean => {
    if (!database.isUsable()) return false;
    takeUp();
    work.begin();
    follow.begin();
    return true;
  };
  const alarm = createAlarm({
    begin: () => {
      const began = begin();
      if (began) store.forgetOverBefore(clock() - overIsKeptMs);
      return began;
    },
    nextDue: (now) => Math.min(store.nextDue(now) ?? Infinity, follow.nextDue(now) ?? Infinity),
    clock,
    log,
  });
  unlessUnusable(takeUp);

  return {
    ...createLocalWatches({ ...options, store, clock, random, newId, changed: () => alarm.soon() }),
    start: () => alarm.start(),
    tickedAt: () => alarm.rangAt(),
    counts: () => store.counts(),
    undelivered: () => store.undelivered(),
    trouble: () => database.trouble(),
    tick: async () => {
      do {
        begin();
        if (jobs.pending() === 0) return;
        await jobs.allDone();
      } while (!stopped);
    },
    stop: async (withinMs = 10_000) => {
      stopped = true;
      alarm.stop();
      const done = new AbortController();
      const late = sleep(withinMs, undefined, { signal: done.signal }).catch(() => undefined);
      await Promise.race([jobs.allDone(), late]);
      done.abort();
      database.close();
    },
  };
}

/** It is done when it has once gone well. */
function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}

function unlessUnusable(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof StoreUnusable)) throw error;
  }
}

const soonMs = 10;
const longestSleepMs = 60_000;
const overIsKeptMs = 24 * 3_600_000;

const nothingFollowed = {
  queues: [],
  everySeconds: 60,
  announcer: {
    announce: async () => ({ kind: 'wait', afterMs: 60_000 }) as const,
  },
};

type AlarmPorts = {
  /** False: nothing can be done now. */
  begin: () => boolean;
  /** The next time after `now` at which something is due. */
  nextDue: (now: number) => number;
  clock: () => number;
  log: Log;
};

/** One timer for all watches and followed queues: it rings when the next look or telling is due. */
function createAlarm({ begin, nextDue, clock, log }: AlarmPorts) {
  let timer: NodeJS.Timeout | undefined;
  let ringsAt = Infinity;
  let running = false;
  let rangAt: number | undefined;

  /** Never later than it would ring anyway: a stream of small wishes must not put it off for ever. */
  function ringIn(ms: number): void {
    const at = performance.now() + ms;
    if (!running || at >= ringsAt) return;
    clearTimeout(timer);
    timer = setTimeout(ring, ms);
    ringsAt = at;
  }

  function ring(): void {
    ringsAt = Infinity;
    try {
      const now = clock();
      const began = begin();
      rangAt = now;
      ringIn(began ? Math.min(Math.max(nextDue(now) - clock(), soonMs), longestSleepMs) : restAfterFailureMs);
    } catch (error) {
      if (!(error instanceof StoreUnusable))
        log.error({ err: error }, 'the watcher could not read its store and tries again');
      ringIn(restAfterFailureMs);
    }
  }

  return {
    start: () => {
      running = true;
      ring();
    },
    rangAt: () => rangAt,
    soon: () => ringIn(soonMs),
    stop: () => {
      running = false;
      clearTimeout(timer);
    },
  };
}
