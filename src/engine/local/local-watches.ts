import { observationOf } from '../../domain/watch/observation.ts';
import { decisionsOn, type TickPorts } from '../../operations/watching/tick.ts';
import type { LocalWatchStore } from '../../operations/watching/watch-store.ts';
import {
  begun,
  type PersonsPoll,
  type UnwatchRequest,
  unlessLost,
  viewOf,
  type WatchAnswer,
  type Watches,
  type WatchRequest,
  type WatchView,
  withoutWatcher,
  withWatcher,
} from '../../operations/watching/watches.ts';

type LocalWatchesDeps = Pick<TickPorts, 'settings' | 'log' | 'metrics'> & {
  store: LocalWatchStore;
  clock: () => number;
  random: () => number;
  newId: () => string;
  /** Called after a commit if something may be due, and after one that failed. */
  changed: () => void;
};

/** What people ask for, answered from the store. Each answer is committed before its promise resolves. */
export function createLocalWatches(desk: LocalWatchesDeps): Watches {
  const { store, clock, newId, changed } = desk;

  function watchNow(request: WatchRequest): WatchAnswer {
    const now = clock();
    const { queue, startedAt, card, user } = request;
    const id = store.liveId({ queueArn: queue.arn, startedAt, card });
    if (id === undefined) return beginNow(request, now);
    let kind: WatchAnswer['kind'] = 'already';
    const [stored] = store.updateNow([id], (current) => {
      const next = withWatcher(current, user, now);
      kind = next.kind;
      return next.stored;
    });
    if (!stored) return beginNow(request, now);
    changed();
    return { kind, watch: viewOf(stored) };
  }

  function beginNow(request: WatchRequest, now: number): WatchAnswer {
    const stored = begun(request, newId(), now);
    store.add(stored);
    changed();
    return { kind: 'began', watch: viewOf(stored) };
  }

  function unwatchNow(request: UnwatchRequest): WatchView[] {
    const now = clock();
    const ids = store.idsOf(request);
    const left = store.updateNow(ids, (stored) => withoutWatcher(stored, request.user, now));
    if (left.length > 0) changed();
    return left.map(viewOf);
  }

  /**
   * A task that is missing says nothing: the list may have been too short for it, and three clicks are not three polls.
   */
  function observedNow({ queue, poll }: PersonsPoll): void {
    const now = clock();
    const decided = decisionsOn({ poll, now, random: desk.random() }, desk);
    const ids = store.idsToPoll(queue.arn, now);
    const after = store.updateNow(ids, (stored) =>
      observationOf(poll, stored.watch.startedAt).kind === 'seen' ? decided.how(stored) : stored,
    );
    decided.report(after);
    if (after.length > 0) changed();
  }

  /** The engine tests again whether anything can be stored. */
  async function orWaking<T>(work: () => T): Promise<T> {
    try {
      return work();
    } catch (error) {
      changed();
      throw error;
    }
  }

  return {
    watch: (request) => orWaking(() => watchNow(request)),
    unwatch: (request) => orWaking(() => unwatchNow(request)),
    list: async (of) => store.readNow(store.idsOf(of)).map(viewOf),
    ofCard: async (card) => {
      const id = store.newestIdOf(card);
      return id === undefined ? undefined : store.readNow([id]).map(viewOf)[0];
    },
    observed: (seen) => unlessLost(async () => observedNow(seen), seen, desk.log),
  };
}
