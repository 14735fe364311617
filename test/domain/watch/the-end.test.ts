import { describe, expect, test } from 'vitest';
import { defaultWatchSettings as settings } from '../../../src/domain/settings.ts';
import { longestWaitsAfterTheEnd, timingOf } from '../../../src/domain/watch/after-end.ts';
import { decide } from '../../../src/domain/watch/decide.ts';
import type { Decision, OutboxEntry } from '../../../src/domain/watch/notification.ts';
import type { Observation } from '../../../src/domain/watch/observation.ts';
import type { End, NewerTask, Watch } from '../../../src/domain/watch/watch.ts';
import { aTask, aWatch, noon, saw, sawNothing } from './a-watch.ts';

const second = 1000;
const minute = 60 * second;

const afterPoll = (
  watch: Watch,
  observation: Observation,
  { now = observation.at, random = 0.5 } = {},
): Decision => decide({ watch, observation, now, settings, random });
const notificationsIn = (notify: readonly OutboxEntry[]) =>
  notify.flatMap((one) => (one.kind === 'card' ? [] : [one]));

const moving: NewerTask = { startedAt: noon + 1, finished: false };
const moved: NewerTask = { startedAt: noon + 1, finished: true };
const completed = { status: 'COMPLETED', moved: 100 } as const;
const sawEnd = (at: number, depth?: number, newer?: NewerTask, changes: object = {}): Observation => ({
  ...(saw(at, { ...completed, ...changes }, depth) as Extract<Observation, { kind: 'seen' }>),
  ...(newer && { newer }),
});
const absent = (at: number, depth?: number, newer?: NewerTask): Observation => ({
  kind: 'absent',
  at,
  calls: 1,
  position: 0,
  ...(depth !== undefined && { depth }),
  ...(newer && { newer }),
});

const running = { task: aTask({ moved: 90 }), at: noon + minute };
const ended = { seenAt: noon + minute, checkedUpToMs: 0, failedPolls: 0 };
const due = noon + 2 * minute;
function endedWatch(phase: 'settling' | 'bouncing', end: Partial<End> = {}, changes: Partial<Watch> = {}) {
  const seen = { task: aTask(completed), at: noon + minute };
  return aWatch({ phase, seen, end: { ...ended, ...end }, nextPollAt: due, ...changes });
}

describe('the first poll that finds the task ended', () => {
  const at = noon + minute + 5 * second;

  test('stores when that was, how it ran before, and what is left in the DLQ', () => {
    const watch = aWatch({ seen: running, absences: 1, pollsWithoutTask: 1 });
    const first = afterPoll(watch, sawEnd(at, 7), { now: at + 3 });
    expect(first.watch).toMatchObject({ phase: 'settling', absences: 0, pollsWithoutTask: 0 });
    expect(first.watch.nextPollAt).toBe(at + 3 + 10 * second);
    expect(first.watch.seen).toStrictEqual({ task: aTask(completed), at });
    expect(first.watch.end).toStrictEqual({
      seenAt: at,
      lastRunning: running,
      depth: 7,
      checkedUpToMs: 0,
      failedPolls: 0,
    });
  });

  test('stores no more than it knows', () => {
    const endsOf = (watch: Watch, observation: Observation) => afterPoll(watch, observation).watch.end;
    const bare = { seenAt: at, checkedUpToMs: 0, failedPolls: 0 };
    expect(endsOf(aWatch(), sawEnd(at))).toStrictEqual(bare);
    const seenEnded = aWatch({ seen: { task: aTask(completed), at: noon } });
    expect(endsOf(seenEnded, sawEnd(at))).toStrictEqual(bare);
    // What another task moves says nothing about what is left.
    expect(endsOf(aWatch(), sawEnd(at, 7, moving))).toStrictEqual(bare);
    expect(endsOf(aWatch(), sawEnd(at, 7, moved))).toStrictEqual({ ...bare, depth: 7 });
  });

  test.each([
    ['with what is left and a newer task', sawEnd(at, 7, moving), { depth: 7, newer: moving }],
    ['with nothing that is not known', sawEnd(at), {}],
  ])('reports it %s', (_what, observation, more) => {
    const { send } = afterPoll(aWatch(), observation);
    const notification = { kind: 'ended', task: aTask(completed), timing: { atMostMs: at - noon }, ...more };
    expect(notificationsIn(send)).toStrictEqual([{ kind: 'notification', key: 'w1/ended', notification }]);
  });
});

