import type { LocalActionDuties } from '../../operations/actions/actions.ts';
import type { Log } from '../../operations/log.ts';
import { StoreUnusable } from '../../operations/watching/watch-store.ts';
import { createTimer } from './jobs.ts';

type Ports = {
  duties: LocalActionDuties;
  /** False: nothing can be stored now. */
  isUsable: () => boolean;
  clock: () => number;
  log: Log;
};

const soonMs = 10;
/** So that what stays due, such as a call in progress, does not cause a hot loop. */
const shortestMs = 500;
const longestMs = 60_000;
const restAfterFailureMs = 5_000;
const roundsAtMost = 5;

/** Reminders, expiry, polls and messages of actions, in one process: one timer for all. */
export function createActionWork({ duties, isUsable, clock, log }: Ports) {
  const busy = new Map<string, Promise<void>>();
  const timer = createTimer(() => void tick());
  let ticking = Promise.resolve();
  let isRecovered = false;

  /** Starts what is due without waiting for it, so that one that hangs doesn't block the others. */
  async function begin(): Promise<number> {
    if (!isUsable()) return 0;
    if (!isRecovered) await duties.recover();
    isRecovered = true;
    const ids = await duties.due();
    for (const id of ids) if (!busy.has(id)) busy.set(id, advance(id));
    return ids.length;
  }

  async function advance(id: string): Promise<void> {
    await duties.advance(id).catch((error: unknown) => failed(error, id));
    busy.delete(id);
    timer.ringIn(shortestMs);
  }

  function failed(error: unknown, action?: string): void {
    if (!(error instanceof StoreUnusable))
      log.error({ action, err: error }, 'unexpected error in an action; retrying');
  }

  async function tick(): Promise<void> {
    const ticked = nextTick().catch((error: unknown) => {
      failed(error);
      return restAfterFailureMs;
    });
    ticking = ticked.then(() => undefined);
    timer.ringIn(await ticked);
  }

  async function nextTick(): Promise<number> {
    await begin();
    const next = (await duties.nextDue()) ?? Infinity;
    return isUsable() ? Math.min(Math.max(next - clock(), shortestMs), longestMs) : restAfterFailureMs;
  }

  return {
    /** Does everything that is due, and what becomes due because of it. */
    tick: async () => {
      for (let rounds = 0; rounds < roundsAtMost && (await begin()) > 0; rounds += 1) {
        await Promise.all(busy.values());
      }
    },
    start: () => {
      timer.start();
      timer.ringIn(0);
    },
    /** Something may be due now. */
    soon: () => timer.ringIn(soonMs),
    /** Begins nothing new; resolves when everything in progress is done. */
    stop: async () => {
      timer.stop();
      await ticking;
      await Promise.all(busy.values());
      await duties.settled();
    },
  };
}
