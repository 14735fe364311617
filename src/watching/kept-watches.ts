import { giveUp } from '../domain/watch/give-up.ts';
import { emptyOutbox, type KeptWatch, remember, silence, withoutJoin } from '../domain/watch/outbox.ts';
import type { Decision } from '../domain/watch/telling.ts';
import { newWatch } from '../domain/watch/watch.ts';
import { join, leave } from '../domain/watch/watchers.ts';
import type {
  UnwatchRequest,
  WatchAnswer,
  Watches,
  WatchRequest,
  WatchView,
} from '../operations/watching/watches.ts';
import type { SqliteWatchStore } from './sqlite-watch-store.ts';

type Desk = {
  store: SqliteWatchStore;
  clock: () => number;
  newId: () => string;
  /** Called after a commit for each watch that has something to look for or to tell. */
  changed: (id: string) => void;
};

/** What people ask for, answered from the store. Each answer is committed before its promise resolves. */
export function createWatches({ store, clock, newId, changed }: Desk): Watches {
  function watchNow({ queue, startedAt, card, user }: WatchRequest): WatchAnswer {
    const now = clock();
    const id = store.liveId({ queueArn: queue.arn, startedAt, card });
    if (id === undefined) return beginNow({ queue, startedAt, card, user }, now);
    let kind: WatchAnswer['kind'] = 'already';
    const [kept] = store.updateNow([id], (current) => {
      const { watch } = current;
      if (watch.watchers.includes(user)) return current;
      kind = watch.phase === 'running' ? 'joined' : 'joined-after-end';
      return withDecision(current, join(watch, user, now), now);
    });
    if (!kept) return beginNow({ queue, startedAt, card, user }, now);
    changed(id);
    return { kind, watch: viewOf(kept) };
  }

  function beginNow({ queue, startedAt, card, user }: WatchRequest, now: number): WatchAnswer {
    const watch = newWatch({ id: newId(), queueArn: queue.arn, startedAt, card, now });
    const kept = withDecision({ watch, outbox: emptyOutbox }, join(watch, user, now), now);
    store.add(kept);
    changed(watch.id);
    return { kind: 'began', watch: viewOf(kept) };
  }

  function unwatchNow(request: UnwatchRequest): WatchView[] {
    const now = clock();
    const { user } = request;
    const left = store.updateNow(store.idsOf({ user, ...wherePosted(request) }), (kept) => {
      const { watch, outbox } = withDecision(kept, leave(kept.watch, user, now), now);
      const quieter = withoutJoin(outbox, user);
      return { watch, outbox: watch.phase === 'over' ? silence(quieter) : quieter };
    });
    for (const { watch } of left) changed(watch.id);
    return left.map(viewOf);
  }

  return {
    watch: async (request) => watchNow(request),
    unwatch: async (request) => unwatchNow(request),
    list: async (of) => store.readNow(store.idsOf(of)).map(viewOf),
    ofCard: async (card) => {
      const id = store.newestIdOf(card);
      return id === undefined ? undefined : store.readNow([id]).map(viewOf)[0];
    },
  };
}

/** For a queue that the settings no longer list: nobody may ask for it any more. */
export function withoutItsQueue(kept: KeptWatch, now: number): KeptWatch {
  const { watch } = kept;
  if (watch.phase !== 'running') return { ...kept, watch: { ...watch, phase: 'over' } };
  return withDecision(kept, giveUp({ watch, tell: [] }, 'queue-not-in-settings'), now);
}

function withDecision(kept: KeptWatch, { watch, tell }: Decision, now: number): KeptWatch {
  return { watch, outbox: remember(kept.outbox, tell, now) };
}

function wherePosted(request: UnwatchRequest): { channel?: string; ts?: string; queueArn?: string } {
  if ('card' in request) return { channel: request.card.channel, ts: request.card.ts };
  return { queueArn: request.queueArn, ...(request.channel !== undefined && { channel: request.channel }) };
}

function viewOf({ watch }: KeptWatch): WatchView {
  const { queueArn, startedAt, card, watchers, phase, seen, followed } = watch;
  return {
    queueArn,
    startedAt,
    card,
    watchers,
    phase,
    ...(seen && { seen }),
    ...(followed && { followed }),
  };
}
