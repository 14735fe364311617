import { latestPlanned, withTimesClamped } from '../../domain/clamp-times.ts';
import type { Queue } from '../../domain/queue.ts';
import { type WatchForbidden, type WatchRules, whyForbidden } from '../../operations/access.ts';
import { type RecordExpectedPorts, recordExpectedEnds } from '../../operations/expected-ends.ts';
import type { HistoryStore } from '../../operations/history.ts';
import { type EndRecorder, recordEnd } from '../../operations/record-end.ts';
import { deliverCardUpdate, deliverNotifications } from '../../operations/watching/deliver-outbox.ts';
import type { Notifier } from '../../operations/watching/notifier.ts';
import { type TickPorts, tick } from '../../operations/watching/tick.ts';
import type { LocalWatchStore } from '../../operations/watching/watch-store.ts';
import { forbidden, logForbidden } from '../../operations/watching/watches.ts';
import type { JobKind, Jobs } from './jobs.ts';

type WorkPorts = Omit<TickPorts, 'store'> & {
  store: LocalWatchStore;
  notifier: Notifier;
  rules: WatchRules;
  jobs: Jobs;
};

export function createWatchWork(ports: WorkPorts) {
  const { store, jobs, clock, rules, log } = ports;

  async function poll(queue: Queue): Promise<void> {
    const ids = store.idsToPoll(queue.arn, clock());
    // The notifications it decides on are in the store, due at once, and begun with the next jobs.
    if (ids.length > 0) await tick(queue, ids, ports);
  }

  function beginPoll(arn: string): void {
    const queue = rules.queueOf(arn);
    if (queue) jobs.begin('poll', `poll ${arn}`, () => poll(queue));
  }

  function beginDelivery(kind: keyof typeof notify, id: string): void {
    jobs.begin(kind, `${kind} ${id}`, () => notify[kind](id, clock(), ports));
  }

  function endWatchesIn(place: { queueArn: string; channel: string }, why: WatchForbidden): void {
    const before = store.readNow(store.pendingIds(place)).filter(({ watch }) => !watch.forbidden);
    const ids = before.map(({ watch }) => watch.id);
    store.updateNow(ids, (stored) => forbidden(stored, clock()));
    for (const stored of before) logForbidden(log, stored, why);
  }

  const free = (found: Iterable<string>, kind: JobKind) =>
    firstFew(found, jobs.free(kind), (id) => !jobs.isTaken(`${kind} ${id}`));

  return {
    /** Begins what is due and has a free slot, the longest waiting first. */
    begin: () => {
      const now = clock();
      for (const arn of free(store.dueQueues(now), 'poll')) beginPoll(arn);
      // Each kind has its own slots and keys, so that neither card updates nor a notification that hangs keep the
      // other waiting.
      for (const id of free(store.dueNotifications(now), 'notifications')) beginDelivery('notifications', id);
      for (const id of free(store.dueCardUpdates(now), 'cardUpdate')) beginDelivery('cardUpdate', id);
    },
    /** Before anything is begun: corrects the watches that an earlier process left. */
    recover: () => {
      const now = clock();
      store.recover();
      const latest = latestPlanned(now, ports.settings, store.undelivered().cardUpdate);
      store.updateNow(store.idsPlannedAfter(latest), (stored) => withTimesClamped(stored, now, latest));
      for (const { queueArn, channel } of store.pendingPlaces()) {
        const why = whyForbidden({ queueArn, card: { channel } }, rules);
        if (why) endWatchesIn({ queueArn, channel }, why);
      }
    },
  };
}

const notify = { notifications: deliverNotifications, cardUpdate: deliverCardUpdate };

/** Stops reading early: thousands may be due. */
function firstFew(found: Iterable<string>, most: number, isWanted: (id: string) => boolean): Set<string> {
  const few = new Set<string>();
  if (most <= 0) return few;
  for (const id of found) {
    if (isWanted(id)) few.add(id);
    if (few.size >= most) break;
  }
  return few;
}

export type HistoryWorkPorts = EndRecorder & {
  history: HistoryStore;
  /** Whether it can be stored. Absent: it can. */
  isUsable?: () => boolean;
};

const expectedEveryMs = 60_000;

/**
 * Records the redrives that watches saw end, and those that no watch of a card sees end. A watch that has ended is
 * stored for a day, and at a start each of them is recorded again: so none is lost, whenever the process is killed.
 */
export function createHistoryWork(
  ports: HistoryWorkPorts & Omit<RecordExpectedPorts, keyof EndRecorder>,
  { store, jobs }: { store: Pick<LocalWatchStore, 'toRecord' | 'readNow'>; jobs: Jobs },
) {
  const ids = store.toRecord();
  let expectedAt = 0;

  async function recordAll(): Promise<void> {
    for (const id of ids) {
      // It may change again meanwhile.
      ids.delete(id);
      try {
        for (const { watch } of store.readNow([id])) await recordEnd(watch, ports);
      } catch (error) {
        ids.add(id);
        throw error;
      }
    }
  }

  return {
    begin: () => {
      const now = ports.clock();
      if (ids.size === 0 && now < expectedAt) return;
      if (!(ports.isUsable?.() ?? true)) return;
      if (ids.size > 0) jobs.begin('history', 'history', recordAll);
      if (now < expectedAt) return;
      expectedAt = now + expectedEveryMs;
      jobs.begin('history', 'expected ends', () => recordExpectedEnds(ports));
    },
    isDone: () => ids.size === 0,
  };
}
