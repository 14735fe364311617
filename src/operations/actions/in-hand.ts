import type { Log } from '../log.ts';

/** What this process is in the middle of. */
export type InHand = {
  /** Until what it answers is called, nobody takes this action's call for lost. */
  hold(id: string): () => void;
  isHeld(id: string): boolean;
  /** One at a time for each action. Nothing: somebody is at it already. */
  alone<T>(id: string, work: () => Promise<T>): Promise<T | undefined>;
  /** Goes on while nobody waits for it; its failure is logged. */
  inBackground(work: Promise<unknown>): Promise<void>;
  settled(): Promise<void>;
};

export function createInHand(log: Log): InHand {
  const held = new Set<{ id: string }>();
  const busy = new Set<string>();
  const working = new Set<Promise<void>>();
  return {
    hold: (id) => {
      const holding = { id };
      held.add(holding);
      return () => void held.delete(holding);
    },
    isHeld: (id) => [...held].some((holding) => holding.id === id),
    alone: async (id, work) => {
      if (busy.has(id)) return undefined;
      busy.add(id);
      return work().finally(() => busy.delete(id));
    },
    inBackground: (work) => {
      const done = work.then(
        () => undefined,
        (error: unknown) => log.error({ err: error }, 'an action failed; it goes on from what is stored'),
      );
      working.add(done);
      return done.finally(() => working.delete(done));
    },
    settled: async () => {
      while (working.size > 0) await Promise.all(working);
    },
  };
}
