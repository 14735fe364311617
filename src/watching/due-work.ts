import type { Queue } from '../domain/queue.ts';
import { withNothingAhead } from '../domain/watch/set-back.ts';
import { type TurnPorts, takeTurn } from '../operations/take-turn.ts';
import { tellPending } from '../operations/watching/tell-pending.ts';
import type { Teller } from '../operations/watching/teller.ts';
import type { JobKind, Jobs } from './jobs.ts';
import type { SqliteWatchStore } from './sqlite-watch-store.ts';
import { withoutItsQueue } from './watch-changes.ts';

type WorkPorts = Omit<TurnPorts, 'store'> & {
  store: SqliteWatchStore;
  teller: Teller;
  queueOf: (arn: string) => Queue | undefined;
  jobs: Jobs;
};

export type DueWork = {
  /** Begins what is due and has a free slot, the longest waiting first. */
  begin(): void;
  /** Puts the watches right that an earlier process has left, before anything is begun. */
  takeUp(): void;
};

export function createDueWork(ports: WorkPorts): DueWork {
  const { store, jobs, clock, queueOf, log } = ports;

  async function look(queue: Queue): Promise<void> {
    const ids = store.idsToLookFor(queue.arn, clock());
    // What it decides to tell is in the store, due at once, and begun with the next jobs.
    if (ids.length > 0) await takeTurn(queue, ids, ports);
  }

  function beginLook(arn: string): void {
    const queue = queueOf(arn);
    if (queue) jobs.begin('look', `look ${arn}`, () => look(queue));
    else endWatchesOf(arn);
  }

  function beginTell(kind: JobKind, id: string): void {
    jobs.begin(kind, `tell ${id}`, () => tellPending(id, ports));
  }

  function endWatchesOf(arn: string): void {
    const ended = store.updateNow(store.idsOf({ queueArn: arn }), (kept) => withoutItsQueue(kept, clock()));
    log.warn(
      { queue: arn, watches: ended.length },
      'watches end: the settings do not list their queue any more',
    );
  }

  const untaken = (found: Iterable<string>, kind: JobKind, what: string) =>
    firstFew(found, jobs.free(kind), (id) => !jobs.isTaken(`${what} ${id}`));

  return {
    begin: () => {
      const now = clock();
      for (const arn of untaken(store.dueQueues(now), 'look', 'look')) beginLook(arn);
      // Each kind has its own slots, so that no number of card edits keeps a notice waiting.
      for (const id of untaken(store.dueNotices(now), 'notices', 'tell')) beginTell('notices', id);
      for (const id of untaken(store.dueEdits(now), 'edit', 'tell')) beginTell('edit', id);
    },
    takeUp: () => {
      const now = clock();
      store.takeUp();
      store.updateNow(store.idsPlannedAfter(now), (kept) => withNothingAhead(kept, now, ports.settings));
      for (const arn of store.liveQueues()) if (!queueOf(arn)) endWatchesOf(arn);
    },
  };
}

/** Reads no further than it must: thousands may be due. */
function firstFew(found: Iterable<string>, most: number, isWanted: (id: string) => boolean): Set<string> {
  const few = new Set<string>();
  if (most <= 0) return few;
  for (const id of found) {
    if (isWanted(id)) few.add(id);
    if (few.size >= most) break;
  }
  return few;
}
