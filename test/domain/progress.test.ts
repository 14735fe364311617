import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MoveTask } from '../../src/domain/move-task.ts';
import { moveTaskStatuses } from '../../src/domain/move-task-status.ts';
import { progressOf } from '../../src/domain/progress.ts';
import { aTask, now } from '../support/builders.ts';

function without(task: MoveTask, ...names: (keyof MoveTask)[]): MoveTask {
  const rest: Partial<MoveTask> = { ...task };
  for (const name of names) delete rest[name];
  return { status: task.status, statusText: task.statusText, ...rest };
}

describe('the progress of a running task', () => {
  test('share, mean rate and time left from one observation', () => {
    expect(progressOf(aTask({ moved: 600, toMove: 1000, startedAt: now - 60_000 }), now)).toEqual({
      share: 0.6,
      moved: 600,
      toMove: 1000,
      rate: 10,
      secondsLeft: 40,
    });
  });

  test('the rate since an earlier observation, when there is one', () => {
    const earlier = [{ at: now - 10_000, moved: 400 }];
    expect(progressOf(aTask({ moved: 600, toMove: 1000 }), now, earlier)).toMatchObject({
      rate: 20,
      secondsLeft: 20,
    });
  });

  test('ignores an earlier observation that counted more', () => {
    const earlier = [{ at: now - 10_000, moved: 900 }];
    expect(progressOf(aTask({ moved: 600, startedAt: now - 60_000 }), now, earlier)).toMatchObject({
      rate: 10,
    });
  });

  test('an earlier observation with the same count shows that nothing is moving', () => {
    const earlier = [{ at: now - 10_000, moved: 600 }];
    expect(progressOf(aTask({ moved: 600, startedAt: now - 60_000 }), now, earlier)).toStrictEqual({
      share: 0.6,
      moved: 600,
      toMove: 1000,
    });
  });

  test('an earlier observation counts from three seconds on, the oldest first', () => {
    const ago = (ms: number, moved: number) => ({ at: now - ms, moved });
    const rateAfter = (...earlier: { at: number; moved: number }[]) =>
      progressOf(aTask({ moved: 600, startedAt: now - 60_000 }), now, earlier).rate;
    expect(rateAfter(ago(3_000, 540))).toBe(20);
    expect(rateAfter(ago(2_999, 540))).toBe(10);
    expect(rateAfter(ago(20_000, 500), ago(3_000, 540))).toBe(5);
  });

  test('has no rate without a start time', () => {
    expect(progressOf(without(aTask(), 'startedAt'), now)).toStrictEqual({
      share: 0.62,
      moved: 620,
      toMove: 1000,
    });
  });

  test('has no time left once everything is moved, or more than was counted', () => {
    const all = aTask({ moved: 1000, startedAt: now - 60_000 });
    const more = { ...all, moved: 1001 };
    for (const task of [all, more]) {
      expect(progressOf(task, now)).toHaveProperty('rate');
      expect(progressOf(task, now)).not.toHaveProperty('secondsLeft');
    }
    expect(progressOf(all, now).share).toBe(1);
  });

  test('has a rate but no time left without a total', () => {
    const task = without(aTask({ moved: 600, startedAt: now - 60_000 }), 'toMove');
    expect(progressOf(task, now)).toStrictEqual({ moved: 600, rate: 10, oddity: 'total-unknown' });
  });

  test('has no rate before anything is moved', () => {
    expect(progressOf(aTask({ moved: 0, startedAt: now - 60_000 }), now)).toStrictEqual({
      share: 0,
      moved: 0,
      toMove: 1000,
    });
    expect(progressOf(without(aTask(), 'moved'), now)).toStrictEqual({
      toMove: 1000,
      oddity: 'no-counts-yet',
    });
  });

  test('has no rate in the first seconds', () => {
    expect(progressOf(aTask({ startedAt: now - 3_000 }), now)).toHaveProperty('rate');
    expect(progressOf(aTask({ startedAt: now - 2_999 }), now)).not.toHaveProperty('rate');
  });

  test('has no rate if the clock is behind', () => {
    expect(progressOf(aTask({ startedAt: now + 60_000 }), now)).not.toHaveProperty('rate');
  });
});

test.each([
  [
    'moved 50 of 0',
    aTask({ status: 'COMPLETED', moved: 50, toMove: 0 }),
    { moved: 50, toMove: 0, oddity: 'total-unknown' },
  ],
  [
    'moved 1200 of 1000, at the end',
    aTask({ status: 'COMPLETED', moved: 1200, toMove: 1000 }),
    { moved: 1200, toMove: 1000, share: 1, oddity: 'moved-more-than-counted' },
  ],
  [
    'moved 1200 of 1000, still running: no share',
    without(aTask({ moved: 1200, toMove: 1000 }), 'startedAt'),
    { moved: 1200, toMove: 1000, oddity: 'moved-more-than-counted' },
  ],
  [
    'nothing of nothing',
    aTask({ status: 'COMPLETED', moved: 0, toMove: 0 }),
    { moved: 0, toMove: 0, oddity: 'nothing-to-move' },
  ],
  [
    'nothing to move, and no count moved',
    without(aTask({ toMove: 0 }), 'moved'),
    { toMove: 0, oddity: 'nothing-to-move' },
  ],
  ['no counts', without(aTask({ status: 'COMPLETED' }), 'moved', 'toMove'), { oddity: 'no-counts-yet' }],
  ['no total', without(aTask({ status: 'COMPLETED' }), 'toMove'), { moved: 620, oddity: 'total-unknown' }],
  [
    'no count moved',
    without(aTask({ status: 'COMPLETED' }), 'moved'),
    { toMove: 1000, oddity: 'no-counts-yet' },
  ],
])('%s', (_what, task, progress) => {
  expect(progressOf(task, now)).toEqual(progress);
});

const count = fc.option(fc.oneof(fc.nat(), fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER)), {
  nil: undefined,
});
const anyTask = fc
  .record({ status: fc.constantFrom(...moveTaskStatuses), moved: count, toMove: count, startedAt: count })
  .map(
    ({ status, moved, toMove, startedAt }): MoveTask => ({
      status,
      statusText: status,
      ...(moved !== undefined && { moved }),
      ...(toMove !== undefined && { toMove }),
      ...(startedAt !== undefined && { startedAt }),
    }),
  );
const observations = fc.array(fc.record({ at: fc.nat(), moved: fc.nat() }), { maxLength: 5 });

test('shows only finite, non-negative numbers and at most 100%, whatever SQS counts', () => {
  fc.assert(
    fc.property(anyTask, fc.nat(), observations, (task, at, earlier) => {
      const { oddity: _, ...numbers } = progressOf(task, at, earlier);
      for (const value of Object.values(numbers)) {
        expect(Number.isFinite(value) && value >= 0).toBe(true);
      }
      expect(numbers.share ?? 0).toBeLessThanOrEqual(1);
    }),
  );
});

test('shows no forecast of more than a year', () => {
  const task = aTask({ moved: 1, toMove: Number.MAX_SAFE_INTEGER, startedAt: now - 3_600_000 });
  expect(progressOf(task, now)).not.toHaveProperty('secondsLeft');
});