describe('the duration of a task', () => {
  const timing = (seenAt: number, lastAt?: number, changes: Partial<Watch> = {}, task = aTask(completed)) =>
    timingOf(
      aWatch(changes),
      {
        seenAt: noon + seenAt * second,
        ...(lastAt !== undefined && {
          lastRunning: { task: aTask({ moved: 50 }), at: noon + lastAt * second },
        }),
      },
      task,
    );

  test('is at most the time until it was seen ended, if it was never seen running', () => {
    expect(timing(60)).toStrictEqual({ atMostMs: 60_000 });
    expect(timing(-1)).toStrictEqual({ atMostMs: 0 });
  });

  test.each([
    ['fifteen seconds', 75, 60, true],
    ['more than fifteen seconds', 75.001, 60, false],
    ['a tenth of the whole', 1_000, 900, true],
    ['more than a tenth', 1_000, 899.9, false],
  ])('is one number if the end is known within %s: %i', (_gap, seenAt, lastAt, isOne) => {
    expect('aboutMs' in timing(seenAt, lastAt)).toBe(isOne);
  });

  test('is given as a range otherwise', () => {
    expect(timing(600, 60)).toStrictEqual({ atLeastMs: 60_000, atMostMs: 600_000 });
  });

  test('is estimated from its rate, with the mean rate', () => {
    const counts = [{ at: noon + 50 * second, moved: 0 }];
    // 50 messages in 10 s: the other 50 take 10 s as well.
    expect(timing(72, 60, { counts })).toStrictEqual({
      atLeastMs: 60_000,
      atMostMs: 72_000,
      aboutMs: 70_000,
      meanRate: 100 / 70,
    });
    // At the mean rate since the start they would take 60 s, and it ended within 12.
    expect(timing(72, 60)).toMatchObject({ aboutMs: 72_000 });
  });

  test('is in the middle if the rate is unknown, and has no rate without a count', () => {
    const { moved: _, ...uncounted } = aTask({ status: 'FAILED' });
    const lastRunning = { task: uncounted, at: noon + 60 * second };
    expect(timingOf(aWatch(), { seenAt: noon + 70 * second, lastRunning }, uncounted)).toStrictEqual({
      atLeastMs: 60_000,
      atMostMs: 70_000,
      aboutMs: 65_000,
    });
  });

  test('is unknown, without a rate, if the clock went back', () => {
    expect(timing(-2, -1)).toStrictEqual({ atLeastMs: 0, atMostMs: 0, aboutMs: 0 });
    expect(timing(5, 9)).toMatchObject({ atLeastMs: 5_000, atMostMs: 5_000 });
  });
});

