import { describe, expect, test } from 'vitest';
import { longestWaitAfterTheEnd } from '../../../src/domain/watch/after-the-end.ts';
import { decide } from '../../../src/domain/watch/decide.ts';
import { timingOf } from '../../../src/domain/watch/end-timing.ts';
import type { Sighting } from '../../../src/domain/watch/sighting.ts';
import type { Decision, Telling } from '../../../src/domain/watch/telling.ts';
import type { End, NewerTask, Watch } from '../../../src/domain/watch/watch.ts';
import { defaultWatchSettings as settings } from '../../../src/domain/watch/watch-settings.ts';
import { aTask, aWatch, noon, saw, sawNothing } from './a-watch.ts';

const second = 1000;
const minute = 60 * second;

const afterLook = (watch: Watch, sighting: Sighting, { now = sighting.at, random = 0.5 } = {}): Decision =>
  decide({ watch, sighting, now, settings, random });
const noticesIn = (tell: readonly Telling[]) => tell.flatMap((one) => (one.kind === 'card' ? [] : [one]));

const moving: NewerTask = { startedAt: noon + 1, finished: false };
const moved: NewerTask = { startedAt: noon + 1, finished: true };
const completed = { status: 'COMPLETED', moved: 100 } as const;
const sawEnd = (at: number, depth?: number, newer?: NewerTask, changes: object = {}): Sighting => ({
  ...(saw(at, { ...completed, ...changes }, depth) as Extract<Sighting, { kind: 'seen' }>),
  ...(newer && { newer }),
});
const absent = (at: number, depth?: number, newer?: NewerTask): Sighting => ({
  kind: 'absent',
  at,
  calls: 1,
  position: 0,
  ...(depth !== undefined && { depth }),
  ...(newer && { newer }),
});

const running = { task: aTask({ moved: 90 }), at: noon + minute };
const ended = { seenAt: noon + minute, checkedUpToMs: 0, failedLooks: 0 };
const due = noon + 2 * minute;
function endedWatch(phase: 'settling' | 'bouncing', end: Partial<End> = {}, changes: Partial<Watch> = {}) {
  const seen = { task: aTask(completed), at: noon + minute };
  return aWatch({ phase, seen, end: { ...ended, ...end }, nextLookAt: due, ...changes });
}

describe('the first look that finds the task ended', () => {
  const at = noon + minute + 5 * second;

  test('keeps when that was, how it ran before, and what is left in the DLQ', () => {
    const watch = aWatch({ seen: running, absences: 1, unseenLooks: 1 });
    const first = afterLook(watch, sawEnd(at, 7), { now: at + 3 });
    expect(first.watch).toMatchObject({ phase: 'settling', absences: 0, unseenLooks: 0 });
    expect(first.watch.nextLookAt).toBe(at + 3 + 10 * second);
    expect(first.watch.seen).toStrictEqual({ task: aTask(completed), at });
    expect(first.watch.end).toStrictEqual({
      seenAt: at,
      lastRunning: running,
      depth: 7,
      checkedUpToMs: 0,
      failedLooks: 0,
    });
  });

  test('keeps no more than it knows', () => {
    const endsOf = (watch: Watch, sighting: Sighting) => afterLook(watch, sighting).watch.end;
    const bare = { seenAt: at, checkedUpToMs: 0, failedLooks: 0 };
    expect(endsOf(aWatch(), sawEnd(at))).toStrictEqual(bare);
    const seenEnded = aWatch({ seen: { task: aTask(completed), at: noon } });
    expect(endsOf(seenEnded, sawEnd(at))).toStrictEqual(bare);
    // What another task moves says nothing of what is left.
    expect(endsOf(aWatch(), sawEnd(at, 7, moving))).toStrictEqual(bare);
    expect(endsOf(aWatch(), sawEnd(at, 7, moved))).toStrictEqual({ ...bare, depth: 7 });
  });

  test.each([
    ['with what is left and a newer task', sawEnd(at, 7, moving), { depth: 7, newer: moving }],
    ['with nothing that is not known', sawEnd(at), {}],
  ])('says so %s', (_what, sighting, more) => {
    const { tell } = afterLook(aWatch(), sighting);
    const notice = { kind: 'ended', task: aTask(completed), timing: { atMostMs: at - noon }, ...more };
    expect(noticesIn(tell)).toStrictEqual([{ kind: 'notice', key: 'w1/ended', notice }]);
  });
});

