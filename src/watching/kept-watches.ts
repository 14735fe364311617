import { sightingOf } from '../domain/watch/sighting.ts';
import { decidedOn, type TurnPorts } from '../operations/take-turn.ts';
import type {
  PersonsLook,
  UnwatchRequest,
  WatchAnswer,
  Watches,
  WatchRequest,
  WatchView,
} from '../operations/watching/watches.ts';
import { unlessLost } from './persons-look.ts';
import type { SqliteWatchStore } from './sqlite-watch-store.ts';
import { begun, viewOf, withoutWatcher, withWatcher } from './watch-changes.ts';

type Desk = Pick<TurnPorts, 'settings' | 'log' | 'metrics'> & {
  store: SqliteWatchStore;
  clock: () => number;
  random: () => number;
  newId: () => string;
  /** Called after a commit for each watch that has something to look for or to tell. */
  changed: (id: string) => void;
};

/** What people ask for, answered from the store. Each answer is committed before its promise resolves. */
export function createWatches(desk: Desk): Watches {
  const { store, clock, newId, changed } = desk;

  function watchNow(request: WatchRequest): WatchAnswer {
    const now = clock();
    const { queue, startedAt, card, user } = request;
    const id = store.liveId({ queueArn: queue.arn, startedAt, card });
    if (id === undefined) return beginNow(request, now);
    let kind: WatchAnswer['kind'] = 'already';
    const [kept] = store.updateNow([id], (current) => {
      const next = withWatcher(current, user, now);
      kind = next.kind;
      return next.kept;
    });
    if (!kept) return beginNow(request, now);
    changed(id);
    return { kind, watch: viewOf(kept) };
  }

  function beginNow(request: WatchRequest, now: number): WatchAnswer {
    const kept = begun(request, newId(), now);
    store.add(kept);
    changed(kept.watch.id);
    return { kind: 'began', watch: viewOf(kept) };
  }

  function unwatchNow(request: UnwatchRequest): WatchView[] {
    const now = clock();
    const { user } = request;
    const ids = store.idsOf({ user, ...wherePosted(request) });
    const left = store.updateNow(ids, (kept) => withoutWatcher(kept, user, now));
    for (const { watch } of left) changed(watch.id);
    return left.map(viewOf);
  }

  /** A task that is missing says nothing: the list may have been too short for it, and three clicks are no three looks. */
  function sightedNow({ queue, look }: PersonsLook): void {
    const now = clock();
    const decided = decidedOn({ look, now, random: desk.random() }, desk);
    const ids = store.idsToLookFor(queue.arn, now);
    const after = store.updateNow(ids, (kept) =>
      sightingOf(look, kept.watch.startedAt).kind === 'seen' ? decided.how(kept) : kept,
    );
    decided.report(after);
    for (const { watch } of after) changed(watch.id);
  }

  return {
    watch: async (request) => watchNow(request),
    unwatch: async (request) => unwatchNow(request),
    list: async (of) => store.readNow(store.idsOf(of)).map(viewOf),
    ofCard: async (card) => {
      const id = store.newestIdOf(card);
      return id === undefined ? undefined : store.readNow([id]).map(viewOf)[0];
    },
    sighted: (seen) => unlessLost(async () => sightedNow(seen), seen, desk.log),
  };
}

function wherePosted(request: UnwatchRequest): { channel?: string; ts?: string; queueArn?: string } {
  if ('card' in request) return { channel: request.card.channel, ts: request.card.ts };
  return { queueArn: request.queueArn, ...(request.channel !== undefined && { channel: request.channel }) };
}
