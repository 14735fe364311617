import { describe, expect, test } from 'vitest';
import { defaultWatchSettings as settings } from '../../../src/domain/settings.ts';
import { cardStateOf } from '../../../src/domain/watch/card-state.ts';
import { decide } from '../../../src/domain/watch/decide.ts';
import type { Decision, Notification } from '../../../src/domain/watch/notification.ts';
import type { Observation } from '../../../src/domain/watch/observation.ts';
import { newWatch, Watch } from '../../../src/domain/watch/watch.ts';
import { aTask, aWatch, noon, saw } from './a-watch.ts';

const minute = 60_000;
const hour = 60 * minute;

const afterPoll = (
  watch: Watch,
  observation: Observation,
  now = observation.at,
  given = settings,
): Decision => decide({ watch, observation, now, settings: given, random: 0.5 });
const said = ({ send }: Decision): Notification[] =>
  send.flatMap((one) => (one.kind === 'notification' ? [one.notification] : []));
const uncounted = (at: number): Observation => {
  const { moved: _, ...task } = aTask();
  return { kind: 'seen', at, calls: 1, position: 0, task };
};

describe('a poll of a running task', () => {
  test('stores what it saw, with the messages in the DLQ if known', () => {
    const counted = afterPoll(aWatch(), saw(noon + 9, { moved: 4 }, 7));
    expect(counted.watch.seen).toStrictEqual({ task: aTask({ moved: 4 }), at: noon + 9, depth: 7 });
    const alone = afterPoll(aWatch(), saw(noon + 9, { moved: 4 }));
    expect(alone.watch.seen).toStrictEqual({ task: aTask({ moved: 4 }), at: noon + 9 });
  });

  test('stores how many messages are in the source queue, for the card', () => {
    const source = { name: 'orders', depth: { waiting: 7, inFlight: 1, delayed: 0 } };
    const { watch } = afterPoll(aWatch(), { ...saw(noon + 9, { moved: 4 }), source } as Observation);
    expect([watch.seen?.source, cardStateOf(watch)?.source]).toEqual([source, source]);
    const without = afterPoll(watch, saw(noon + 60_000, { moved: 5 })).watch;
    expect(cardStateOf(without)).not.toHaveProperty('source');
  });

  test("stores the task's position in the list, and a newer task", () => {
    const newer = { startedAt: noon + 1, finished: true };
    const observation: Observation = {
      kind: 'seen',
      at: noon + 9,
      calls: 2,
      position: 3,
      task: aTask(),
      newer,
    };
    const { watch } = afterPoll(aWatch({ polls: 5, absences: 2, pollsWithoutTask: 2 }), observation);
    expect(watch).toMatchObject({ position: 3, newer, polls: 7, absences: 0, pollsWithoutTask: 0 });
    expect(afterPoll(watch, saw(watch.nextPollAt)).watch).toMatchObject({ position: 0, newer: undefined });
  });

  test('stores the last six counts', () => {
    const counts = [1, 2, 3, 4, 5, 6].map((moved) => ({ at: noon + moved, moved }));
    expect(afterPoll(aWatch({ counts }), saw(noon + 7, { moved: 7 })).watch.counts).toEqual([
      ...counts.slice(1),
      { at: noon + 7, moved: 7 },
    ]);
    expect(afterPoll(aWatch({ counts }), uncounted(noon + 7)).watch.counts).toBe(counts);
  });

  test('leaves a watch that is over unchanged', () => {
    const watch = aWatch({ phase: 'over', nextPollAt: noon });
    expect(afterPoll(watch, saw(noon + hour))).toEqual({ watch, send: [] });
  });
});

describe('a task has made progress', () => {
  const seen = { task: aTask({ moved: 3 }), at: noon + minute };
  const watch = aWatch({ seen, counts: [{ at: noon + minute, moved: 3 }], progressedAt: noon + minute });
  const at = noon + 10 * minute;

  test.each<[string, Watch, Observation, number]>([
    ['when more was moved than ever', watch, saw(at, { moved: 4 }), at],
    ['when its status changes', watch, saw(at, { moved: 3, status: 'CANCELLING' }), at],
    ['when nothing tells of a time before', aWatch(), uncounted(at), at],
    [
      'when it was not seen for more than 45 minutes',
      watch,
      saw(noon + 46 * minute + 1, { moved: 3 }),
      noon + 46 * minute + 1,
    ],
    ['not when it was not seen for 45 minutes', watch, saw(noon + 46 * minute, { moved: 3 }), noon + minute],
    ['not when as much was moved', watch, saw(at, { moved: 3 }), noon + minute],
    ['not when less was moved, as late counters tell', watch, saw(at, { moved: 2 }), noon + minute],
    ['not when nothing is counted', watch, uncounted(at), noon + minute],
    ['when the first count comes, though it is nothing', { ...watch, counts: [] }, saw(at, { moved: 0 }), at],
  ])('%s', (_when, before, observation, progressedAt) => {
    expect(afterPoll(before, observation).watch.progressedAt).toBe(progressedAt);
  });
});