describe('how long a task took', () => {
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

  test('is at most the time until it was seen ended, when it was never seen running', () => {
    expect(timing(60)).toStrictEqual({ atMostMs: 60_000 });
    expect(timing(-1)).toStrictEqual({ atMostMs: 0 });
  });

  test.each([
    ['fifteen seconds', 75, 60, true],
    ['more than fifteen seconds', 75.001, 60, false],
    ['a tenth of the whole', 1_000, 900, true],
    ['more than a tenth', 1_000, 899.9, false],
  ])('is one number if the end lies within %s: %i', (_gap, seenAt, lastAt, isOne) => {
    expect('aboutMs' in timing(seenAt, lastAt)).toBe(isOne);
  });

  test('is told as a span otherwise', () => {
    expect(timing(600, 60)).toStrictEqual({ atLeastMs: 60_000, atMostMs: 600_000 });
  });

  test('is the time at which its pace would have brought it there, with the mean rate', () => {
    const counts = [{ at: noon + 50 * second, moved: 0 }];
    // 50 messages in 10 s: the other 50 take 10 s as well.
    expect(timing(72, 60, { counts })).toStrictEqual({
      atLeastMs: 60_000,
      atMostMs: 72_000,
      aboutMs: 70_000,
      meanRate: 100 / 70,
    });
    // At the mean since the start they would take 60 s, and it ended within 12.
    expect(timing(72, 60)).toMatchObject({ aboutMs: 72_000 });
  });

  test('is in the middle when the pace is not known, and has no rate without a count', () => {
    const { moved: _, ...uncounted } = aTask({ status: 'FAILED' });
    const lastRunning = { task: uncounted, at: noon + 60 * second };
    expect(timingOf(aWatch(), { seenAt: noon + 70 * second, lastRunning }, uncounted)).toStrictEqual({
      atLeastMs: 60_000,
      atMostMs: 70_000,
      aboutMs: 65_000,
    });
  });

  test('is nothing, and has no rate, when the clock was set back', () => {
    expect(timing(-2, -1)).toStrictEqual({ atLeastMs: 0, atMostMs: 0, aboutMs: 0 });
    expect(timing(5, 9)).toMatchObject({ atLeastMs: 5_000, atMostMs: 5_000 });
  });
});

describe('after the end', () => {
  test('the lower of two depths is what was left, and it is said by a correction', () => {
    const { watch, tell } = afterLook(endedWatch('settling', { depth: 9 }), sawEnd(due, 4));
    expect(watch.end?.depth).toBe(4);
    expect(noticesIn(tell)).toMatchObject([
      { kind: 'correction', key: 'w1/ended', notice: { kind: 'ended', depth: 4 } },
    ]);
    const higher = afterLook(endedWatch('settling', { depth: 4 }), sawEnd(due, 9));
    expect([higher.watch.end?.depth, noticesIn(higher.tell)]).toEqual([4, []]);
  });

  test.each([
    ['moved', { moved: 101 }],
    ['to move', { toMove: 101 }],
    ['the reason', { failureReason: 'AccessDenied' }],
    ['the status', { status: 'FAILED', statusText: 'FAILED' }],
  ])('another number or word corrects what was said: %s', (_what, changes) => {
    const { watch, tell } = afterLook(
      endedWatch('bouncing', { depth: 0 }),
      sawEnd(due, 0, undefined, changes),
    );
    expect(noticesIn(tell)).toMatchObject([{ kind: 'correction', notice: { task: changes } }]);
    expect(watch.seen).toMatchObject({ task: changes, at: due });
  });

  test.each([
    ['a task that runs again is older than it looks', saw(due, { moved: 50 }, 0)],
    ['a task that is not listed tells nothing new', absent(due, 0)],
    ['the same again is no news', sawEnd(due, 0)],
  ])('%s', (_what, sighting) => {
    const watch = endedWatch('settling', { depth: 0 });
    const { watch: next, tell } = afterLook(watch, sighting);
    expect(noticesIn(tell)).toEqual([]);
    expect(next.seen?.task).toEqual(watch.seen?.task);
    expect(next.phase).toBe('bouncing');
  });

  test('the depth is compared a minute, five and fifteen after the end, and then no more', () => {
    const settles = noon + 70 * second;
    let watch = endedWatch('settling', { depth: 0 }, { nextLookAt: settles });
    ({ watch } = afterLook(watch, sawEnd(settles, 0)));
    const afterEnd: number[] = [];
    while (watch.phase !== 'over') {
      afterEnd.push((watch.nextLookAt - ended.seenAt) / minute);
      ({ watch } = afterLook(watch, sawEnd(watch.nextLookAt, 0)));
    }
    expect(afterEnd).toEqual([1, 5, 15]);
  });

  test('the steps that passed while the process stood still are done with one look', () => {
    const at = ended.seenAt + 6 * minute;
    const { watch } = afterLook(endedWatch('bouncing', { depth: 0 }), sawEnd(at, 0));
    expect(watch.nextLookAt).toBe(ended.seenAt + 15 * minute);
    expect(watch.end).toMatchObject({ checkedUpToMs: 6 * minute, failedLooks: 0 });
    const late = afterLook(endedWatch('settling', { depth: 0 }), sawEnd(at, 0));
    expect(late.watch.nextLookAt).toBe(at + second);
  });

  test('a step once done is not done again when the clock was set back', () => {
    const watch = endedWatch('bouncing', { depth: 0, checkedUpToMs: 5 * minute });
    expect(afterLook(watch, sawEnd(due, 0)).watch.nextLookAt).toBe(ended.seenAt + 15 * minute);
  });

  test.each<[string, Watch, Sighting, boolean]>([
    [
      'nothing was moved',
      endedWatch('settling', { depth: 0 }, { seen: { task: aTask({ ...completed, moved: 0 }), at: noon } }),
      absent(due, 0),
      true,
    ],
    ['the looks are spent', endedWatch('settling', { depth: 0 }, { looks: 2_897 }), sawEnd(due, 0), true],
    ['two looks are left', endedWatch('settling', { depth: 0 }, { looks: 2_896 }), sawEnd(due, 0), false],
    ['messages may come back', endedWatch('settling', { depth: 0 }), sawEnd(due, 0), false],
    [
      'its last state was never seen',
      aWatch({ phase: 'settling', end: { ...ended, depth: 0 }, nextLookAt: due }),
      absent(due, 0),
      false,
    ],
  ])('the watch is over: %s', (_when, watch, sighting, isOver) => {
    expect(afterLook(watch, sighting).watch.phase).toBe(isOver ? 'over' : 'bouncing');
  });
});

