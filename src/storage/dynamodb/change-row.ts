import { UnreadableRow } from '../../operations/watching/watch-store.ts';
import { rewritten } from '../rewritten.ts';
import { parseStored, storedText } from '../stored-names.ts';
import type { RowKey, WatchRow, WatchRows } from './watch-rows.ts';

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
