import type { Queue } from '../domain/queue.ts';
import { latestPlanned, withNothingAhead } from '../domain/watch/set-back.ts';
import { type WatchForbidden, type WatchRules, whyForbidden } from '../operations/access.ts';
import { type TurnPorts, takeTurn } from '../operations/take-turn.ts';
import { tellCard, tellNotices } from '../operations/watching/tell-pending.ts';
import type { Teller } from '../operations/watching/teller.ts';
import type { JobKind, Jobs } from './jobs.ts';
import type { SqliteWatchStore } from './sqlite-watch-store.ts';
import { forbidden, logForbidden } from './watch-changes.ts';

type WorkPorts = Omit<TurnPorts, 'store'> & {
  store: SqliteWatchStore;
  teller: Teller;
  rules: WatchRules;
  jobs: Jobs;
};

export type DueWork = {
  /** Begins what is due and has a free slot, the longest waiting first. */
  begin(): void;
  /** Puts the watches right that an earlier process has left, before anything is begun. */
  takeUp(): void;
};

export function createDueWork(ports: WorkPorts): DueWork {
  const { store, jobs, clock, rules, log } = ports;

  async function look(queue: Queue): Promise<void> {
    const ids = store.idsToLookFor(queue.arn, clock());
    // What it decides to tell is in the store, due at once, and begun with the next jobs.
    if (ids.length > 0) await takeTurn(queue, ids, ports);
  }

  function beginLook(arn: string): void {
    const queue = rules.queueOf(arn);
    if (queue) jobs.begin('look', `look ${arn}`, () => look(queue));
  }

  function beginTell(kind: keyof typeof tell, id: string): void {
    jobs.begin(kind, `${kind} ${id}`, () => tell[kind](id, clock(), ports));
  }

  function endWatchesIn(place: { queueArn: string; channel: string }, why: WatchForbidden): void {
    const before = store.readNow(store.idsInHand(place)).filter(({ watch }) => !watch.forbidden);
    const ids = before.map(({ watch }) => watch.id);
    store.updateNow(ids, (kept) => forbidden(kept, clock()));
    for (const kept of before) logForbidden(log, kept, why);
  }

  const untaken = (found: Iterable<string>, kind: JobKind) =>
    firstFew(found, jobs.free(kind), (id) => !jobs.isTaken(`${kind} ${id}`));

  return {
    begin: () => {
      const now = clock();
      for (const arn of untaken(store.dueQueues(now), 'look')) beginLook(arn);
      // Each kind has its own slots and keys, so that neither edits nor a notice that hangs keep the other waiting.
      for (const id of untaken(store.dueNotices(now), 'notices')) beginTell('notices', id);
      for (const id of untaken(store.dueEdits(now), 'edit')) beginTell('edit', id);
    },
    takeUp: () => {
      const now = clock();
      store.takeUp();
      const ahead = store.idsPlannedAfter(latestPlanned(now, ports.settings));
      store.updateNow(ahead, (kept) => withNothingAhead(kept, now, ports.settings));
      for (const { queueArn, channel } of store.placesInHand()) {
        const why = whyForbidden({ queueArn, card: { channel } }, rules);
        if (why) endWatchesIn({ queueArn, channel }, why);
      }
    },
  };
}

const tell = { notices: tellNotices, edit: tellCard };

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