describe('after the end', () => {
  test('the lower of two depths is what was left, shown by a correction', () => {
    const { watch, send } = afterPoll(endedWatch('settling', { depth: 9 }), sawEnd(due, 4));
    expect(watch.end?.depth).toBe(4);
    expect(notificationsIn(send)).toMatchObject([
      { kind: 'correction', key: 'w1/ended', notification: { kind: 'ended', depth: 4 } },
    ]);
    const higher = afterPoll(endedWatch('settling', { depth: 4 }), sawEnd(due, 9));
    expect([higher.watch.end?.depth, notificationsIn(higher.send)]).toEqual([4, []]);
  });

  test.each([
    ['moved', { moved: 101 }],
    ['to move', { toMove: 101 }],
    ['the reason', { failureReason: 'AccessDenied' }],
    ['the status', { status: 'FAILED', statusText: 'FAILED' }],
  ])('a different number or status corrects the notification: %s', (_what, changes) => {
    const { watch, send } = afterPoll(
      endedWatch('bouncing', { depth: 0 }),
      sawEnd(due, 0, undefined, changes),
    );
    expect(notificationsIn(send)).toMatchObject([{ kind: 'correction', notification: { task: changes } }]);
    expect(watch.seen).toMatchObject({ task: changes, at: due });
  });

  test.each([
    ['a task that runs again is older than it looks', saw(due, { moved: 50 }, 0)],
    ['a task that is not listed tells nothing new', absent(due, 0)],
    ['the same again is no news', sawEnd(due, 0)],
  ])('%s', (_what, observation) => {
    const watch = endedWatch('settling', { depth: 0 });
    const { watch: next, send } = afterPoll(watch, observation);
    expect(notificationsIn(send)).toEqual([]);
    expect(next.seen?.task).toEqual(watch.seen?.task);
    expect(next.phase).toBe('bouncing');
  });

  test('the depth is compared 1, 5, and 15 minutes after the end, and then no more', () => {
    const settles = noon + 70 * second;
    let watch = endedWatch('settling', { depth: 0 }, { nextPollAt: settles });
    ({ watch } = afterPoll(watch, sawEnd(settles, 0)));
    const afterEnd: number[] = [];
    while (watch.phase !== 'over') {
      afterEnd.push((watch.nextPollAt - ended.seenAt) / minute);
      ({ watch } = afterPoll(watch, sawEnd(watch.nextPollAt, 0)));
    }
    expect(afterEnd).toEqual([1, 5, 15]);
  });

  test('one poll covers all steps missed while the process was suspended', () => {
    const at = ended.seenAt + 6 * minute;
    const { watch } = afterPoll(endedWatch('bouncing', { depth: 0 }), sawEnd(at, 0));
    expect(watch.nextPollAt).toBe(ended.seenAt + 15 * minute);
    expect(watch.end).toMatchObject({ checkedUpToMs: 6 * minute, failedPolls: 0 });
    const late = afterPoll(endedWatch('settling', { depth: 0 }), sawEnd(at, 0));
    expect(late.watch.nextPollAt).toBe(at + second);
  });

  test('a completed step is not repeated if the clock goes back', () => {
    const watch = endedWatch('bouncing', { depth: 0, checkedUpToMs: 5 * minute });
    expect(afterPoll(watch, sawEnd(due, 0)).watch.nextPollAt).toBe(ended.seenAt + 15 * minute);
  });

  test.each<[string, Watch, Observation, boolean]>([
    [
      'nothing was moved',
      endedWatch('settling', { depth: 0 }, { seen: { task: aTask({ ...completed, moved: 0 }), at: noon } }),
      absent(due, 0),
      true,
    ],
    ['the polls are spent', endedWatch('settling', { depth: 0 }, { polls: 2_897 }), sawEnd(due, 0), true],
    ['two polls are left', endedWatch('settling', { depth: 0 }, { polls: 2_896 }), sawEnd(due, 0), false],
    ['messages may come back', endedWatch('settling', { depth: 0 }), sawEnd(due, 0), false],
    [
      'its last state was never seen',
      aWatch({ phase: 'settling', end: { ...ended, depth: 0 }, nextPollAt: due }),
      absent(due, 0),
      false,
    ],
  ])('the watch is over: %s', (_when, watch, observation, isOver) => {
    expect(afterPoll(watch, observation).watch.phase).toBe(isOver ? 'over' : 'bouncing');
  });
});

