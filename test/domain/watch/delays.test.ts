import { describe, expect, test } from 'vitest';
import type { MoveTask } from '../../../src/domain/move-task.ts';
import { defaultWatchSettings as settings } from '../../../src/domain/settings.ts';
import {
  deadlineOf,
  delayWhileAbsent,
  delayWhileFailing,
  delayWhileRunning,
  millisecondsLeft,
  nextPollAfter,
  pollsAreSpent,
} from '../../../src/domain/watch/poll-delay.ts';
import type { Watch } from '../../../src/domain/watch/watch.ts';
import { aTask, aWatch, denied, noon } from './a-watch.ts';

const second = 1000;
const hour = 3_600 * second;
const { moved: _, ...uncounted } = aTask();

describe('while the task runs, the next poll comes', () => {
  /** After running for this many seconds. A queue without a name gets the full delay. */
  const delayAt = (age: number, task: MoveTask, changes: Partial<Watch> = {}) => {
    const now = noon + age * second;
    const watch = aWatch({ queueArn: '', progressedAt: now, ...changes });
    return delayWhileRunning(watch, task, now, settings) / second;
  };
  const movedBy = (age: number) => ({ progressedAt: noon + age * second });

  test.each<[string, number, MoveTask, Partial<Watch>, number]>([
    ['after the shortest time at first', 0, uncounted, {}, 5],
    ['after the shortest time when the start lies ahead', 0, uncounted, { startedAt: noon + hour }, 5],
    ['after a fortieth of its age when nothing tells how long it takes', 400, uncounted, {}, 10],
    ['after a quarter of what is left', 1_000, aTask({ moved: 50 }), {}, 250],
    ['never after more than its age', 100, aTask({ moved: 10 }), {}, 100],
    ['after a two-hundredth of its age at the end', 2_000, aTask({ moved: 100 }), {}, 10],
    ['after 30 s at the end of a long one', 3 * 3_600, aTask({ moved: 100 }), {}, 30],
    ['at the pace of an end once it is being canceled', 2_000, aTask({ status: 'CANCELLING' }), {}, 10],
    ['after five minutes at the most', 36_000, uncounted, {}, 300],
    ['after a quarter of the time that nothing has moved', 400, uncounted, movedBy(320), 20],
    ['when the stall is to be said', 1_000, uncounted, movedBy(160), 60],
    ['a second later when that is now', 1_000, uncounted, movedBy(100.4), 1],
    ['as ever once the stall is due', 1_000, uncounted, movedBy(100), 225],
    ['as ever once it is said', 1_000, uncounted, { ...movedBy(160), said: ['stalled'] }, 210],
    ['as if it had just moved when the clock was set back', 400, uncounted, movedBy(500), 10],
  ])('%s', (_when, age, task, changes, delay) => {
    expect(delayAt(age, task, changes)).toBe(delay);
  });

  test.each([
    [14, 20],
    [15, 80],
    [16, 140],
  ])('when the stall is to be reported, after %d minutes by the settings', (stalledAfterMinutes, delay) => {
    const now = noon + 1_000 * second;
    const watch = aWatch({ queueArn: '', progressedAt: now - 820 * second });
    const given = { ...settings, stalledAfterMinutes };
    expect(delayWhileRunning(watch, uncounted, now, given)).toBe(delay * second);
  });

  test('as if it had just moved if it was never seen before', () => {
    const watch = aWatch({ queueArn: '' });
    expect(delayWhileRunning(watch, uncounted, noon + 400 * second, settings)).toBe(10 * second);
  });

  test('no sooner than the shortest delay, even if jitter makes the longest one shorter', () => {
    const same = { ...settings, minPollSeconds: 60, maxPollSeconds: 60 };
    const watch = aWatch({ progressedAt: noon + hour });
    expect(delayWhileRunning(watch, uncounted, noon + hour, same)).toBe(60 * second);
  });
});

