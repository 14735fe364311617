import { describe, expect, test } from 'vitest';
import {
  type Announcement,
  answered,
  changeAnnouncement,
  dueAnnouncements,
  dueQuestions,
  type Following,
  followingWithTimesClamped,
  nextAnnouncementAt,
  nextFollowPollAfter,
  nextQuestionAt,
  unanswered,
  withNews,
  withoutAnnouncement,
  withQuestions,
} from '../../../src/domain/following/following.ts';
import { FollowSettings } from '../../../src/domain/settings.ts';
import { aTask, noon } from '../watch/a-watch.ts';

const minute = 60_000;
const nothing: Following = { queueArn: 'arn', announcements: [] };
const known: Following = { ...nothing, knownUpTo: noon };
const ended = (startedAt: number) => aTask({ status: 'COMPLETED', startedAt });
const starts = ({ announcements }: Following) => announcements.map(({ startedAt }) => startedAt);
const polled = (following: Following, ...tasks: ReturnType<typeof aTask>[]) =>
  withNews(following, { at: noon + 90 * minute, tasks }, noon + 90 * minute);

describe('what is news', () => {
  test('at the first poll: only what has not ended', () => {
    const first = polled(nothing, aTask({ startedAt: noon + 2 }), ended(noon + 1), ended(noon));
    expect([starts(first), first.knownUpTo]).toEqual([[noon + 2], noon + 2]);
    expect(polled(nothing)).toEqual({ ...nothing, knownUpTo: 0 });
  });

  test('later: everything that has started since, oldest first, even if it has ended', () => {
    const later = polled(
      known,
      aTask({ startedAt: noon + 3 }),
      ended(noon + 2),
      ended(noon + 1),
      ended(noon),
    );
    expect([starts(later), later.knownUpTo]).toEqual([[noon + 1, noon + 2, noon + 3], noon + 3]);
  });

  test('after the bot was off for days: what still runs, but not what ended long ago', () => {
    const at = noon + 3 * 24 * 60 * minute;
    const long = withNews(known, { at, tasks: [aTask({ startedAt: noon + 2 }), ended(noon + 1)] }, at);
    expect(starts(long)).toEqual([noon + 2]);
  });

  test('includes one that has ended, until a day after its start', () => {
    const day = 24 * 60 * minute;
    const at = (now: number) => starts(withNews(known, { at: now, tasks: [ended(noon + 1)] }, now));
    expect([at(noon + day), at(noon + 1 + day)]).toEqual([[noon + 1], []]);
  });

  test('no task without a start, and none twice', () => {
    const { startedAt: _, ...nameless } = aTask();
    const once = polled(known, nameless, aTask({ startedAt: noon + 1 }));
    expect(starts(once)).toEqual([noon + 1]);
    expect(starts(polled(once, aTask({ startedAt: noon + 1 })))).toEqual([noon + 1]);
  });
});

describe('what waits to be announced', () => {
  const once = polled(known, aTask({ startedAt: noon + 1 }));
  const statuses = ({ announcements }: Following) => announcements.map(({ seen }) => seen.task.status);

  test('is due at once, under a key of its own, with what was seen', () => {
    const at = noon + 9;
    const task = aTask({ startedAt: noon + 1 });
    const waits = {
      startedAt: noon + 1,
      maybeDelivered: false,
      since: noon + 10,
      notBefore: noon + 10,
      failures: 0,
    };
    const result = (poll: object) => withNews(known, { at, tasks: [task], ...poll }, noon + 10).announcements;
    const key = `arn/${noon + 1}/began`;
    expect(result({ depth: 7 })).toStrictEqual([{ ...waits, key, seen: { task, at, depth: 7 } }]);
    expect(result({})).toStrictEqual([{ ...waits, key, seen: { task, at } }]);
  });

  test('shows only its own task, and does not change while that is not listed', () => {
    const two = polled(known, aTask({ startedAt: noon + 2 }), aTask({ startedAt: noon + 1 }));
    expect(statuses(polled(two, aTask({ startedAt: noon + 2 }), ended(noon + 1)))).toEqual([
      'COMPLETED',
      'RUNNING',
    ]);
    expect(polled(two).announcements).toEqual(two.announcements);
  });

  test('shows the current state of its task', () => {
    expect(statuses(polled(once, ended(noon + 1)))).toEqual(['COMPLETED']);
  });

  test('but is not changed if it may already be in the channel', () => {
    const inDoubt = {
      ...once,
      announcements: once.announcements.map((one) => ({ ...one, maybeDelivered: true })),
    };
    expect(statuses(polled(inDoubt, ended(noon + 1)))).toEqual(['RUNNING']);
  });
});

const anAnnouncement = (key: string, changes: Partial<Announcement> = {}): Announcement => ({
  key,
  startedAt: noon,
  seen: { task: aTask(), at: noon },
  maybeDelivered: false,
  since: noon,
  notBefore: noon,
  failures: 0,
  ...changes,
});
const two: Following = {
  ...nothing,
  announcements: [anAnnouncement('a', { startedAt: noon + 1, notBefore: noon + 9 }), anAnnouncement('b')],
  questions: [
    { startedAt: noon + 1, askAt: noon + 9 },
    { startedAt: noon, askAt: noon },
  ],
};
const keys = (announcements: readonly Announcement[]) => announcements.map(({ key }) => key);

