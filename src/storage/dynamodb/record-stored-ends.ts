import { type EndRecorder, recordEnd } from '../../operations/history/history.ts';
import type { Log } from '../../operations/log.ts';
import { readable } from './watch-row.ts';
import type { WatchRows } from './watch-rows.ts';

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