describe('the time a task has left', () => {
  const now = noon + 1_000 * second;
  const half = aTask({ moved: 50 });

  test.each<[string, number | undefined, MoveTask, Watch['counts']]>([
    ['is what the mean since its start tells', 1_000 * second, half, []],
    ['or the recent pace, if that is quicker', 500 * second, half, [{ at: now - 100_000, moved: 40 }]],
    ['but not if it is slower', 1_000 * second, half, [{ at: now - 100_000, moved: 49 }]],
    ['is nothing once all is moved', 0, aTask({ moved: 100 }), []],
    ['is nothing once it is being canceled', 0, aTask({ status: 'CANCELLING' }), []],
    ['is not known without a count', undefined, uncounted, []],
    ['is not known without a total', undefined, aTask({ moved: 0, toMove: 0 }), []],
    ['is not known when more was moved than counted', undefined, aTask({ moved: 101 }), []],
    ['is not known before anything is moved', undefined, aTask({ moved: 0 }), []],
  ])('%s', (_what, left, task, counts) => {
    expect(millisecondsLeft(aWatch({ counts }), task, now)).toBe(left);
  });
});

describe('while AWS fails, the next poll comes', () => {
  const cannotPollSince = (since: number, polls: number, said = false) =>
    aWatch({ cannotPoll: { since: noon - since * second, polls, awsError: denied, said } });

  test.each([
    ['soon after the first failure', aWatch(), 5],
    ['after twice as long each time', cannotPollSince(20, 3), 20],
    ['after five minutes at the most', cannotPollSince(300, 40), 300],
    ['when it is to be said', cannotPollSince(240, 7), 60],
    ['a second later when that is now', cannotPollSince(299.6, 7), 1],
    ['as ever once it is due', cannotPollSince(300, 7), 300],
    ['as ever once it is said', cannotPollSince(240, 7, true), 300],
  ])('%s', (_when, watch, delay) => {
    expect(delayWhileFailing(watch, noon, settings, 0.5) / second).toBe(delay);
  });
});

describe('while the task is not listed, the next poll comes', () => {
  const absent = (absences: number, unseenFor: number) =>
    aWatch({
      absences,
      seen: { task: aTask(), at: noon - unseenFor * second },
      createdAt: noon - hour,
    });

  test.each([
    ['soon, the first two times', absent(2, 400), 5],
    ['then after a quarter of the time that it was not seen', absent(3, 400), 100],
    ['never sooner than the shortest time', absent(3, 4), 5],
    ['never later than the longest', absent(3, 3_600), 300],
    [
      'counted from the click when it was never seen',
      aWatch({ absences: 3, createdAt: noon - 400 * second }),
      100,
    ],
  ])('%s', (_when, watch, delay) => {
    expect(delayWhileAbsent(watch, noon, settings) / second).toBe(delay);
  });
});

describe('the 2,900 polls of a watch', () => {
  const past = noon + 49 * hour;

  test.each([
    ['are spent as wished in the first half', 1_419, noon, 5_000, 5_000],
    ['are spread over what remains in the second', 1_420, noon, 5_000, Math.ceil((48 * hour) / 1_420)],
    ['may come more rarely than that', 1_420, noon, 200_000, 200_000],
    ['are a second apart at least', 0, noon, 0, second],
    ['fall on whole milliseconds', 0, noon, 5_000.2, 5_001],
    ['wait for the deadline once all are spent', 2_840, noon, 5_000, 48 * hour],
    ['are a minute apart beyond it', 2_840, past, 5_000, 60_000],
    ['or as far as wished', 2_840, past, 90_000, 90_000],
  ])('%s', (_what, polls, now, wished, delay) => {
    expect(nextPollAfter(aWatch({ polls }), now, wished) - now).toBe(delay);
  });

  test('can be used up except for sixty, which are reserved for the end', () => {
    expect([2_839, 2_840].map((polls) => pollsAreSpent(aWatch({ polls })))).toEqual([false, true]);
  });

  test('last two days from the start, or from the click if AWS’s clock is ahead of ours', () => {
    expect(deadlineOf(aWatch({ startedAt: noon - hour }))).toBe(noon + 47 * hour);
    expect(deadlineOf(aWatch({ startedAt: noon + hour }))).toBe(noon + 48 * hour);
  });
});
