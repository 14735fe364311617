import type { Log } from '../../operations/log.ts';
import { StoreUnusable } from '../../operations/watching/watch-store.ts';

/** How many jobs of each kind may be in progress at once. */
const slots = {
  poll: 32,
  notifications: 16,
  cardUpdate: 64,
  news: 8,
  announcement: 4,
  question: 2,
  history: 1,
};
export type JobKind = keyof typeof slots;

export type Jobs = ReturnType<typeof createJobs>;

export const restAfterFailureMs = 5_000;
/** A job that takes longer continues, but frees its slot for others. */
const slotHeldAtMostMs = 5_000;

/**
 * Jobs in progress, at most one per key. A key whose job failed rests for a while, so that nothing is retried in a hot
 * loop.
 */
export function createJobs({ log, clock, onDone }: { log: Log; clock: () => number; onDone: () => void }) {
  const busy = new Map<string, Promise<void>>();
  const restsUntil = new Map<string, number>();
  /** The keys of those that have a slot. */
  const inSlots = new Map<string, JobKind>();

  async function run(key: string, work: () => Promise<void>): Promise<void> {
    const slow = setTimeout(() => inSlots.delete(key) && onDone(), slotHeldAtMostMs).unref();
    try {
      await work();
      restsUntil.delete(key);
    } catch (error) {
      // A storage failure is logged once by the store, not once per watch.
      if (!(error instanceof StoreUnusable))
        log.error({ job: key, err: error }, 'unexpected error in a job; retrying');
      restsUntil.set(key, clock() + restAfterFailureMs);
      setTimeout(onDone, restAfterFailureMs).unref();
    }
    clearTimeout(slow);
    inSlots.delete(key);
    busy.delete(key);
    onDone();
  }

  /** In progress, or resting after a failure. */
  const isTaken = (key: string) => busy.has(key) || (restsUntil.get(key) ?? 0) > clock();
  return {
    isTaken,
    /** How many more jobs of this kind may begin now. */
    free: (kind: JobKind) => slots[kind] - [...inSlots.values()].filter((one) => one === kind).length,
    begin(kind: JobKind, key: string, work: () => Promise<void>): void {
      if (isTaken(key)) return;
      inSlots.set(key, kind);
      // Begun a moment later, so that the key is busy before the work can end.
      busy.set(
        key,
        Promise.resolve().then(() => run(key, work)),
      );
    },
    /** Resolves when nothing is in progress. */
    async allDone() {
      while (busy.size > 0) await Promise.all(busy.values());
    },
    pending: () => busy.size,
  };
}

/** Whoever learns of a trouble has it tried again. */
export function waking<T>(trouble: T | undefined, wake: () => void): T | undefined {
  if (trouble !== undefined) wake();
  return trouble;
}

/** A timer that is never postponed: a stream of requests must not put it off forever. It rings only while it runs. */
export function createTimer(ring: () => void) {
  let timer: NodeJS.Timeout | undefined;
  let ringsAt = Infinity;
  let isRunning = false;
  return {
    ringIn(ms: number): void {
      const at = performance.now() + ms;
      if (!isRunning || at >= ringsAt) return;
      clearTimeout(timer);
      ringsAt = at;
      timer = setTimeout(() => {
        ringsAt = Infinity;
        ring();
      }, ms);
    },
    start: () => {
      isRunning = true;
    },
    stop: () => {
      isRunning = false;
      clearTimeout(timer);
    },
  };
}
