import { isFinished } from '../../domain/move-task-status.ts';
import { emptyOutbox, nextNotificationAt, nextPollOf, type StoredWatch } from '../../domain/watch/outbox.ts';
import type { Watch } from '../../domain/watch/watch.ts';
import type { Log } from '../../operations/log.ts';
import type { StartWatch } from '../../operations/watching/watch-store.ts';
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
import { changeRow, readable, type StoredRun, setAsideIn } from './dynamodb-run-store.ts';
import { cardKeyOf, type RowKey, rowKeyOf, type WatchRow, type WatchRows, watchIdOf } from './watch-table.ts';

export type DynamodbWatchesParts = { rows: WatchRows; start: StartWatch; clock: () => number; log: Log };

/**
 * What people ask for, where many processes answer. The row is written first, then a run is started for it; if that
 * fails, the run before it sees the change at its next poll.
 */
export function createDynamodbWatches(parts: DynamodbWatchesParts): Watches {
  const { rows, log } = parts;
  return {
    watch: (request) => watch(request, parts),
    unwatch: (request) => unwatch(request, parts),
    list: async (of) =>
      stored(await rows.live(), parts)
        .map(({ shared }) => shared.stored)
        .filter(({ watch }) => isListed(watch, of))
        .map(viewOf),
    observed: (seen) => unlessLost(() => observed(seen, parts), seen, log),
    ofCard: async (card) => {
      const newest = stored(await rows.ofCard(cardKeyOf(card)), parts).at(-1);
      return newest && viewOf(newest.shared.stored);
    },
  };
}

async function watch(request: WatchRequest, parts: DynamodbWatchesParts): Promise<WatchAnswer> {
  const { rows, clock, log } = parts;
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
  const { shared, version } = await changeRow(rows, key, clock, change, setAsideIn(log));
  if (!shared) throw new Error('A watch was not written.');
  if (kind === 'began') await startOrUndo(key, shared, version, parts);
  else if (kind !== 'already' || needsRun(shared, now)) await startSoon(shared, version, parts);
  return { kind, watch: viewOf(shared.stored) };
}

/** A run that is this late has died; the next click starts another. */
const lateMs = 15 * 60_000;

/** Its first run never started, or its last one is long overdue. */
function needsRun({ stored, run }: StoredRun, now: number): boolean {
  const dueAt = Math.min(nextPollOf(stored) ?? now, nextNotificationAt(stored.outbox) ?? now);
  return run === 0 || now - dueAt > lateMs;
}

/** Without a run, nothing would poll for the watch. */
async function startOrUndo(
  key: RowKey,
  { stored }: StoredRun,
  version: number,
  { rows, start, clock }: DynamodbWatchesParts,
): Promise<void> {
  const { id } = stored.watch;
  try {
    await start({ watch: id, run: version });
  } catch (error) {
    await changeRow(rows, key, clock, (now) =>
      now && now.stored.watch.id === id && now.run === 0
        ? { ...now, stored: { watch: { ...now.stored.watch, phase: 'over' }, outbox: emptyOutbox } }
        : now,
    );
    throw error;
  }
}

async function startSoon(
  { stored }: StoredRun,
  version: number,
  { start, log }: DynamodbWatchesParts,
): Promise<void> {
  const { id, queueArn } = stored.watch;
  await start({ watch: id, run: version }).catch((error: unknown) =>
    log.warn(
      { watch: id, queue: queueArn, err: error },
      'could not start a run for a changed watch; the change takes effect at its next poll',
    ),
  );
}

async function unwatch(request: UnwatchRequest, parts: DynamodbWatchesParts): Promise<WatchView[]> {
  const { rows, clock } = parts;
  const found = await ('card' in request ? rows.ofCard(cardKeyOf(request.card)) : rows.live());
  // Empty when the person has already left it in the meantime.
  const left = await changeAll(found, parts, (stored) =>
    isLeft(request, stored.watch) ? withoutWatcher(stored, request.user, clock()) : undefined,
  );
  return left.map(viewOf);
}

/** Only the end is worth a run of its own; the next poll sees the rest, too. */
async function observed({ card, poll }: PersonsPoll, parts: DynamodbWatchesParts): Promise<void> {
  if (!poll.found.ok) return;
  const ended = poll.found.tasks.filter(isFinished).map(({ startedAt }) => startedAt);
  await changeAll(await parts.rows.ofCard(cardKeyOf(card)), parts, (stored) =>
    hasEnded(stored.watch, ended) ? dueAt(stored, parts.clock()) : undefined,
  );
}

/** Changes those that `how` has a change for, from their newest state, and starts a run for each. */
async function changeAll(
  found: readonly WatchRow[],
  parts: DynamodbWatchesParts,
  how: (stored: StoredWatch) => StoredWatch | undefined,
): Promise<StoredWatch[]> {
  const { rows, clock } = parts;
  const meant = stored(found, parts).filter(({ shared }) => how(shared.stored) !== undefined);
  const changed = meant.map(async ({ row }) => {
    let next: StoredWatch | undefined;
    const { shared, version } = await changeRow(rows, row, clock, (now) => {
      next = now && how(now.stored);
      return now && next && { ...now, stored: next };
    });
    if (!shared || !next) return [];
    await startSoon(shared, version, parts);
    return [shared.stored];
  });
  return (await Promise.all(changed)).flat();
}

function hasEnded({ phase, startedAt }: Watch, ended: readonly (number | undefined)[]): boolean {
  return phase === 'running' && ended.includes(startedAt);
}

function dueAt(stored: StoredWatch, now: number): StoredWatch {
  return { ...stored, watch: { ...stored.watch, nextPollAt: now } };
}

/** Those that can be read, oldest first. */
function stored(found: readonly WatchRow[], { clock, log }: Pick<DynamodbWatchesParts, 'clock' | 'log'>) {
  return readable(found, clock(), log).sort(
    (one, other) => one.shared.stored.watch.createdAt - other.shared.stored.watch.createdAt,
  );
}

function isListed(watch: Watch, { user, channel, queueArn }: Parameters<Watches['list']>[0]): boolean {
  return (
    watch.phase !== 'over' &&
    (user === undefined || watch.watchers.includes(user)) &&
    (channel === undefined || watch.card.channel === channel) &&
    (queueArn === undefined || watch.queueArn === queueArn)
  );
}

function isLeft(request: UnwatchRequest, watch: Watch): boolean {
  return isListed(watch, 'card' in request ? { user: request.user } : request);
}
