import { describe, expect, test } from 'vitest';
import { type Following, withNews } from '../../../src/domain/following/following.ts';
import { aTask, noon } from '../watch/a-watch.ts';

const minute = 60_000;
const nothing: Following = { queueArn: 'arn', announcements: [] };
const known: Following = { ...nothing, knownUpTo: noon };
const ended = (startedAt: number) => aTask({ status: 'COMPLETED', startedAt });
const starts = ({ announcements }: Following) => announcements.map(({ startedAt }) => startedAt);
const looked = (following: Following, ...tasks: ReturnType<typeof aTask>[]) =>
  withNews(following, { at: noon + 90 * minute, tasks }, noon + 90 * minute);

describe('what is news', () => {
  test('at the first look: what has not ended, and nothing else', () => {
    const first = looked(nothing, aTask({ startedAt: noon + 2 }), ended(noon + 1), ended(noon));
    expect([starts(first), first.knownUpTo]).toEqual([[noon + 2], noon + 2]);
    expect(looked(nothing)).toEqual({ ...nothing, knownUpTo: 0 });
  });

  test('later: all that began since, the oldest first, also what has ended meanwhile', () => {
    const later = looked(
      known,
      aTask({ startedAt: noon + 3 }),
      ended(noon + 2),
      ended(noon + 1),
      ended(noon),
    );
    expect([starts(later), later.knownUpTo]).toEqual([[noon + 1, noon + 2, noon + 3], noon + 3]);
  });

  test('after the bot was away for days: not what has ended for long, but what still runs', () => {
    const at = noon + 3 * 24 * 60 * minute;
    const long = withNews(known, { at, tasks: [aTask({ startedAt: noon + 2 }), ended(noon + 1)] }, at);
    expect(starts(long)).toEqual([noon + 2]);
  });

  test('no task without a start, and none twice', () => {
    const { startedAt: _, ...nameless } = aTask();
    const once = looked(known, nameless, aTask({ startedAt: noon + 1 }));
    expect(starts(looked(once, aTask({ startedAt: noon + 1 })))).toEqual([noon + 1]);
  });
});

describe('what waits to be announced', () => {
  const once = looked(known, aTask({ startedAt: noon + 1 }));
  const statuses = ({ announcements }: Following) => announcements.map(({ seen }) => seen.task.status);

  test('shows how its task is now', () => {
    expect(statuses(looked(once, ended(noon + 1)))).toEqual(['COMPLETED']);
  });

  test('but keeps what it said where it may stand in the channel already', () => {
    const inDoubt = {
      ...once,
      announcements: once.announcements.map((one) => ({ ...one, maybeTold: true })),
    };
    expect(statuses(looked(inDoubt, ended(noon + 1)))).toEqual(['RUNNING']);
  });
});