describe('a stall', () => {
  const stalledAt = (at: number, observation = saw(at, { moved: 3 }), given = settings) => {
    const seen = { task: aTask({ moved: 3 }), at: noon + 10 * minute };
    const counts = [{ at: noon, moved: 3 }];
    return said(afterPoll(aWatch({ seen, counts, progressedAt: noon }), observation, at, given));
  };

  test('is reported exactly when nothing has moved for fifteen minutes', () => {
    expect(stalledAt(noon + 15 * minute - 1)).toEqual([]);
    expect(stalledAt(noon + 15 * minute)).toEqual([
      { kind: 'stalled', task: aTask({ moved: 3 }), forMs: 15 * minute },
    ]);
  });

  test('is reported when nothing has moved for as long as the settings say', () => {
    const patient = { ...settings, stalledAfterMinutes: 20 };
    expect(stalledAt(noon + 20 * minute - 1, undefined, patient)).toEqual([]);
    expect(stalledAt(noon + 20 * minute, undefined, patient)).toMatchObject([{ forMs: 20 * minute }]);
  });

  test('is not reported while nothing is counted', () => {
    expect(stalledAt(noon + hour, uncounted(noon + 20 * minute))).toEqual([]);
  });
});

describe('a task that will not end within 36 hours', () => {
  /** Moved at a constant rate since its start, out of 100,000 messages for each hour that it will take. */
  const saidAt = (at: number, hoursInAll: number) => {
    const moved = Math.round(((at - noon) / (hoursInAll * hour)) * 100_000);
    const progressedAt = { progressedAt: at };
    return said(afterPoll(aWatch(progressedAt), saw(at, { moved, toMove: 100_000 }))).filter(
      ({ kind }) => kind !== 'stalled',
    );
  };

  test.each([
    ['is said from its sixteenth minute on', 15 * minute, 40, true],
    ['is not said earlier, for that says little', 15 * minute - 1, 40, false],
    ['is not said of one that may just end in time', 18 * hour, 36, false],
    ['is said of one that ends a little later', 18 * hour, 36.1, true],
    ['is said at the last moment', 36 * hour, 50, true],
    ['is not said beyond it, for then our clock is ahead', 36 * hour + 1, 50, false],
  ])('%s', (_when, age, hoursInAll, isSaid) => {
    expect(saidAt(noon + age, hoursInAll).length).toBe(isSaid ? 1 : 0);
  });

  test('is reported with the time it needs and the time it has', () => {
    expect(saidAt(noon + 20 * hour, 40)).toEqual([
      {
        kind: 'too-slow',
        task: aTask({ moved: 50_000, toMove: 100_000 }),
        secondsLeft: 20 * 3_600,
        limitAt: noon + 36 * hour,
      },
    ]);
  });

  test('is not reported if its end is unknown', () => {
    expect(said(afterPoll(aWatch({ progressedAt: noon + hour }), uncounted(noon + hour)))).toEqual([]);
  });
});

describe('a task that still runs after two days', () => {
  const spent = { polls: 2_839, nextPollAt: noon };

  test('is watched as long as there are polls left', () => {
    const at = noon + 48 * hour;
    const left = afterPoll(aWatch({ polls: 2_000 }), saw(at, { moved: 1 }));
    expect([left.watch.phase, said(left)]).toEqual(['running', []]);
    const before = afterPoll(aWatch(spent), saw(at - 1, { moved: 1 }));
    expect(before.watch.phase).toBe('running');
    // The number of polls made before this one.
    const last = afterPoll(aWatch({ ...spent, polls: 2_840 }), saw(at, { moved: 1 }));
    expect(last.watch.phase).toBe('over');
    expect(said(last)).toMatchObject([
      { kind: 'gave-up', because: 'two-days-since-start', lastSeen: { task: { moved: 1 } } },
    ]);
  });
});

describe('a new watch', () => {
  const given = { id: 'w9', queueArn: 'arn', startedAt: noon - hour, card: { channel: 'C1', ts: '1.1' } };

  test('has no watchers, has seen nothing, and is due at once', () => {
    expect(newWatch({ ...given, now: noon })).toStrictEqual({
      ...given,
      watchers: [],
      named: [],
      createdAt: noon,
      phase: 'running',
      nextPollAt: noon,
      polls: 0,
      position: 0,
      counts: [],
      cannotPollSaid: 0,
      absences: 0,
      pollsWithoutTask: 0,
      said: [],
      shown: { at: 0, what: '' },
      cardGone: false,
    });
  });

  test('may belong to a channel that follows the queue', () => {
    const followed = { startedBy: 'ada' };
    expect(newWatch({ ...given, now: noon, followed }).followed).toBe(followed);
  });
});

describe('a watch of a newer version', () => {
  const end = { seenAt: noon, checkedUpToMs: 0, failedPolls: 0 };

  test.each([
    ['runs on in a phase that is not known', { phase: 'verifying' }, 'running'],
    ['goes on after the end in one that is not known', { phase: 'verifying', end }, 'bouncing'],
    ['stays in one that is known', { phase: 'settling', end }, 'settling'],
  ])('%s', (_what, changes, phase) => {
    expect(Watch.parse({ ...aWatch(), ...changes }).phase).toBe(phase);
  });

  test('is not one without a phase', () => {
    expect(Watch.safeParse({ ...aWatch(), phase: 7 }).success).toBe(false);
    expect(Watch.safeParse({ ...aWatch(), phase: undefined }).success).toBe(false);
  });
});
