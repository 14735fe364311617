import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Delivery,
  type Failure,
  type NotTaken,
  nextTry,
  retriedForMs,
} from '../../src/domain/delivery.ts';
import { noon } from './watch/a-watch.ts';

const second = 1_000;
const minute = 60 * second;
const reasons: NotTaken[] = ['trouble', 'rate-limited', 'refused', 'channel-closed'];

type Try = { at: number; next?: number };

/** All attempts at a delivery that was decided at noon and never succeeds; each takes a moment to fail. */
function tries(failureOf: (count: number, at: number) => Failure, { random = 1, takesMs = 0 } = {}): Try[] {
  const done: Try[] = [];
  let delivery: Delivery = { since: noon, notBefore: noon, failures: 0 };
  for (let at = noon; done.length < 10_000; at = delivery.notBefore) {
    const next = nextTry(delivery, failureOf(done.length, at), { now: at + takesMs, begunAt: at, random });
    done.push({ at, ...(next && { next: next.notBefore }) });
    if (!next) return done;
    delivery = { ...delivery, ...next };
  }
  throw new Error('it is never given up');
}

const gaps = (made: readonly Try[]) =>
  made.flatMap(({ at, next }) => (next === undefined ? [] : [next - at]));

describe("a message that Slack doesn't accept", () => {
  test('during an outage is retried at most 15 seconds apart for ten minutes, then every minute', () => {
    for (const random of [0, 0.5, 1])
      for (const takesMs of [0, 10 * second]) {
        const made = tries(() => ({ because: 'trouble' }), { random, takesMs });
        const early = gaps(made.filter(({ at }) => at < noon + 10 * minute));
        const late = gaps(made.filter(({ at }) => at >= noon + 10 * minute));
        expect(Math.max(...early)).toBeLessThanOrEqual(15 * second);
        expect(Math.max(...late)).toBeLessThanOrEqual(minute);
        expect(Math.min(...late)).toBeGreaterThan(40 * second);
      }
  });

  test('is retried 5 seconds after a refusal, doubling up to 5 minutes', () => {
    const seconds = gaps(tries(() => ({ because: 'refused' }))).map((ms) => ms / second);
    expect(seconds.slice(0, 8)).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
  });

  test('is retried soon when a refusal follows a long outage, or an outage a long refusal', () => {
    const mixed = gaps(
      tries((count) => ({ because: count < 20 ? 'refused' : count < 23 ? 'trouble' : 'refused' })),
    );
    expect(mixed.slice(19, 25).map((ms) => ms / second)).toEqual([300, 1, 2, 4, 5, 10]);
  });

  test('waits as long as Slack asks, up to an hour', () => {
    const fresh = { since: noon, notBefore: noon, failures: 0 };
    const moment = { now: noon, begunAt: noon, random: 1 };
    const afterMs = (ms: number) =>
      nextTry(fresh, { because: 'rate-limited', afterMs: ms }, moment)?.notBefore;
    expect([afterMs(30 * second), afterMs(0), afterMs(1e12)]).toEqual([
      noon + 30 * second,
      noon + second,
      noon + 60 * minute,
    ]);
  });

  test('is given up after a day and never before, and never retried in a hot loop', () => {
    const failure = fc.record(
      { because: fc.constantFrom(...reasons), afterMs: fc.integer({ min: 20 * second, max: 10 * minute }) },
      { requiredKeys: ['because'] },
    );
    fc.assert(
      fc.property(
        fc.array(failure, { minLength: 1, maxLength: 9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (some, random) => {
          const made = tries((count) => some[count % some.length] ?? { because: 'trouble' }, { random });
          expect(made.at(-1)?.at).toBeGreaterThanOrEqual(noon + retriedForMs);
          expect(made.at(-2)?.at).toBeLessThan(noon + retriedForMs);
          expect(Math.min(...gaps(made))).toBeGreaterThanOrEqual(second);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('is retried at least 15 seconds apart when outages and refusals alternate for hours', () => {
    const seconds = gaps(tries((count) => ({ because: count % 2 ? 'refused' : 'trouble' }))).map(
      (ms) => ms / second,
    );
    expect([seconds[49], seconds[50], Math.min(...seconds.slice(50))]).toEqual([5, 15, 15]);
  });

  test('does not count a rate limit without a wait time as a refusal', () => {
    const seconds = gaps(tries(() => ({ because: 'rate-limited' }))).map((ms) => ms / second);
    expect(seconds.slice(0, 5)).toEqual([1, 2, 4, 8, 15]);
  });

  test('is not given up at its first refusal, however late that comes', () => {
    const delivery = { since: noon, notBefore: noon, failures: 0 };
    const now = noon + 3 * retriedForMs;
    expect(nextTry(delivery, { because: 'refused' }, { now, begunAt: now, random: 1 })?.notBefore).toBe(
      now + 5_000,
    );
  });
});
