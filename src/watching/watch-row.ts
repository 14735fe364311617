import * as z from 'zod';
import { KeptWatch } from '../domain/watch/outbox.ts';
import type { RowKey, WatchRow } from '../operations/watching/watch-rows.ts';

/** Which run does this watch's work, and until when it must not be disturbed. */
const Shared = z.object({
  kept: KeptWatch,
  /** The highest run that has taken the watch up; 0: none has. */
  run: z.number(),
  held: z.object({ by: z.number(), until: z.number() }).exactOptional(),
});
export type Shared = z.infer<typeof Shared>;

const dayMs = 24 * 3_600_000;
/** Longer than any watch lives. A watch that is over is shown for a day more. */
const liveIsKeptMs = 7 * dayMs;
const overIsKeptMs = dayMs;

/** A row of which this version cannot make anything. */
export class UnreadableRow extends Error {
  override name = 'UnreadableRow';
}

/** Absent when it has expired: the table deletes such rows only after a while. Throws UnreadableRow. */
export function sharedIn(row: WatchRow | undefined, now: number): Shared | undefined {
  return valueIn(row, Shared, now);
}

export function valueIn<S extends z.ZodType>(
  row: WatchRow | undefined,
  schema: S,
  now: number,
): z.infer<S> | undefined {
  if (!row || row.expiresAt * 1000 <= now) return undefined;
  try {
    return schema.parse(JSON.parse(row.state));
  } catch (error) {
    throw new UnreadableRow(`The row ${row.card} ${row.task} cannot be read.`, { cause: error });
  }
}

export function rowOf(key: RowKey, shared: Shared, version: number, now: number): WatchRow {
  const isLive = shared.kept.watch.phase !== 'over';
  return {
    ...key,
    version,
    isLive,
    state: JSON.stringify(shared),
    expiresAt: Math.ceil((now + (isLive ? liveIsKeptMs : overIsKeptMs)) / 1000),
  };
}
