import * as z from 'zod';
import { StoredWatch } from '../../domain/watch/outbox.ts';
import type { Log } from '../../operations/log.ts';
import { UnreadableRow } from '../../operations/watching/watch-store.ts';
import { rewritten } from '../rewritten.ts';
import { parseStored, storedText } from '../stored-names.ts';
import type { RowKey, WatchRow, WatchRows } from './watch-table.ts';

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

/** Many people may click at once; each write that loses is retried from the newest state. */
const mostTries = 50;

export type RowFormat<T> = {
  /** Throws UnreadableRow. */
  read: (row: WatchRow | undefined) => T | undefined;
  write: (value: T, version: number) => WatchRow;
  /** Whether `next` is a later state of the same thing; then what this version did not understand is preserved. */
  isSame: (value: T, next: T) => boolean;
  /** Given: a row that cannot be read is set aside and replaced. Absent: the change rejects with UnreadableRow. */
  onUnreadable?: ((error: UnreadableRow) => void) | undefined;
};

/**
 * Changes one row from its newest state, and resolves with what it became once that is durable. `how` may be called
 * several times; it answers what it was given, or undefined, to leave the row alone.
 */
export async function changeRowOf<T>(
  rows: WatchRows,
  key: RowKey,
  format: RowFormat<T>,
  how: (value: T | undefined, version: number) => T | undefined,
): Promise<{ value: T | undefined; version: number }> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const before = await rows.read(key);
    const { value, unreadable } = readIn(before, format);
    const version = before?.version ?? 0;
    const next = how(value, version + 1);
    if (next === undefined || next === value) return { value, version };
    if (before && unreadable) await putAside(before, rows);
    const row = format.write(next, version + 1);
    const stored = before && value && format.isSame(value, next) ? notUnderstood(before, value, next) : {};
    if (!(await rows.write({ ...row, ...stored }))) continue;
    if (unreadable) format.onUnreadable?.(unreadable);
    return { value: next, version: version + 1 };
  }
  throw new Error(`Too many concurrent writes to row ${key.card} ${key.task}.`);
}

function readIn<T>(
  row: WatchRow | undefined,
  format: RowFormat<T>,
): { value?: T; unreadable?: UnreadableRow } {
  try {
    const value = format.read(row);
    return value === undefined ? {} : { value };
  } catch (error) {
    if (format.onUnreadable && error instanceof UnreadableRow) return { unreadable: error };
    throw error;
  }
}

/** It stays in the table for a person to inspect until it expires. */
async function putAside(row: WatchRow, rows: WatchRows): Promise<void> {
  await rows.write({ ...row, task: `${row.task} unreadable ${row.version}`, version: 1, isLive: false });
}

/** What this version did not understand of the row stays in it. */
function notUnderstood<T>(
  { state, others }: WatchRow,
  before: T,
  next: T,
): Pick<WatchRow, 'state' | 'others'> {
  return { state: storedText(rewritten(parseStored(state), before, next)), ...(others && { others }) };
}
