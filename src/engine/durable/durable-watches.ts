import { isFinished } from '../../domain/move-task.ts';
import { nextNotificationAt, nextPollOf, type StoredWatch } from '../../domain/watch/outbox.ts';
import type { Watch } from '../../domain/watch/watch.ts';
import type { Log } from '../../operations/log.ts';
import type { StartWatch } from '../../operations/watching/start-watch.ts';
import { begun, viewOf, withoutWatcher, withWatcher } from '../../operations/watching/watch-changes.ts';
import type {
  PersonsPoll,
  UnwatchRequest,
  WatchAnswer,
  Watches,
  WatchRequest,
} from '../../operations/watching/watches.ts';
import { changeRow, putAsideInto, readable } from '../../storage/dynamodb/change-row.ts';
import { cardKeyOf, rowKeyOf, watchIdOf } from '../../storage/dynamodb/row-key.ts';
import type { StoredRun } from '../../storage/dynamodb/watch-row.ts';
import type { RowKey, WatchRow, WatchRows } from '../../storage/dynamodb/watch-rows.ts';
import { unlessLost } from '../persons-poll.ts';

export type DurableWatchesParts = { rows: WatchRows; start: StartWatch; clock: () => number; log: Log };

/** A run that is this late has died; the next click starts another. */
const lateMs = 15 * 60_000;

/**
 * What people ask for, where many processes answer. The row comes first, then a run that takes it up at once; if that
 * cannot be started, the run before it sees the change at its next look.
 */
export function createDurableWatches({ rows, start, clock, log }: DurableWatchesParts): Watches {
  async function watch(request: WatchRequest): Promise<WatchAnswer> {
    const now = clock();
    const key = rowKeyOf({ ...request, queueArn: request.queue.arn });
    let kind: WatchAnswer['kind'] = 'began';
    const change = (before: StoredRun | undefined): StoredRun => {
      if (!before || before.stored.watch.phase === 'over') {
        kind = 'began';
        return { stored: begun(request, watchIdOf(key, now), now), run: 0 };
      }
      const next = withWatcher(before.stored, request.user, now);
      kind = next.kind;
      return next.stored === before.stored ? before : { ...before, stored: next.stored };
    };
    const { shared, version } = await changeRow(rows, key, clock, change, putAsideInto(log));
    if (!shared) throw new Error('A watch was not written.');
    if (kind === 'began') await startOrUndo(key, shared, version);
    else if (kind !== 'already' || needsRun(shared, now)) await startSoon(shared, version);
    return { kind, watch: viewOf(shared.stored) };
  }

  /** A watch that nobody runs would be a promise that nobody keeps. */
  async function startOrUndo(key: RowKey, { stored }: StoredRun, version: number): Promise<void> {
    const { id } = stored.watch;
    try {
      await start({ watch: id, run: version });
    } catch (error) {
      await changeRow(rows, key, clock, (now) =>
        now && now.stored.watch.id === id && now.run === 0
          ? {
              ...now,
              stored: { watch: { ...now.stored.watch, phase: 'over' }, outbox: { notifications: [] } },
            }
          : now,
      );
      throw error;
    }
  }

  async function startSoon({ stored }: StoredRun, version: number): Promise<void> {
    const { id, queueArn } = stored.watch;
    await start({ watch: id, run: version }).catch((error: unknown) =>
      log.warn({ watch: id, queue: queueArn, err: error }, 'a change to a watch shows only at its next look'),
    );
  }

  async function unwatch(request: UnwatchRequest) {
    const { user } = request;
    const found = await ('card' in request ? rows.ofCard(cardKeyOf(request.card)) : rows.live());
    const theirs = stored(found).filter(({ shared: { stored } }) => isLeft(request, stored.watch));
    const left = await Promise.all(
      theirs.map(async ({ row }) => {
        let hasLeft = false;
        const after = await changeRow(rows, row, clock, (shared) => {
          hasLeft = shared !== undefined && isLeft(request, shared.stored.watch);
          return shared && hasLeft
            ? { ...shared, stored: withoutWatcher(shared.stored, user, clock()) }
            : undefined;
        });
        if (!hasLeft || !after.shared) return [];
        await startSoon(after.shared, after.version);
        return [viewOf(after.shared.stored)];
      }),
    );
    return left.flat();
  }

  /** The end alone is worth a run of its own; what else a person sees, the next look sees, too. */
  async function observed({ card, poll }: PersonsPoll): Promise<void> {
    if (!poll.found.ok) return;
    const ended = poll.found.tasks.filter(isFinished).map(({ startedAt }) => startedAt);
    const here = stored(await rows.ofCard(cardKeyOf(card)));
    const over = here.filter(({ shared: { stored } }) => hasEnded(stored.watch, ended));
    for (const { row } of over) await pollNow(row, ended);
  }

  async function pollNow(key: RowKey, ended: readonly (number | undefined)[]): Promise<void> {
    let runs = false;
    const { shared, version } = await changeRow(rows, key, clock, (now) => {
      runs = now !== undefined && hasEnded(now.stored.watch, ended);
      return now && runs ? { ...now, stored: dueAt(now.stored, clock()) } : undefined;
    });
    if (shared && runs) await startSoon(shared, version);
  }

  function stored(found: readonly WatchRow[]) {
    const read = readable(found, clock(), (row, error) =>
      log.error({ card: row.card, err: error }, 'a stored watch cannot be read and is left out'),
    );
    return read.sort((one, other) => one.shared.stored.watch.createdAt - other.shared.stored.watch.createdAt);
  }

  return {
    watch,
    unwatch,
    list: async ({ user, channel, queueArn }) =>
      stored(await rows.live())
        .map(({ shared }) => shared.stored)
        .filter(
          ({ watch }) =>
            watch.phase !== 'over' &&
            (user === undefined || watch.watchers.includes(user)) &&
            (channel === undefined || watch.card.channel === channel) &&
            (queueArn === undefined || watch.queueArn === queueArn),
        )
        .map(viewOf),
    observed: (seen) => unlessLost(() => observed(seen), seen, log),
    ofCard: async (card) => {
      const newest = stored(await rows.ofCard(cardKeyOf(card))).at(-1);
      return newest && viewOf(newest.shared.stored);
    },
  };
}

/** Its first run was never seen, or its last one is long overdue. */
function needsRun({ stored, run }: StoredRun, now: number): boolean {
  const dueAt = Math.min(nextPollOf(stored) ?? now, nextNotificationAt(stored.outbox) ?? now);
  return run === 0 || now - dueAt > lateMs;
}

function hasEnded({ phase, startedAt }: Watch, ended: readonly (number | undefined)[]): boolean {
  return phase === 'running' && ended.includes(startedAt);
}

function dueAt(stored: StoredWatch, now: number): StoredWatch {
  return { ...stored, watch: { ...stored.watch, nextPollAt: now } };
}

function isLeft(request: UnwatchRequest, watch: Watch): boolean {
  if (watch.phase === 'over' || !watch.watchers.includes(request.user)) return false;
  if ('card' in request) return true;
  return (
    watch.queueArn === request.queueArn &&
    (request.channel === undefined || watch.card.channel === request.channel)
  );
}
