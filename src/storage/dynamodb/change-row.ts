import type * as z from 'zod';
import { UnreadableRow } from '../../operations/watching/watch-store.ts';
import { rewritten } from '../rewritten.ts';
import { parseStored, storedText } from '../stored-names.ts';
import type { RowKey, WatchRow, WatchRows } from './watch-table.ts';

/** What a kind of row holds. */
export type RowKind<T> = {
  schema: z.ZodType<T>;
  /** How long it is kept after its last write. */
  keptMs: (value: T) => number;
  /** Absent: it is no one's watch. */
  isLive?: (value: T) => boolean;
  /** Whether `next` is something else than `value`; nothing of `value` is then carried over. */
  isAnother?: (value: T, next: T) => boolean;
};

/** Many people may click at once; each write that loses is retried from the newest state. */
const mostTries = 50;

type Changing<T> = { rows: WatchRows; clock: () => number; key: RowKey; kind: RowKind<T> } & {
  /** Given: a row that cannot be read is set aside and replaced. Absent: the change rejects with UnreadableRow. */
  onUnreadable?: ((error: UnreadableRow) => void) | undefined;
};

/**
 * Changes one row from its newest state, and resolves with what it became once that is durable. `how` may be called
 * several times; it answers what it was given, or undefined, to leave the row alone.
 */
export async function changeRowOf<T>(
  { rows, clock, key, kind, onUnreadable }: Changing<T>,
  how: (value: T | undefined, version: number) => T | undefined,
): Promise<{ value: T | undefined; version: number }> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const before = await rows.read(key);
    const { value, unreadable } = readRow(before, kind, clock());
    if (unreadable && !onUnreadable) throw unreadable;
    const version = (before?.version ?? 0) + 1;
    const next = how(value, version);
    if (next === undefined || next === value) return { value, version: version - 1 };
    if (before && unreadable) await putAside(before, rows);
    // What this version did not understand of the row stays in it.
    const later = value !== undefined && !kind.isAnother?.(value, next) ? before : undefined;
    const isWritten = await rows.write({
      ...{ ...key, version, isLive: kind.isLive?.(next) ?? false },
      state: storedText(later ? rewritten(parseStored(later.state), value, next) : next),
      expiresAt: Math.ceil((clock() + kind.keptMs(next)) / 1000),
      ...(later?.others && { others: later.others }),
    });
    if (!isWritten) continue;
    if (unreadable) onUnreadable?.(unreadable);
    return { value: next, version };
  }
  throw new Error(`Too many concurrent writes to row ${key.card} ${key.task}.`);
}

/** No value if it has expired: the table deletes such rows only after a while. */
export function readRow<T>(
  row: WatchRow | undefined,
  { schema }: RowKind<T>,
  now: number,
): { value?: T; unreadable?: UnreadableRow } {
  if (!row || row.expiresAt * 1000 <= now) return {};
  try {
    return { value: schema.parse(parseStored(row.state)) };
  } catch (cause) {
    return { unreadable: new UnreadableRow(`Row ${row.card} ${row.task} is unreadable.`, { cause }) };
  }
}

/** It stays in the table for a person to inspect until it expires. */
async function putAside(row: WatchRow, rows: WatchRows): Promise<void> {
  await rows.write({ ...row, task: `${row.task} unreadable ${row.version}`, version: 1, isLive: false });
}
