import * as z from 'zod';
import { StoredWatch } from '../../domain/watch/outbox.ts';
import { UnreadableRow } from '../../operations/watching/run-store.ts';
import { parseStored, storedText } from '../stored-names.ts';
import type { RowKey, WatchRow } from './watch-rows.ts';

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
export function sharedIn(row: WatchRow | undefined, now: number): StoredRun | undefined {
  return valueIn(row, StoredRun, now);
}

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

export function rowOf(key: RowKey, shared: StoredRun, version: number, now: number): WatchRow {
  const isLive = shared.stored.watch.phase !== 'over';
  return {
    ...key,
    version,
    isLive,
    state: storedText(shared),
    expiresAt: Math.ceil((now + (isLive ? liveIsKeptMs : overIsKeptMs)) / 1000),
  };
}
