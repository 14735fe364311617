import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Queue } from '../domain/queue.ts';
import { isPending } from '../domain/watch/outbox.ts';
import { type TurnPorts, takeTurn } from '../operations/take-turn.ts';
import { tellPending } from '../operations/watching/tell-pending.ts';
import type { Teller } from '../operations/watching/teller.ts';
import type { Jobs } from './jobs.ts';
import { withoutItsQueue } from './kept-watches.ts';
import type { SqliteWatchStore } from './sqlite-watch-store.ts';

type WorkPorts = Omit<TurnPorts, 'store' | 'tell'> & {
  store: SqliteWatchStore;
  teller: Teller;
  queueOf: (arn: string) => Queue | undefined;
  jobs: Jobs;
  stopped: () => boolean;
  looksAtOnce: number;
};

export type DueWork = {
  /** Begins every look and telling that is due and not in hand, the longest waiting first. */
  begin(): void;
  endWatchesOfUnlistedQueues(): void;
};

/** A look that takes longer goes on, but no longer keeps others from theirs. */
const slotHeldAtMostMs = 5_000;

export function createDueWork(ports: WorkPorts): DueWork {
  const { store, jobs, clock, queueOf, stopped, log } = ports;
  const looks = pLimit(ports.looksAtOnce);
  // Apart, so that no number of card edits keeps a notice waiting.
  const [notices, edits] = [pLimit(16), pLimit(8)];

  const look = (queue: Queue) =>
    inSlot(looks, async () => {
      if (stopped()) return;
      await takeTurn(queue, store.idsToLookFor(queue.arn, clock()), {
        ...ports,
        tell: async (id) => beginTell(id),
      });
    });

  function beginTell(id: string): void {
    jobs.begin(`tell ${id}`, async () => {
      const hasNotices = store.readNow([id]).some(({ outbox }) => outbox.notices.some(isPending));
      const slot = hasNotices ? notices : edits;
      await inSlot(slot, async () => (stopped() ? undefined : tellPending(id, ports)));
    });
  }

  function endWatchesOf(arn: string): void {
    const ended = store.updateNow(store.idsOf({ queueArn: arn }), (kept) => withoutItsQueue(kept, clock()));
    log.warn(
      { queue: arn, watches: ended.length },
      'watches end: the settings do not list their queue any more',
    );
  }

  return {
    begin: () => {
      for (const arn of store.dueQueues(clock())) {
        const queue = queueOf(arn);
        if (queue) jobs.begin(`look ${arn}`, () => look(queue));
        else endWatchesOf(arn);
      }
      for (const id of store.dueTells(clock())) beginTell(id);
    },
    endWatchesOfUnlistedQueues: () => {
      for (const arn of store.liveQueues()) if (!queueOf(arn)) endWatchesOf(arn);
    },
  };
}

/** Resolves when the work is done; its slot is free before that if the work takes long. */
async function inSlot(limit: ReturnType<typeof pLimit>, work: () => Promise<void>): Promise<void> {
  const begun = await limit(async () => {
    const done = work();
    const free = new AbortController();
    const long = sleep(slotHeldAtMostMs, undefined, { ref: false, signal: free.signal }).catch(
      () => undefined,
    );
    await Promise.race([done.catch(() => undefined), long]);
    free.abort();
    return { done };
  });
  await begun.done;
}
