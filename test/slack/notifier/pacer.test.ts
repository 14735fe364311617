import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPacer } from '../../../src/slack/notifier/pacer.ts';

describe('the rate limiter', () => {
  test('lets a burst through, then one at a time', () => {
    const pacer = createPacer({ everyMs: 1_000, burst: 2 });
    expect(['a', 'b', 'c', 'd'].map((key) => pacer.waitFor(key, 10_000))).toEqual([0, 0, 1_000, 2_000]);
  });

  test('keeps the place of whoever waits', () => {
    const pacer = createPacer({ everyMs: 1_000, burst: 1 });
    const waits = [
      pacer.waitFor('a', 10_000),
      pacer.waitFor('b', 10_000),
      pacer.waitFor('late', 10_900),
      pacer.waitFor('b', 11_000),
      pacer.waitFor('late', 11_000),
    ];
    expect(waits).toEqual([0, 1_000, 1_100, 0, 1_000]);
  });

  test('pauses when Slack says so, and keeps the order', () => {
    const pacer = createPacer({ everyMs: 1_000, burst: 5 });
    pacer.waitFor('a', 10_000);
    pacer.restUntil(40_000);
    expect([
      pacer.waitFor('b', 10_001),
      pacer.waitFor('c', 10_002),
      pacer.waitFor('b', 40_000),
      pacer.waitFor('c', 41_000),
    ]).toEqual([29_999, 30_998, 0, 0]);
  });

  test('puts an end before progress', () => {
    const pacer = createPacer({ everyMs: 1_000, burst: 1 });
    const waits = [
      pacer.waitFor('now', 10_000),
      pacer.waitFor('progress', 10_000),
      pacer.waitFor('more progress', 10_000),
      pacer.waitFor('end', 10_000, true),
      pacer.waitFor('another end', 10_000, true),
      pacer.waitFor('progress', 11_000),
      pacer.waitFor('end', 11_000, true),
      pacer.waitFor('another end', 12_000, true),
      pacer.waitFor('progress', 13_000),
      pacer.waitFor('more progress', 14_000),
    ];
    expect(waits).toEqual([0, 1_000, 2_000, 1_000, 2_000, 2_000, 0, 0, 0, 0]);
  });

  test('lets progress that becomes an end go first, and gives its place to those it overtakes', () => {
    const pacer = createPacer({ everyMs: 1_000, burst: 1 });
    for (const key of ['now', 'a', 'b', 'c', 'd']) pacer.waitFor(key, 10_000);
    expect(pacer.waitFor('c', 10_000, true)).toBe(1_000);
    expect(['a', 'b', 'd', 'new'].map((key) => pacer.waitFor(key, 10_000))).toEqual([
      2_000, 3_000, 4_000, 5_000,
    ]);
  });

  test('never lets more through than Slack allows, whoever asks and whenever', () => {
    const ask = fc.record({ key: fc.nat(5).map(String), gap: fc.nat(700), first: fc.boolean() });
    const asks = fc.array(ask, { maxLength: 200 });
    fc.assert(
      fc.property(asks, (given) => {
        const pacer = createPacer({ everyMs: 1_000, burst: 3 });
        let now = 1_000_000;
        const passed: number[] = [];
        for (const { key, gap, first } of given) {
          now += gap;
          if (pacer.waitFor(key, now, first) === 0) passed.push(now);
        }
        passed.forEach((at, i) => {
          const within = passed.slice(i).filter((other) => other < at + 10_000);
          expect(within.length).toBeLessThanOrEqual(10 + 3);
        });
      }),
    );
  });

  test('starves no one: callers who return on time get their turn', () => {
    const pacer = createPacer({ everyMs: 1_333, burst: 10 });
    const start = 5_000_000;
    const waits = Array.from({ length: 200 }, (_, i) => ({
      key: String(i),
      wait: pacer.waitFor(String(i), start),
    }));
    for (const { key, wait } of waits.filter((one) => one.wait > 0))
      expect(pacer.waitFor(key, start + wait)).toBe(0);
  });
});
