import type { PastRedrive } from '../../domain/history.ts';
import { Watch } from '../../domain/watch/watch.ts';
import { type EndRecorder, type HistoryStore, recordEnd } from '../../operations/history.ts';
import type { Log } from '../../operations/log.ts';
import type { ExpectedEnds } from '../../operations/watching/watch-store.ts';
import { changedRedrive, redriveIn } from '../stored-redrive.ts';
import { openTable, type TableParts } from './open-table.ts';
import { changeRowOf, type RowKind, readable, readRow } from './watch-row.ts';
import { queueKeyOf, type WatchRow, type WatchRows } from './watch-table.ts';

/** Each write that loses to another one is tried again from the newest state. */
const mostTries = 10;

/** The history in a DynamoDB table of its own with the key `queue`, `startedAt`, so that nothing else reads its rows. */
export function createHistoryTable({ log, ...parts }: TableParts & { log?: Log }): HistoryStore {
  const table = openTable(parts);

  /** False: another writer came first. */
  async function recorded(redrive: PastRedrive): Promise<boolean> {
    const key = { queue: redrive.queueArn, startedAt: redrive.startedAt };
    const found = await table.get(key);
    const before = found?.['state'];
    const state = changedRedrive(before, redrive);
    if (state === undefined) return true;
    const condition =
      before === undefined
        ? { ConditionExpression: 'attribute_not_exists(queue)' }
        : {
            ConditionExpression: '#state = :before',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: { ':before': before },
          };
    const there = await table.put({ Item: { ...found, ...key, state }, ...condition });
    return there === undefined;
  }

  return {
    async record(redrive) {
      for (let tries = 0; tries < mostTries; tries += 1) if (await recorded(redrive)) return;
      throw new Error(`Too many concurrent writes to the history of ${redrive.queueArn}.`);
    },
    async list({ queueArn, atMost }) {
      const newestFirst = {
        KeyConditionExpression: 'queue = :queue',
        ExpressionAttributeValues: { ':queue': queueArn },
        ScanIndexForward: false,
      };
      const found: PastRedrive[] = [];
      for await (const { state } of table.query(newestFirst, Math.min(atMost, 1_000))) {
        found.push(...redriveIn(state, queueArn, log));
        if (found.length >= atMost) break;
      }
      return found;
    },
  };
}

/** Longer than any redrive runs and is asked about. */
const endRow: RowKind<Watch> = { schema: Watch, keptMs: () => 7 * 24 * 3_600_000 };
const prefix = 'end ';

type Parts = { rows: WatchRows; clock: () => number; log: Log };

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
