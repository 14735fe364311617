import { randomInt } from 'node:crypto';

/** Reproducible randomness: set CHAOS_SEED to the seed that a failed test prints. */
export function chaosSeed(): number {
  return Number(process.env['CHAOS_SEED'] ?? randomInt(1, 1_000_000));
}

export type Random = {
  between: (low: number, high: number) => number;
  chance: (share: number) => boolean;
  pick: <T>(first: T, ...others: T[]) => T;
  shuffle: <T>(all: readonly T[]) => T[];
  /** A generator of its own for concurrent work: its values do not depend on the order of execution. */
  fork: () => Random;
};

/** Mulberry32. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  function fraction(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  const between = (low: number, high: number) => low + fraction() * (high - low);
  return {
    between,
    chance: (share: number) => fraction() < share,
    pick(first, ...others) {
      const all = [first, ...others];
      return all[Math.floor(fraction() * all.length)] ?? first;
    },
    shuffle: (all) =>
      all
        .map((one) => ({ one, place: fraction() }))
        .sort((a, b) => a.place - b.place)
        .map(({ one }) => one),
    fork: () => seededRandom(fraction() * 4_294_967_296),
  };
}
