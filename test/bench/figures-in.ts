/** A bench starts bots and servers, and other tests run beside it. */
export const patiently = { timeout: 60_000 };

/** How many figures there are; anything that is no number is passed over. */
export function figuresIn(found: unknown): number {
  if (typeof found === 'number') return Number.isFinite(found) ? 1 : 0;
  if (typeof found !== 'object' || found === null) return 0;
  return Object.values(found).reduce((count: number, one) => count + figuresIn(one), 0);
}
