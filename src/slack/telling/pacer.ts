/**
 * Hands out turns no closer together than `everyMs`, in the order of asking. Whoever must wait keeps its place in the
 * line until a little after its turn, so that nobody who comes back in time is overtaken.
 */
export function createPacer({ everyMs, burst }: { everyMs: number; burst: number }) {
  const held = new Map<string, number>();
  let nextFreeAt = 0;
  const graceMs = 30_000;

  function forgetMissedTurns(now: number): void {
    for (const [key, turnAt] of held) if (turnAt + graceMs < now) held.delete(key);
  }

  return {
    /** 0: go now. Otherwise how long to wait, in milliseconds, before asking again with the same key. */
    waitFor(key: string, now: number): number {
      forgetMissedTurns(now);
      const earliest = now - (burst - 1) * everyMs;
      const mine = held.get(key);
      const turnAt = mine ?? Math.max(nextFreeAt, earliest);
      if (mine === undefined) nextFreeAt = turnAt + everyMs;
      if (turnAt <= now) {
        held.delete(key);
        return 0;
      }
      held.set(key, turnAt);
      return turnAt - now;
    },
    /** Slack asked for a rest: nobody's turn comes before `until`. */
    restUntil(until: number): void {
      nextFreeAt = Math.max(nextFreeAt, until);
      let turnAt = until;
      for (const key of held.keys()) {
        held.set(key, turnAt);
        turnAt += everyMs;
      }
      if (held.size > 0) nextFreeAt = Math.max(nextFreeAt, turnAt);
    },
    /** The turn will not be taken. */
    leave(key: string): void {
      held.delete(key);
    },
  };
}