describe('a look after the end that tells nothing', () => {
  test.each([
    ['half a minute later, give or take a quarter', 0.5, 30_000],
    ['by chance as soon as', 0, 22_500],
    ['or as late as', 1, 37_500],
  ])('is tried again %s', (_when, random, delay) => {
    const { watch } = afterLook(endedWatch('settling', { depth: 0 }), sawNothing(due), { random });
    expect([watch.nextLookAt - due, watch.phase, watch.end?.failedLooks]).toEqual([delay, 'settling', 1]);
  });

  test.each([
    [
      'while the numbers settle, AWS does not answer',
      endedWatch('settling', { depth: 3, failedLooks: 2 }),
      sawNothing(due),
      'bouncing',
    ],
    ['the depth was never told', endedWatch('settling', { failedLooks: 2 }), sawEnd(due), 'over'],
    [
      'later, the depth is not told',
      endedWatch('bouncing', { depth: 3, failedLooks: 2 }),
      absent(due),
      'bouncing',
    ],
  ])('is tried three times: %s', (_why, watch, sighting, phase) => {
    const once = { ...watch, end: { ...ended, ...watch.end, failedLooks: 0 } };
    const { phase: before } = watch;
    expect(afterLook(once, sighting).watch).toMatchObject({ phase: before, end: { failedLooks: 1 } });
    expect(afterLook(watch, sighting).watch.phase).toBe(phase);
  });

  test('is not what another task is moving, though what was left cannot be told then', () => {
    expect(afterLook(endedWatch('settling'), sawEnd(due, 8, moving)).watch.phase).toBe('over');
  });

  test('is not missed when the depth is known already', () => {
    expect(afterLook(endedWatch('settling', { depth: 3 }), sawEnd(due)).watch.phase).toBe('bouncing');
  });

  test('waits no longer than the settings’ last step, or the next try', () => {
    expect(longestWaitAfterTheEnd(settings)).toBe(15 * minute);
    expect(longestWaitAfterTheEnd({ ...settings, bounceBackAfterSeconds: [] })).toBe(37_500);
  });
});

describe('messages that come back', () => {
  const back = (end: Partial<End>, sighting: Sighting) => {
    const { watch, tell } = afterLook(endedWatch('bouncing', { depth: 3, ...end }), sighting);
    return { notices: noticesIn(tell), highest: watch.end?.highestDepthTold };
  };
  const sinceEndMs = due - ended.seenAt;

  test('are said with how many more there are than at the end', () => {
    expect(back({}, sawEnd(due, 8))).toStrictEqual({
      notices: [
        {
          kind: 'notice',
          key: 'w1/bounced-back/8',
          notice: { kind: 'bounced-back', depth: 8, more: 5, sinceEndMs },
        },
      ],
      highest: 8,
    });
  });

  test('are said again when there are more, with how many more than the last time', () => {
    expect(back({ highestDepthTold: 6 }, absent(due, 8)).notices.map(({ notice }) => notice)).toStrictEqual([
      { kind: 'bounced-back', depth: 8, more: 5, moreThanTold: 2, sinceEndMs },
    ]);
  });

  test.each<[string, Partial<End>, Sighting]>([
    ['as many as at the end', {}, sawEnd(due, 3)],
    ['as many as were said', { highestDepthTold: 8 }, sawEnd(due, 8)],
    ['those that another task is moving', {}, sawEnd(due, 8, moving)],
    ['those that nobody counted', {}, sawEnd(due)],
  ])('are not %s', (_what, end, sighting) => {
    expect(back(end, sighting).notices).toEqual([]);
  });

  test('are those that are there when another task has ended', () => {
    expect(back({}, sawEnd(due, 8, moved)).notices).toHaveLength(1);
  });

  test('came at once when the clock was set back', () => {
    const watch = endedWatch('bouncing', { depth: 3, seenAt: due + minute });
    expect(noticesIn(afterLook(watch, absent(due, 8)).tell)).toMatchObject([{ notice: { sinceEndMs: 0 } }]);
  });
});
