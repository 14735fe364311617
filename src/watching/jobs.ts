import type { Log } from '../operations/log.ts';

/** Work in hand, at most one for each key. One that failed rests for a while, so that nothing is tried in a hot loop. */
export type Jobs = {
  /** Begins the work, unless its key is busy or rests. */
  begin(key: string, work: () => Promise<void>): void;
  /** Resolves when nothing is in hand. */
  allDone(): Promise<void>;
  inHand(): number;
};

export const restAfterFailureMs = 5_000;

type JobsOptions = { log: Log; clock: () => number; onDone: () => void };

export function createJobs({ log, clock, onDone }: JobsOptions): Jobs {
  const busy = new Map<string, Promise<void>>();
  const restsUntil = new Map<string, number>();

  async function run(key: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      restsUntil.delete(key);
    } catch (error) {
      log.error({ job: key, err: error }, 'the watcher failed at something and tries again');
      restsUntil.set(key, clock() + restAfterFailureMs);
      setTimeout(onDone, restAfterFailureMs).unref();
    }
    busy.delete(key);
    onDone();
  }

  return {
    begin: (key, work) => {
      if (busy.has(key) || (restsUntil.get(key) ?? 0) > clock()) return;
      // Begun a moment later, so that the key is busy before the work can end.
      const begun = Promise.resolve().then(() => run(key, work));
      busy.set(key, begun);
    },
    allDone: async () => {
      while (busy.size > 0) await Promise.all(busy.values());
    },
    inHand: () => busy.size,
  };
}