describe('a poll after the end that learns nothing', () => {
  test.each([
    ['half a minute later, give or take a quarter', 0.5, 30_000],
    ['by chance as soon as', 0, 22_500],
    ['or as late as', 1, 37_500],
  ])('is retried %s', (_when, random, delay) => {
    const { watch } = afterPoll(endedWatch('settling', { depth: 0 }), sawNothing(due), { random });
    expect([watch.nextPollAt - due, watch.phase, watch.end?.failedPolls]).toEqual([delay, 'settling', 1]);
  });

  test.each([
    [
      'while the numbers settle, AWS does not answer',
      endedWatch('settling', { depth: 3, failedPolls: 2 }),
      sawNothing(due),
      'bouncing',
    ],
    ['the depth was never told', endedWatch('settling', { failedPolls: 2 }), sawEnd(due), 'over'],
    [
      'later, the depth is not told',
      endedWatch('bouncing', { depth: 3, failedPolls: 2 }),
      absent(due),
      'bouncing',
    ],
  ])('is attempted three times: %s', (_why, watch, observation, phase) => {
    const once = { ...watch, end: { ...ended, ...watch.end, failedPolls: 0 } };
    const { phase: before } = watch;
    expect(afterPoll(once, observation).watch).toMatchObject({ phase: before, end: { failedPolls: 1 } });
    expect(afterPoll(watch, observation).watch.phase).toBe(phase);
  });

  test('ignores what another task is moving, so what was left stays unknown', () => {
    expect(afterPoll(endedWatch('settling'), sawEnd(due, 8, moving)).watch.phase).toBe('over');
  });

  test('does not matter if the depth is already known', () => {
    expect(afterPoll(endedWatch('settling', { depth: 3 }), sawEnd(due)).watch.phase).toBe('bouncing');
  });

  test('waits no longer than until the last step or the next attempt', () => {
    expect(longestWaitsAfterTheEnd(settings)).toEqual({ settling: 37_500, bouncing: 15 * minute });
    expect(longestWaitsAfterTheEnd({ ...settings, bounceBackAfterSeconds: [] })).toEqual({
      settling: 37_500,
      bouncing: 37_500,
    });
  });
});

describe('messages that come back', () => {
  const back = (end: Partial<End>, observation: Observation) => {
    const { watch, send } = afterPoll(endedWatch('bouncing', { depth: 3, ...end }), observation);
    return { notifications: notificationsIn(send), highest: watch.end?.highestDepthSaid };
  };
  const sinceEndMs = due - ended.seenAt;

  test('are reported with how many more there are than at the end', () => {
    expect(back({}, sawEnd(due, 8))).toStrictEqual({
      notifications: [
        {
          kind: 'notification',
          key: 'w1/bounced-back/8',
          notification: { kind: 'bounced-back', depth: 8, more: 5, sinceEndMs },
        },
      ],
      highest: 8,
    });
  });

  test('are reported again if there are more, with how many more than last time', () => {
    expect(
      back({ highestDepthSaid: 6 }, absent(due, 8)).notifications.map(({ notification }) => notification),
    ).toStrictEqual([{ kind: 'bounced-back', depth: 8, more: 5, moreThanSaid: 2, sinceEndMs }]);
  });

  test.each<[string, Partial<End>, Observation]>([
    ['as many as at the end', {}, sawEnd(due, 3)],
    ['as many as were said', { highestDepthSaid: 8 }, sawEnd(due, 8)],
    ['those that another task is moving', {}, sawEnd(due, 8, moving)],
    ['those that nobody counted', {}, sawEnd(due)],
  ])('are not reported %s', (_what, end, observation) => {
    expect(back(end, observation).notifications).toEqual([]);
  });

  test('are counted after another task has ended', () => {
    expect(back({}, sawEnd(due, 8, moved)).notifications).toHaveLength(1);
  });

  test('count as immediate if the clock went back', () => {
    const watch = endedWatch('bouncing', { depth: 3, seenAt: due + minute });
    expect(notificationsIn(afterPoll(watch, absent(due, 8)).send)).toMatchObject([
      { notification: { sinceEndMs: 0 } },
    ]);
  });
});
