import { Watch } from '../../domain/watch/watch.ts';
import type { ExpectedEnds } from '../../operations/history/expected-ends.ts';
import type { Log } from '../../operations/log.ts';
import { storedText } from '../stored-names.ts';
import { changeRowOf, type RowFormat } from './change-row.ts';
import { valueIn } from './watch-row.ts';
import { queueKeyOf, type RowKey, type WatchRow, type WatchRows } from './watch-rows.ts';

/** Longer than any redrive runs and is asked about. */
const isKeptMs = 7 * 24 * 3_600_000;
const prefix = 'end ';

type Parts = { rows: WatchRows; clock: () => number; log: Log };

/** In the table of watches, as rows that are no one's watch. */
export function createDynamodbExpectedEnds({ rows, clock, log }: Parts): ExpectedEnds {
  const read = (row: WatchRow | undefined) => valueIn(row, Watch, clock());

  function formatOf(key: RowKey): RowFormat<Watch> {
    return {
      read,
      write: (watch, version) => ({
        ...key,
        version,
        isLive: false,
        state: storedText(watch),
        expiresAt: Math.ceil((clock() + isKeptMs) / 1000),
      }),
      isSame: () => true,
      onUnreadable: (error) => log.error({ err: error }, 'a redrive to record is unreadable; set aside'),
    };
  }

  function watchIn(row: WatchRow): Watch[] {
    try {
      return [read(row) ?? []].flat();
    } catch (error) {
      log.error({ err: error }, 'a redrive to record is unreadable; skipped');
      return [];
    }
  }

  return {
    all: async () =>
      (await rows.all())
        .filter(({ card, task }) => card.startsWith('queue:') && task.startsWith(prefix))
        .flatMap(watchIn)
        .filter(({ phase }) => phase !== 'over'),
    change: async ({ queueArn, startedAt }, how) => {
      const key = { card: queueKeyOf(queueArn), task: `${prefix}${startedAt}` };
      await changeRowOf(rows, key, formatOf(key), how);
    },
  };
}
