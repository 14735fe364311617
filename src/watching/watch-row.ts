import type { KeptWatch } from '../domain/watch/outbox.ts';
import type { RowKey, WatchRow } from '../operations/watching/watch-rows.ts';

/** Which run does this watch's work, and until when it must not be disturbed. */
export type Shared = {
  kept: KeptWatch;
  /** The highest run that has taken the watch up; 0: none has. */
  run: number;
  held?: { by: number; until: number };
};

const dayMs = 24 * 3_600_000;
/** Longer than any watch lives. A watch that is over is shown for a day more. */
const liveIsKeptMs = 7 * dayMs;
const overIsKeptMs = dayMs;

/** Absent when it has expired: the table deletes such rows only after a while. Throws when it cannot be read. */
export async function sharedIn(row: WatchRow | undefined, now: number): Promise<Shared | undefined> {
  if (!row || row.expiresAt * 1000 <= now) return undefined;
  // Only now: to make the schema costs a function that starts as much as a request.
  const { parseState } = await import('./watch-state.ts');
  return parseState(row.state);
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
