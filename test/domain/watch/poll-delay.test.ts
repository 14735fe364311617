import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultWatchSettings } from '../../../src/domain/settings.ts';
import { delayWhileRunning } from '../../../src/domain/watch/poll-delay.ts';
import { aTask, aWatch, noon } from './a-watch.ts';
import { type Shape, shapes, simulate } from './simulated-redrive.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

const anyLength = (from: number, to: number) => fc.integer({ min: from, max: to });
const anyOffset = fc.integer({ min: 0, max: 5 * second });

describe('the polling rate', () => {
  test('sees the end of a steady task within 10 s or 1% of its length', () => {
    fc.assert(
      fc.property(anyLength(5 * second, 36 * hour), anyOffset, (length, offsetMs) => {
        const { seenLateMs } = simulate('linear', length, { offsetMs });
        expect(seenLateMs).toBeLessThanOrEqual(Math.max(10 * second, length / 100));
      }),
    );
  });

  test('takes at most a twentieth of polling every 5 s for a steady task of an hour or more', () => {
    fc.assert(
      fc.property(anyLength(hour, 36 * hour), anyOffset, (length, offsetMs) => {
        const { pollsUntilEnd } = simulate('linear', length, { offsetMs });
        expect(pollsUntilEnd).toBeLessThanOrEqual(length / (5 * second) / 20);
      }),
    );
  });

  test('keeps both promises for a person who joins midway', () => {
    fc.assert(
      fc.property(
        anyLength(hour, 36 * hour),
        fc.double({ min: 0, max: 0.8, noNaN: true }),
        (length, joinedAt) => {
          const { seenLateMs, pollsInAll } = simulate('linear', length, { joinedAt });
          expect(seenLateMs).toBeLessThanOrEqual(length / 100);
          expect(pollsInAll).toBeLessThanOrEqual(500);
        },
      ),
    );
  });

  test.each(Object.keys(shapes) as Shape[])('is never under 5 s or over 300 s for a %s task', (shape) => {
    fc.assert(
      fc.property(anyLength(5 * second, 36 * hour), (length) => {
        const { pollsUntilEnd, seenLateMs } = simulate(shape, length);
        expect(pollsUntilEnd).toBeLessThanOrEqual(length / (5 * second) + 2);
        expect(seenLateMs).toBeLessThanOrEqual(300 * second);
      }),
      { numRuns: 40 },
    );
  });

  // Up to half a minute later in odd steps, so that no length matches the clock by chance.
  const joined = Array.from({ length: 25 }, (_, index) => index * 1_193);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  test.each<[Shape, string, number, { polls: number; seenLate: number }]>([
    ['linear', '1 min', minute, { polls: 8, seenLate: 5 }],
    ['linear', '10 min', 10 * minute, { polls: 21, seenLate: 5 }],
    ['linear', '1 h', hour, { polls: 30, seenLate: 14 }],
    ['linear', '6 h', 6 * hour, { polls: 88, seenLate: 16 }],
    ['linear', '36 h', 36 * hour, { polls: 448, seenLate: 16 }],
    ['bursty', '36 h', 36 * hour, { polls: 459, seenLate: 267 }],
    ['slowing', '36 h', 36 * hour, { polls: 929, seenLate: 154 }],
    ['stalled', '1 h', hour, { polls: 23, seenLate: 115 }],
    ['stalled', '36 h', 36 * hour, { polls: 448, seenLate: 16 }],
  ])('matches docs/performance.md for a %s redrive of %s', (shape, _, length, figures) => {
    const runs = joined.map((offsetMs) => simulate(shape, length, { offsetMs }));
    expect({
      polls: Math.round(mean(runs.map(({ pollsUntilEnd }) => pollsUntilEnd))),
      seenLate: Math.ceil(Math.max(...runs.map(({ seenLateMs }) => seenLateMs)) / second),
    }).toEqual(figures);
  });

  test('takes at most 2,900 polls and sees the end within 300 s, whatever the redrive and the settings', () => {
    const aShape = fc.constantFrom(...(Object.keys(shapes) as Shape[]));
    const somePace = fc.record({
      minPollSeconds: fc.integer({ min: 1, max: 60 }),
      maxPollSeconds: fc.integer({ min: 1, max: 60 }),
      stalledAfterMinutes: fc.integer({ min: 1, max: 1440 }),
    });
    fc.assert(
      fc.property(aShape, anyLength(hour, 47 * hour), somePace, (shape, length, pace) => {
        const settings = { ...defaultWatchSettings, ...pace };
        const { pollsInAll, seenLateMs } = simulate(shape, length, { settings });
        expect(pollsInAll).toBeLessThanOrEqual(2_900);
        expect(seenLateMs).toBeLessThanOrEqual(300 * second);
      }),
      { numRuns: 60 },
    );
  });

  test('spreads the slowest polls of many queues over a minute, so that they are not due together', () => {
    const now = noon + 2 * hour;
    const delays = Array.from({ length: 1_000 }, (_, index) => {
      const queueArn = `arn:aws:sqs:eu-west-1:111122223333:q-${index}`;
      const watch = aWatch({ queueArn, progressedAt: now });
      return delayWhileRunning(watch, aTask({ moved: 1 }), now, defaultWatchSettings);
    });
    const dueInSecond = Map.groupBy(delays, (delay) => Math.floor(delay / second));
    expect([Math.min(...delays) >= 240 * second, Math.max(...delays) <= 300 * second]).toEqual([true, true]);
    expect(Math.max(...[...dueInSecond.values()].map((due) => due.length))).toBeLessThan(50);
  });
});
