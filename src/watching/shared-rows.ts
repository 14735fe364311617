import type { RowKey, WatchRow, WatchRows } from '../operations/watching/watch-rows.ts';
import { rowOf, type Shared, sharedIn } from './watch-row.ts';

/** Many people may click at once, and each write that loses is tried again from the newest state. */
const mostTries = 50;

/**
 * Changes one row from its newest state, and resolves with what it became once that is durable. `how` may be called
 * several times; it answers what it was given, or undefined, to leave the row alone.
 */
export async function changeRow(
  rows: WatchRows,
  key: RowKey,
  now: () => number,
  how: (shared: Shared | undefined, version: number) => Shared | undefined,
): Promise<{ shared: Shared | undefined; version: number }> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const before = await rows.read(key);
    const shared = sharedIn(before, now());
    const version = before?.version ?? 0;
    const next = how(shared, version + 1);
    if (next === undefined || next === shared) return { shared, version };
    if (await rows.write(rowOf(key, next, version + 1, now()))) return { shared: next, version: version + 1 };
  }
  throw new Error(`The watch ${key.card} ${key.task} is changed by too many at once.`);
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
