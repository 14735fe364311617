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

/** Absent when it has expired: the table deletes such rows only after a while. Throws when it cannot be read. */
export function sharedIn(row: WatchRow | undefined, now: number): Shared | undefined {
  return row && row.expiresAt * 1000 > now ? Shared.parse(JSON.parse(row.state)) : undefined;
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
