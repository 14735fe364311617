import * as z from 'zod';
import { StoredWatch } from '../../domain/watch/outbox.ts';
import type { Log } from '../../operations/log.ts';
import { UnreadableRow } from '../../operations/watching/watch-store.ts';
import { parseStored, storedText } from '../stored-names.ts';
import { changeRowOf, type RowFormat } from './change-row.ts';
import type { RowKey, WatchRow, WatchRows } from './watch-rows.ts';

/** A watch, the run that does its work, and until when other runs must wait. */
const StoredRun = z.object({
  stored: StoredWatch,
  /** The highest run that has started on the watch; 0: none has. */
  run: z.number(),
  held: z.object({ by: z.number(), until: z.number() }).exactOptional(),
});
export type StoredRun = z.infer<typeof StoredRun>;

const dayMs = 24 * 3_600_000;
/** Longer than any watch lives. A watch that is over is shown for another day. */
const liveIsKeptMs = 7 * dayMs;
const overIsKeptMs = dayMs;

/** Absent when it has expired: the table deletes such rows only after a while. Throws UnreadableRow. */
export function valueIn<S extends z.ZodType>(
  row: WatchRow | undefined,
  schema: S,
  now: number,
): z.infer<S> | undefined {
  if (!row || row.expiresAt * 1000 <= now) return undefined;
  try {
    return schema.parse(parseStored(row.state));
  } catch (error) {
    throw new UnreadableRow(`Row ${row.card} ${row.task} is unreadable.`, { cause: error });
  }
}

function rowOf(key: RowKey, shared: StoredRun, version: number, now: number): WatchRow {
  const isLive = shared.stored.watch.phase !== 'over';
  return {
    ...key,
    version,
    isLive,
    state: storedText(shared),
    expiresAt: Math.ceil((now + (isLive ? liveIsKeptMs : overIsKeptMs)) / 1000),
  };
}

type QueueRow<S extends z.ZodType> = {
  schema: S;
  isKeptMs: number;
  clock: () => number;
  onUnreadable: (error: UnreadableRow) => void;
};

/** A row about a queue, which is no watch: one that has expired or cannot be read starts over. */
export function queueRowFormat<S extends z.ZodType>(
  key: RowKey,
  { schema, isKeptMs, clock, onUnreadable }: QueueRow<S>,
): RowFormat<z.infer<S>> {
  return {
    read: (row) => valueIn(row, schema, clock()),
    write: (value, version) => ({
      ...{ ...key, version, isLive: false, state: storedText(value) },
      expiresAt: Math.ceil((clock() + isKeptMs) / 1000),
    }),
    isSame: () => true,
    onUnreadable,
  };
}

/** Changes the row of a watch as `changeRowOf` does. */
export async function changeRow(
  rows: WatchRows,
  key: RowKey,
  now: () => number,
  how: (shared: StoredRun | undefined, version: number) => StoredRun | undefined,
  onUnreadable?: (error: UnreadableRow) => void,
): Promise<{ shared: StoredRun | undefined; version: number }> {
  const format: RowFormat<StoredRun> = {
    read: (row) => valueIn(row, StoredRun, now()),
    write: (shared, version) => rowOf(key, shared, version, now()),
    isSame: (shared, next) => shared.stored.watch.id === next.stored.watch.id,
    onUnreadable,
  };
  const { value: shared, version } = await changeRowOf(rows, key, format, how);
  return { shared, version };
}

/** For callers that start over where a watch cannot be read. */
export function setAsideIn(log: Log) {
  return (error: UnreadableRow) =>
    log.error({ err: error }, 'stored watch is unreadable; set aside and started over');
}

/** The rows that can be read; one that cannot does not hide the others. */
export function readable(found: readonly WatchRow[], now: number, log: Log) {
  return found.flatMap((row) => {
    try {
      const shared = valueIn(row, StoredRun, now);
      return shared ? [{ row, shared }] : [];
    } catch (error) {
      log.error({ card: row.card, err: error }, 'stored watch is unreadable; skipped');
      return [];
    }
  });
}