describe('announcements', () => {
  test('are due from their scheduled time on', () => {
    const dueAt = (now: number) => keys(dueAnnouncements(two, now));
    expect([noon - 1, noon, noon + 9].map(dueAt)).toEqual([[], ['b'], ['a', 'b']]);
    expect([nextAnnouncementAt(two), nextAnnouncementAt(nothing)]).toEqual([noon, undefined]);
  });

  test('are changed and dropped one by one', () => {
    const failed = changeAnnouncement(two, 'b', { failures: 1 });
    expect(failed).toEqual({
      ...two,
      announcements: [two.announcements[0], { ...two.announcements[1], failures: 1 }],
    });
    expect(withoutAnnouncement(two, 'b')).toEqual({ ...two, announcements: [two.announcements[0]] });
  });
});

describe('who started a task', () => {
  const times = ({ questions }: Following) => questions?.map(({ askAt }) => askAt);

  test('is asked for each new task, in addition to pending questions', () => {
    const tasks = [aTask({ startedAt: noon + 2 }), aTask({ startedAt: noon + 1 }), aTask()];
    const asked = withQuestions(
      { ...known, questions: [{ startedAt: 7, askAt: 8 }] },
      { at: noon + 3, tasks },
      noon + 3,
    );
    expect(asked.questions).toEqual([
      { startedAt: 7, askAt: 8 },
      { startedAt: noon + 1, previousStartedAt: noon, askAt: noon + 30_001 },
      { startedAt: noon + 2, previousStartedAt: noon + 1, askAt: noon + 30_002 },
    ]);
    expect(withQuestions(known, { at: noon, tasks: [aTask()] }, noon).questions).toEqual([]);
  });

  test('is asked when it is due', () => {
    const dueAt = (now: number) => dueQuestions(two, now).map(({ startedAt }) => startedAt);
    expect([noon - 1, noon, noon + 9].map(dueAt)).toEqual([[], [noon], [noon + 1, noon]]);
    expect(dueQuestions(nothing, noon)).toEqual([]);
    expect([
      nextQuestionAt(two),
      nextQuestionAt(nothing),
      nextQuestionAt({ ...nothing, questions: [] }),
    ]).toEqual([noon, undefined, undefined]);
  });

  test('is asked again while CloudTrail does not know it, and finally dropped', () => {
    expect(times(unanswered(two, noon, noon))).toEqual([noon + 9, noon + 30_000]);
    expect(times(unanswered(two, noon, noon + 60 * minute))).toEqual([noon + 9]);
    expect(unanswered(nothing, noon, noon).questions).toEqual([]);
  });

  test('is settled once known, and shown on the waiting card', () => {
    const { announcements, questions } = answered(two, noon, 'ada');
    expect(questions).toEqual([{ startedAt: noon + 1, askAt: noon + 9 }]);
    expect(announcements.map(({ startedBy }) => startedBy)).toEqual([undefined, 'ada']);
    expect(answered(nothing, noon, 'ada')).toEqual({ ...nothing, questions: [] });
  });

  test("is dropped once it can't be known, and the card leaves it out", () => {
    expect(answered(two, noon)).toStrictEqual({ ...two, questions: two.questions?.slice(0, 1) });
  });
});

test('after the clock goes back, nothing is in the future, and nothing waits for long', () => {
  const ahead: Following = {
    ...nothing,
    knownUpTo: noon + 99,
    announcements: [
      anAnnouncement('a', { since: noon + 20, notBefore: noon + 30, seen: { task: aTask(), at: noon + 10 } }),
      anAnnouncement('b', { since: 1, notBefore: 2, seen: { task: aTask(), at: 3 } }),
    ],
  };
  const asked: Following = {
    ...ahead,
    questions: [5, 30].map((after) => ({ startedAt: 1, askAt: noon + after })),
  };
  const back = {
    ...ahead,
    announcements: [
      anAnnouncement('a', { since: noon, notBefore: noon + 9, seen: { task: aTask(), at: noon } }),
      ahead.announcements[1],
    ],
  };
  expect(followingWithTimesClamped(ahead, noon, noon + 9)).toStrictEqual(back);
  expect(followingWithTimesClamped(asked, noon, noon + 9)).toStrictEqual({
    ...back,
    questions: [5, 9].map((after) => ({ startedAt: 1, askAt: noon + after })),
  });
});

describe('a followed queue is polled', () => {
  test.each([
    ['as often as the settings say', 0, 0.5, 75, 75_000],
    ['a fifth earlier', 0, 0, 75, 60_000],
    ['or later, by chance', 0, 1, 75, 90_000],
    ['half as often after each failure', 2, 0.5, 75, 300_000],
    ['every quarter of an hour at least', 30, 0.5, 75, 900_000],
    ['never more often than the settings say', 5, 0.5, 1_000, 1_000_000],
    ['on whole milliseconds', 0, 0.00001, 75, 60_001],
  ])('%s', (_when, failures, random, everySeconds, expected) => {
    expect(nextFollowPollAfter(noon, { everySeconds, failures, random }) - noon).toBe(expected);
  });

  test('about 1,150 times a day by default, as docs/settings.md says', () => {
    const { followEverySeconds: everySeconds } = FollowSettings.parse({});
    let polls = 0;
    for (let at = noon; at < noon + 86_400_000; polls += 1)
      at = nextFollowPollAfter(at, { everySeconds, failures: 0, random: (polls % 5) / 4 });
    expect(Math.abs(polls - 1_150)).toBeLessThan(10);
  });
});
