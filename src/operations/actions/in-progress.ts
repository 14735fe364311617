import type { Log } from '../log.ts';
import { StoreUnusable } from '../watching/watch-store.ts';
import type { ActionPorts } from './ports.ts';

export type InProgress = ReturnType<typeof createInProgress>;
/** What every step of an action is given. */
export type Deps = ActionPorts & { pending: InProgress };

/** Whether this process or another one may still be at work on what was begun at that time. */
export function mayBeInProgress(
  id: string,
  begunAt: number,
  { pending, runs, clock }: Pick<ActionPorts, 'runs' | 'clock'> & { pending: Pick<InProgress, 'isHeld'> },
): boolean {
  return pending.isHeld(id) || (runs !== undefined && clock() - begunAt < runs.holdMs);
}

/** The actions that this process is working on. */
export function createInProgress(log: Log) {
  const held = new Set<{ id: string }>();
  const busy = new Set<string>();
  const working = new Set<Promise<void>>();
  return {
    /** While this is at work on an action, its call does not count as lost. */
    holding: async <T>(id: string, work: () => Promise<T>): Promise<T> => {
      const holding = { id };
      held.add(holding);
      return work().finally(() => held.delete(holding));
    },
    isHeld: (id: string) => [...held].some((holding) => holding.id === id),
    /** One at a time per action. Undefined: work on it is already in progress. */
    alone: async <T>(id: string, work: () => Promise<T>): Promise<T | undefined> => {
      if (busy.has(id)) return undefined;
      busy.add(id);
      return work().finally(() => busy.delete(id));
    },
    /** Continues in the background; a failure is logged. */
    inBackground: (work: Promise<unknown>): Promise<void> => {
      const done = work.then(
        () => undefined,
        (error: unknown) => {
          // The store has logged its own failure.
          if (!(error instanceof StoreUnusable))
            log.error({ err: error }, 'unexpected error in an action; it continues from its stored state');
        },
      );
      working.add(done);
      return done.finally(() => working.delete(done));
    },
    settled: async () => {
      while (working.size > 0) await Promise.all(working);
    },
  };
}
