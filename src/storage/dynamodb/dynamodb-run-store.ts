import * as z from 'zod';
import { StoredWatch } from '../../domain/watch/outbox.ts';
import type { Log } from '../../operations/log.ts';
import {
  type RunStore,
  Superseded,
  type UnreadableRow,
  type WatchRun,
} from '../../operations/watching/watch-store.ts';
import { changeRowOf, type RowKind, readRow } from './change-row.ts';
import { type RowKey, rowKeyOfWatch, type WatchRow, type WatchRows } from './watch-table.ts';

/** A watch, the run that does its work, and until when other runs must wait. */
const StoredRun = z.object({
  stored: StoredWatch,
  /** The highest run that has started on the watch; 0: none has. */
  run: z.number(),
  held: z.object({ by: z.number(), until: z.number() }).exactOptional(),
});
export type StoredRun = z.infer<typeof StoredRun>;

const dayMs = 24 * 3_600_000;
const isLive = ({ stored }: StoredRun) => stored.watch.phase !== 'over';

const watchRow: RowKind<StoredRun> = {
  schema: StoredRun,
  /** Longer than any watch lives. A watch that is over is shown for another day. */
  keptMs: (run) => (isLive(run) ? 7 * dayMs : dayMs),
  isLive,
  isAnother: (run, next) => run.stored.watch.id !== next.stored.watch.id,
};

/** Changes the row of a watch as `changeRowOf` does. */
export async function changeRow(
  rows: WatchRows,
  key: RowKey,
  clock: () => number,
  how: (shared: StoredRun | undefined, version: number) => StoredRun | undefined,
  onUnreadable?: (error: UnreadableRow) => void,
): Promise<{ shared: StoredRun | undefined; version: number }> {
  const { value: shared, version } = await changeRowOf(
    { rows, clock, key, kind: watchRow, onUnreadable },
    how,
  );
  return { shared, version };
}

/** For callers that start over where a watch cannot be read. */
export function setAsideIn(log: Log) {
  return (error: UnreadableRow) =>
    log.error({ err: error }, 'stored watch is unreadable; set aside and started over');
}

/** The watches that can be read; one that cannot does not hide the others. */
export function readable(found: readonly WatchRow[], now: number, log: Log) {
  return found.flatMap((row) => {
    const { value: shared, unreadable } = readRow(row, watchRow, now);
    if (unreadable) log.error({ card: row.card, err: unreadable }, 'stored watch is unreadable; skipped');
    return shared ? [{ row, shared }] : [];
  });
}

/** Longer than a tick and its deliveries may take, and longer than the function may live. */
export const holdForMs = 150_000;

/** The row of a watch, as one run sees it. */
export function createDynamodbRunStore(
  { watch: id, run }: WatchRun,
  { rows, clock }: { rows: WatchRows; clock: () => number },
): RunStore {
  const key = rowKeyOfWatch(id);

  function mine(shared: StoredRun | undefined): StoredRun {
    if (shared?.stored.watch.id !== id || shared.run > run) throw new Superseded(id);
    return shared;
  }

  async function change(how: (stored: StoredWatch) => StoredWatch): Promise<StoredWatch[]> {
    const { shared } = await changeRow(rows, key, clock, (before) => {
      const current = mine(before);
      if (current.run !== run) throw new Superseded(id);
      const stored = how(current.stored);
      return stored === current.stored ? current : { ...current, stored };
    });
    return shared ? [shared.stored] : [];
  }

  return {
    async hold() {
      let hold: 'held' | 'busy' = 'held';
      await changeRow(rows, key, clock, (before) => {
        const current = mine(before);
        const { held } = current;
        hold = held && held.by !== run && held.until > clock() ? 'busy' : 'held';
        if (hold === 'busy') return current;
        return { ...current, run, held: { by: run, until: clock() + holdForMs } };
      });
      return hold;
    },
    async letGo() {
      await changeRow(rows, key, clock, (before) => {
        if (before?.held?.by !== run) return before;
        const { held: _, ...free } = before;
        return free;
      });
    },
    async successor() {
      // Each write has its own version, which no click can have used for another run.
      const { version } = await changeRow(rows, key, clock, (before) => ({ ...mine(before) }));
      return { watch: id, run: version };
    },
    async read() {
      const { shared } = await changeRow(rows, key, clock, (before) => mine(before));
      return shared ? [shared.stored] : [];
    },
    update: (_ids, how) => change(how),
  };
}
