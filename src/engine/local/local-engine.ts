import { randomUUID } from 'node:crypto';
import type { Queue } from '../../domain/queue.ts';
import type { WatchSettings } from '../../domain/settings.ts';
import { expectingEnds } from '../../operations/expected-ends.ts';
import type { Announcer } from '../../operations/following/announce-pending.ts';
import type { StartCalls } from '../../operations/following/ask-who-started.ts';
import type { PollFollowedPorts } from '../../operations/following/followed-queue.ts';
import type { Log } from '../../operations/log.ts';
import type { Metrics } from '../../operations/metrics.ts';
import type { MoveTasks } from '../../operations/move-tasks.ts';
import type { Notifier } from '../../operations/watching/notifier.ts';
import { type LocalStorage, StoreUnusable } from '../../operations/watching/watch-store.ts';
import { within } from '../../operations/within.ts';
import { createFollowWork } from './follow-work.ts';
import { createJobs, createTimer, restAfterFailureMs, waking } from './jobs.ts';
import { createLocalWatches } from './local-watches.ts';
import { createHistoryWork, createWatchWork, type HistoryWorkPorts } from './watch-work.ts';

export type LocalEngineOptions = {
  /** Closed when the engine stops. */
  storage: LocalStorage;
  moveTasks: MoveTasks;
  notifier: Notifier;
  settings: WatchSettings;
  /** The queue in the settings; `undefined`: it is not listed (anymore). */
  queueOf: (arn: string) => Queue | undefined;
  /** The channels of the access rules; absent or empty: all. */
  allowedChannels?: readonly string[];
  /** The queues of the settings, of which those with `notify` are followed. Absent: none is. */
  following?: {
    queues: readonly Queue[];
    everySeconds: number;
    announcer: Announcer;
    startCalls?: StartCalls;
    isStartingHere?: PollFollowedPorts['isStartingHere'] & object;
  };
  /** Where the redrives are recorded that it saw end. Absent: nowhere. */
  ended?: HistoryWorkPorts;
  log: Log;
  metrics?: Metrics;
  /** Epoch milliseconds. */
  clock?: () => number;
  random?: () => number;
  newId?: () => string;
  pollTimeoutMs?: number;
};

export type LocalEngine = ReturnType<typeof createLocalEngine>;

/** Loads what is stored, and ends the watches that the settings no longer allow. */
export function createLocalEngine(options: LocalEngineOptions) {
  const { storage, log, clock = Date.now, random = Math.random, newId = randomUUID } = options;
  const { watches: store } = storage;
  let stopped = false;
  const jobs = createJobs({ log, clock, onDone: () => alarm.soon() });
  const rules = { queueOf: options.queueOf, channels: options.allowedChannels ?? [] };
  const work = createWatchWork({ ...options, clock, random, store, jobs, rules });
  const expectEnd = expectingEnds({ ends: storage.ends, clock });
  const follow = createFollowWork({
    ...(options.following ?? nothingFollowed),
    ...{ moveTasks: options.moveTasks, store: storage.follows, clock, random, log, jobs },
    ...{ ...(options.metrics && { metrics: options.metrics }), ...(options.ended && { expectEnd }) },
  });
  const given = { ...options, store, clock, random, newId };
  const watches = createLocalWatches({ ...given, changed: () => alarm.soon() });
  const toRecord = options.ended && { ...given, ...options.ended, ends: storage.ends, watches };
  const history = toRecord && createHistoryWork(toRecord, { store, jobs });
  const recover = once(() => {
    work.recover();
    follow.recover();
  });
  /** Nothing is polled or delivered that could not be stored. */
  const begin = (): boolean => {
    if (!storage.isUsable()) return false;
    recover();
    work.begin();
    follow.begin();
    history?.begin();
    return true;
  };
  const alarm = createAlarm({
    begin: () => {
      const began = begin();
      if (began && (history?.isDone() ?? true)) store.forgetOverBefore(clock() - overIsKeptMs);
      return began;
    },
    nextDue: (now) => Math.min(store.nextDue(now) ?? Infinity, follow.nextDue(now) ?? Infinity),
    clock,
    log,
  });
  unlessUnusable(recover);

  return {
    ...watches,
    expectEnd,
    /** From now on, polls and delivers whenever something is due. */
    start: () => alarm.start(),
    /** When it last did what was due, in epoch milliseconds; that is at least once a minute. Absent: not yet. */
    tickedAt: () => alarm.rangAt(),
    counts: () => store.counts(),
    /** How many watches have a notification, and how many a card update, that may not have been delivered. */
    undelivered: () => store.undelivered(),
    trouble: () => waking(storage.trouble(), alarm.soon),
    /** Does everything that is due now, and resolves when it is done. */
    tick: async () => {
      do {
        begin();
        if (jobs.pending() === 0) return;
        await jobs.allDone();
      } while (!stopped);
    },
    /** Begins nothing new, waits for what is in progress (at most this long, 10 s by default), and closes the storage. */
    stop: async (withinMs = 10_000) => {
      stopped = true;
      alarm.stop();
      await within(withinMs, jobs.allDone(), () => undefined);
      storage.close();
    },
  };
}

/** Runs `work` until it has succeeded once. */
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

const overIsKeptMs = 24 * 3_600_000;

const nothingFollowed = {
  queues: [],
  everySeconds: 60,
  announcer: { announce: async () => ({ kind: 'wait', afterMs: 60_000 }) as const },
};

const soonMs = 10;
const longestSleepMs = 60_000;

type AlarmPorts = {
  /** False: nothing can be done now. */
  begin: () => boolean;
  /** The next time after `now` at which something is due. */
  nextDue: (now: number) => number;
  clock: () => number;
  log: Log;
};

/** One timer for all watches and followed queues: it rings when the next poll or delivery is due. */
function createAlarm({ begin, nextDue, clock, log }: AlarmPorts) {
  const timer = createTimer(ring);
  const { ringIn } = timer;
  let rangAt: number | undefined;

  function ring(): void {
    try {
      const now = clock();
      const began = begin();
      rangAt = now;
      ringIn(began ? Math.min(Math.max(nextDue(now) - clock(), soonMs), longestSleepMs) : restAfterFailureMs);
    } catch (error) {
      if (!(error instanceof StoreUnusable))
        log.error({ err: error }, 'could not read stored watches; retrying');
      ringIn(restAfterFailureMs);
    }
  }

  return {
    start: () => {
      timer.start();
      ring();
    },
    rangAt: () => rangAt,
    soon: () => ringIn(soonMs),
    stop: () => timer.stop(),
  };
}
