import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { polling, type Shape, shapes, simulate } from '../../../bench/pace/simulation.ts';
import { delayWhileRunning } from '../../../src/domain/watch/pace.ts';
import { defaultWatchSettings } from '../../../src/domain/watch/watch-settings.ts';
import { aTask, aWatch, noon } from './a-watch.ts';

const second = 1000;
const hour = 3600 * second;

const anyLength = (from: number, to: number) => fc.integer({ min: from, max: to });
const anyOffset = fc.integer({ min: 0, max: 5 * second });

describe('the pace of looks', () => {
  test('sees the end of a steady task within 10 s or 1 % of its length', () => {
    fc.assert(
      fc.property(anyLength(5 * second, 36 * hour), anyOffset, (length, offsetMs) => {
        const { seenLateMs } = simulate('linear', length, { offsetMs });
        expect(seenLateMs).toBeLessThanOrEqual(Math.max(10 * second, length / 100));
      }),
    );
  });

  test('costs a steady task of an hour or more a twentieth of polling each 5 s, or less', () => {
    fc.assert(
      fc.property(anyLength(hour, 36 * hour), anyOffset, (length, offsetMs) => {
        const { looksUntilEnd } = simulate('linear', length, { offsetMs });
        expect(looksUntilEnd).toBeLessThanOrEqual(polling(5 * second, length).looksUntilEnd / 20);
      }),
    );
  });

  test('keeps both promises to a person who joins in the middle', () => {
    fc.assert(
      fc.property(
        anyLength(hour, 36 * hour),
        fc.double({ min: 0, max: 0.8, noNaN: true }),
        (length, joinedAt) => {
          const { seenLateMs, looksInAll } = simulate('linear', length, { joinedAt });
          expect(seenLateMs).toBeLessThanOrEqual(length / 100);
          expect(looksInAll).toBeLessThanOrEqual(500);
        },
      ),
    );
  });

  test.each(Object.keys(shapes) as Shape[])(
    'is never more often than each 5 s, nor 300 s late, for a %s task',
    (shape) => {
      fc.assert(
        fc.property(anyLength(5 * second, 36 * hour), (length) => {
          const { looksUntilEnd, seenLateMs } = simulate(shape, length);
          expect(looksUntilEnd).toBeLessThanOrEqual(polling(5 * second, length).looksUntilEnd);
          expect(seenLateMs).toBeLessThanOrEqual(300 * second);
        }),
        { numRuns: 40 },
      );
    },
  );

  test('spreads the slowest looks of many queues over a minute, so that they are not due together', () => {
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
