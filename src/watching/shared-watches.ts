import { isFinished } from '../domain/move-task.ts';
import { type KeptWatch, nextLookOf, nextNoticeAt } from '../domain/watch/outbox.ts';
import type { Watch } from '../domain/watch/watch.ts';
import type { Log } from '../operations/log.ts';
import type { StartWatch } from '../operations/watching/start-watch.ts';
import type { RowKey, WatchRow, WatchRows } from '../operations/watching/watch-rows.ts';
import type {
  PersonsLook,
  UnwatchRequest,
  WatchAnswer,
  Watches,
  WatchRequest,
} from '../operations/watching/watches.ts';
import { unlessLost } from './persons-look.ts';
import { cardKeyOf, rowKeyOf, watchIdOf } from './row-key.ts';
import { changeRow, putAsideInto, readable } from './shared-rows.ts';
import { begun, viewOf, withoutWatcher, withWatcher } from './watch-changes.ts';
import type { Shared } from './watch-row.ts';

export type SharedWatchesParts = { rows: WatchRows; start: StartWatch; clock: () => number; log: Log };

/** A run that is this late has died; the next click starts another. */
const lateMs = 15 * 60_000;

/**
 * What people ask for, where many processes answer. The row comes first, then a run that takes it up at once; if that
 * cannot be started, the run before it sees the change at its next look.
 */
export function createSharedWatches({ rows, start, clock, log }: SharedWatchesParts): Watches {
  async function watch(request: WatchRequest): Promise<WatchAnswer> {
    const now = clock();
    const key = rowKeyOf({ ...request, queueArn: request.queue.arn });
    let kind: WatchAnswer['kind'] = 'began';
    const change = (before: Shared | undefined): Shared => {
      if (!before || before.kept.watch.phase === 'over') {
        kind = 'began';
        return { kept: begun(request, watchIdOf(key, now), now), run: 0 };
      }
      const next = withWatcher(before.kept, request.user, now);
      kind = next.kind;
      return next.kept === before.kept ? before : { ...before, kept: next.kept };
    };
    const { shared, version } = await changeRow(rows, key, clock, change, putAsideInto(log));
    if (!shared) throw new Error('A watch was not written.');
    if (kind === 'began') await startOrUndo(key, shared, version);
    else if (kind !== 'already' || needsRun(shared, now)) await startSoon(shared, version);
    return { kind, watch: viewOf(shared.kept) };
  }

  /** A watch that nobody runs would be a promise that nobody keeps. */
  async function startOrUndo(key: RowKey, { kept }: Shared, version: number): Promise<void> {
    const { id } = kept.watch;
    try {
      await start({ watch: id, run: version });
    } catch (error) {
      await changeRow(rows, key, clock, (now) =>
        now && now.kept.watch.id === id && now.run === 0
          ? { ...now, kept: { watch: { ...now.kept.watch, phase: 'over' }, outbox: { notices: [] } } }
          : now,
      );
      throw error;
    }
  }

  async function startSoon({ kept }: Shared, version: number): Promise<void> {
    const { id, queueArn } = kept.watch;
    await start({ watch: id, run: version }).catch((error: unknown) =>
      log.warn({ watch: id, queue: queueArn, err: error }, 'a change to a watch shows only at its next look'),
    );
  }

  async function unwatch(request: UnwatchRequest) {
    const { user } = request;
    const found = await ('card' in request ? rows.ofCard(cardKeyOf(request.card)) : rows.live());
    const theirs = kept(found).filter(({ shared: { kept } }) => isLeft(request, kept.watch));
    const left = await Promise.all(
      theirs.map(async ({ row }) => {
        let hasLeft = false;
        const after = await changeRow(rows, row, clock, (shared) => {
          hasLeft = shared !== undefined && isLeft(request, shared.kept.watch);
          return shared && hasLeft
            ? { ...shared, kept: withoutWatcher(shared.kept, user, clock()) }
            : undefined;
        });
        if (!hasLeft || !after.shared) return [];
        await startSoon(after.shared, after.version);
        return [viewOf(after.shared.kept)];
      }),
    );
    return left.flat();
  }

  /** The end alone is worth a run of its own; what else a person sees, the next look sees, too. */
  async function sighted({ card, look }: PersonsLook): Promise<void> {
    if (!look.found.ok) return;
    const ended = look.found.tasks.filter(isFinished).map(({ startedAt }) => startedAt);
    const here = kept(await rows.ofCard(cardKeyOf(card)));
    const over = here.filter(({ shared: { kept } }) => hasEnded(kept.watch, ended));
    for (const { row } of over) await lookNow(row, ended);
  }

  async function lookNow(key: RowKey, ended: readonly (number | undefined)[]): Promise<void> {
    let runs = false;
    const { shared, version } = await changeRow(rows, key, clock, (now) => {
      runs = now !== undefined && hasEnded(now.kept.watch, ended);
      return now && runs ? { ...now, kept: dueAt(now.kept, clock()) } : undefined;
    });
    if (shared && runs) await startSoon(shared, version);
  }

  function kept(found: readonly WatchRow[]) {
    const read = readable(found, clock(), (row, error) =>
      log.error({ card: row.card, err: error }, 'a stored watch cannot be read and is left out'),
    );
    return read.sort((one, other) => one.shared.kept.watch.createdAt - other.shared.kept.watch.createdAt);
  }

  return {
    watch,
    unwatch,
    list: async ({ user, channel, queueArn }) =>
      kept(await rows.live())
        .map(({ shared }) => shared.kept)
        .filter(
          ({ watch }) =>
            watch.phase !== 'over' &&
            (user === undefined || watch.watchers.includes(user)) &&
            (channel === undefined || watch.card.channel === channel) &&
            (queueArn === undefined || watch.queueArn === queueArn),
        )
        .map(viewOf),
    sighted: (seen) => unlessLost(() => sighted(seen), seen, log),
    ofCard: async (card) => {
      const newest = kept(await rows.ofCard(cardKeyOf(card))).at(-1);
      return newest && viewOf(newest.shared.kept);
    },
  };
}

/** Its first run was never seen, or its last one is long overdue. */
function needsRun({ kept, run }: Shared, now: number): boolean {
  const dueAt = Math.min(nextLookOf(kept) ?? now, nextNoticeAt(kept.outbox) ?? now);
  return run === 0 || now - dueAt > lateMs;
}

function hasEnded({ phase, startedAt }: Watch, ended: readonly (number | undefined)[]): boolean {
  return phase === 'running' && ended.includes(startedAt);
}

function dueAt(kept: KeptWatch, now: number): KeptWatch {
  return { ...kept, watch: { ...kept.watch, nextLookAt: now } };
}

function isLeft(request: UnwatchRequest, watch: Watch): boolean {
  if (watch.phase === 'over' || !watch.watchers.includes(request.user)) return false;
  if ('card' in request) return true;
  return (
    watch.queueArn === request.queueArn &&
    (request.channel === undefined || watch.card.channel === request.channel)
  );
}
