type Turn = { at: number; goesFirst: boolean };

const graceMs = 30_000;
const sweepEveryMs = 1_000;

/**
 * Hands out turns no closer together than `everyMs`, in the order of asking, save that whoever goes first is put before
 * all who do not. Whoever must wait keeps its place in the line until a little after its turn, so that nobody who comes
 * back in time is overtaken.
 */
export function createPacer({ everyMs, burst }: { everyMs: number; burst: number }) {
  const held = new Map<string, Turn>();
  let nextFreeAt = 0;
  let sweptAt = 0;

  /** Not at each call: thousands may wait. */
  function forgetMissedTurns(now: number): void {
    if (now - sweptAt < sweepEveryMs) return;
    sweptAt = now;
    for (const [key, input] of held) if (input.at + graceMs < now) held.delete(key);
  }

  function lastPlace(now: number): number {
    const at = Math.max(nextFreeAt, now - (burst - 1) * everyMs);
    nextFreeAt = at + everyMs;
    return at;
  }

  /** The place of the first one in line who can wait; each of them steps back, the last one into `freed`. */
  function firstPlace(freed: number): number {
    const stepBack = inLine().filter((input) => !input.goesFirst && input.at < freed);
    let free = freed;
    for (const input of stepBack.reverse()) [input.at, free] = [free, input.at];
    return free;
  }

  const inLine = () => [...held.values()].sort((one, other) => one.at - other.at);

  function turnFor(key: string, now: number, goesFirst: boolean): Turn {
    const mine = held.get(key);
    if (mine && (mine.goesFirst || !goesFirst)) return mine;
    held.delete(key);
    const place = mine?.at ?? lastPlace(now);
    return { at: goesFirst ? firstPlace(place) : place, goesFirst };
  }

  return {
    /** 0: go now. Otherwise how long to wait, in milliseconds, before asking again with the same key. */
    waitFor(key: string, now: number, goesFirst = false): number {
      forgetMissedTurns(now);
      const input = turnFor(key, now, goesFirst);
      if (input.at <= now) {
        held.delete(key);
        return 0;
      }
      held.set(key, input);
      return input.at - now;
    },
    /** Slack asked for a rest: nobody's turn comes before `until`. */
    restUntil(until: number): void {
      let at = until;
      for (const input of inLine()) {
        input.at = Math.max(input.at, at);
        at = input.at + everyMs;
      }
      nextFreeAt = Math.max(nextFreeAt, at);
    },
  };
}
export type Pacer = ReturnType<typeof createPacer>;
