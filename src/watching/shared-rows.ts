import type { RowKey, WatchRow, WatchRows } from '../operations/watching/watch-rows.ts';
import { rowOf, type Shared, sharedIn } from './watch-row.ts';

/** Many people may click at once, and each write that loses is tried again from the newest state. */
const mostTries = 50;

/** How what a row holds is read and written. */
export type RowForm<T> = {
  read: (row: WatchRow | undefined) => T | undefined;
  write: (value: T, version: number) => WatchRow;
};

/**
 * Changes one row from its newest state, and resolves with what it became once that is durable. `how` may be called
 * several times; it answers what it was given, or undefined, to leave the row alone.
 */
export async function changeRowOf<T>(
  rows: WatchRows,
  key: RowKey,
  form: RowForm<T>,
  how: (value: T | undefined, version: number) => T | undefined,
): Promise<{ value: T | undefined; version: number }> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const before = await rows.read(key);
    const value = form.read(before);
    const version = before?.version ?? 0;
    const next = how(value, version + 1);
    if (next === undefined || next === value) return { value, version };
    if (await rows.write(form.write(next, version + 1))) return { value: next, version: version + 1 };
  }
  throw new Error(`The row ${key.card} ${key.task} is changed by too many at once.`);
}

/** The same for the row of a watch. */
export async function changeRow(
  rows: WatchRows,
  key: RowKey,
  now: () => number,
  how: (shared: Shared | undefined, version: number) => Shared | undefined,
): Promise<{ shared: Shared | undefined; version: number }> {
  const form: RowForm<Shared> = {
    read: (row) => sharedIn(row, now()),
    write: (shared, version) => rowOf(key, shared, version, now()),
  };
  const { value: shared, version } = await changeRowOf(rows, key, form, how);
  return { shared, version };
}

/** The rows that can be read; one that cannot does not hide the others. */
export function readable(
  found: readonly WatchRow[],
  now: number,
  onFault: (row: WatchRow, error: unknown) => void,
) {
  return found.flatMap((row) => {
    try {
      const shared = sharedIn(row, now);
      return shared ? [{ row, shared }] : [];
    } catch (error) {
      onFault(row, error);
      return [];
    }
  });
}
