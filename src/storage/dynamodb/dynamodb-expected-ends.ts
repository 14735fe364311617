import { Watch } from '../../domain/watch/watch.ts';
import type { Log } from '../../operations/log.ts';
import { type EndRecorder, recordEnd } from '../../operations/record-end.ts';
import type { ExpectedEnds } from '../../operations/watching/watch-store.ts';
import { changeRowOf, type RowKind, readRow } from './change-row.ts';
import { readable } from './dynamodb-run-store.ts';
import type { DynamodbWatchesParts } from './dynamodb-watches.ts';
import { queueKeyOf, type WatchRow, type WatchRows } from './watch-table.ts';

/** Longer than any redrive runs and is asked about. */
const endRow: RowKind<Watch> = { schema: Watch, keptMs: () => 7 * 24 * 3_600_000 };
const prefix = 'end ';

type Parts = Omit<DynamodbWatchesParts, 'start'>;

/** In the table of watches, as rows that are no one's watch. */
export function createDynamodbExpectedEnds({ rows, clock, log }: Parts): ExpectedEnds {
  function watchIn(row: WatchRow): Watch[] {
    const { value, unreadable } = readRow(row, endRow, clock());
    if (unreadable)
      log.error({ card: row.card, err: unreadable }, 'a redrive to record is unreadable; skipped');
    return value ? [value] : [];
  }

  return {
    all: async () =>
      (await rows.all())
        .filter(({ card, task }) => card.startsWith('queue:') && task.startsWith(prefix))
        .flatMap(watchIn)
        .filter(({ phase }) => phase !== 'over'),
    change: async ({ queueArn, startedAt }, how) => {
      const key = { card: queueKeyOf(queueArn), task: `${prefix}${startedAt}` };
      const onUnreadable = (error: unknown) =>
        log.error({ queue: queueArn, startedAt, err: error }, 'a redrive to record is unreadable; set aside');
      await changeRowOf({ rows, clock, key, kind: endRow, onUnreadable }, how);
    },
  };
}

/** The other rows of the table begin otherwise. */
const isOfWatch = /^[A-Z0-9]+:[\d.]+$/;

/**
 * Records all ends that the table of watches holds: of watches that were over before there was a history, and of runs
 * that began with an older version. A watch that is over is stored for a day.
 */
export async function recordStoredEnds(
  rows: Pick<WatchRows, 'all'>,
  { clock, log, ...recorder }: EndRecorder & { clock: () => number; log: Log },
): Promise<void> {
  try {
    const found = (await rows.all()).filter(({ card }) => isOfWatch.test(card));
    for (const { shared } of readable(found, clock(), log)) await recordEnd(shared.stored.watch, recorder);
  } catch (error) {
    log.error({ err: error }, 'could not record the redrives of stored watches; retrying in 5 minutes');
  }
}
