import type { Log } from '../../operations/log.ts';
import { StoreUnusable } from '../../operations/watching/watch-store.ts';

export type JobKind =
  | 'poll'
  | 'notifications'
  | 'cardUpdate'
  | 'news'
  | 'announcement'
  | 'question'
  | 'history';

/**
 * Jobs in progress, at most one per key. A key whose job failed rests for a while, so that nothing is retried in a hot
 * loop.
 */
export type Jobs = {
  /** How many more jobs of this kind may begin now. */
  free(kind: JobKind): number;
  /** In progress, or resting after a failure. */
  isTaken(key: string): boolean;
  begin(kind: JobKind, key: string, work: () => Promise<void>): void;
  /** Resolves when nothing is in progress. */
  allDone(): Promise<void>;
  pending(): number;
};

export const restAfterFailureMs = 5_000;
/** A job that takes longer continues, but frees its slot for others. */
const slotHeldAtMostMs = 5_000;

type JobsOptions = { atOnce: Record<JobKind, number>; log: Log; clock: () => number; onDone: () => void };

export function createJobs({ atOnce, log, clock, onDone }: JobsOptions): Jobs {
  const busy = new Map<string, Promise<void>>();
  const restsUntil = new Map<string, number>();
  const slots: Record<JobKind, Set<string>> = {
    poll: new Set(),
    notifications: new Set(),
    cardUpdate: new Set(),
    news: new Set(),
    announcement: new Set(),
    question: new Set(),
    history: new Set(),
  };

  async function run(kind: JobKind, key: string, work: () => Promise<void>): Promise<void> {
    const slow = setTimeout(() => slots[kind].delete(key) && onDone(), slotHeldAtMostMs).unref();
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
    slots[kind].delete(key);
    busy.delete(key);
    onDone();
  }

  const isTaken = (key: string) => busy.has(key) || (restsUntil.get(key) ?? 0) > clock();
  return {
    free: (kind) => atOnce[kind] - slots[kind].size,
    isTaken,
    begin: (kind, key, work) => {
      if (isTaken(key)) return;
      slots[kind].add(key);
      // Begun a moment later, so that the key is busy before the work can end.
      busy.set(
        key,
        Promise.resolve().then(() => run(kind, key, work)),
      );
    },
    allDone: async () => {
      while (busy.size > 0) await Promise.all(busy.values());
    },
    pending: () => busy.size,
  };
}
