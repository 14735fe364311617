import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MoveTask } from '../../../src/domain/move-task.ts';
import { defaultWatchSettings } from '../../../src/domain/settings.ts';
import { delayForComingBack } from '../../../src/domain/watch/coming-back.ts';
import { decide } from '../../../src/domain/watch/decide.ts';
import type { Notification } from '../../../src/domain/watch/notification.ts';
import type { Watch } from '../../../src/domain/watch/watch.ts';
import { aTask, aWatch, noon, saw } from './a-watch.ts';
import { type Story, simulateReturn } from './simulated-return.ts';

/** The same runs each time. */
const sameRuns = { seed: 17, numRuns: 1_000 };
const rates = [10, 50];
const lags = [0, 15, 60];

const oddAnswers = {
  perSecond: fc.constantFrom(...rates),
  lagSeconds: fc.constantFrom(...lags),
  jitter: fc.boolean(),
  movedLagSeconds: fc.constantFrom(0, 5, 30, 60),
  totalAfterSeconds: fc.constantFrom(0, 0, 40, 300),
  joinedAtSeconds: fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 3 }),
  uncounted: fc.integer({ min: 0, max: 500 }),
  failEvery: fc.constantFrom(0, 0, 2, 3, 7),
  chances: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 20 }),
};

describe('with nothing coming back', () => {
  test('raises no false alarm in 1,000 runs, at 10 and 50 a second, with counts up to a minute late', () => {
    let misled = 0;
    fc.assert(
      fc.property(fc.record({ ...oddAnswers, seconds: fc.integer({ min: 220, max: 4_000 }) }), (story) => {
        const { said, naive } = simulateReturn(story);
        if (naive > story.perSecond * story.seconds * 0.01) misled += 1;
        expect(said).toEqual([]);
      }),
      sameRuns,
    );
    // The counts of these runs would have misled whoever took `moved` as it is.
    expect(misled).toBeGreaterThan(100);
  });
});

describe('with messages that come back, or newly fail', () => {
  test('never reports more than the true number', () => {
    const some = fc.record({
      ...oddAnswers,
      seconds: fc.integer({ min: 600, max: 8_000 }),
      arriving: fc.constantFrom(0, 0, 1, 8),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    let told = 0;
    fc.assert(
      fc.property(some, ({ share, ...story }) => {
        const back = (elapsed: number) => share * story.perSecond * Math.max(0, elapsed - 30);
        const { said } = simulateReturn({ ...story, back });
        told += said.length;
        for (const { atLeast, truth } of said) expect(atLeast).toBeLessThanOrEqual(truth);
      }),
      { ...sameRuns, numRuns: 300 },
    );
    expect(told).toBeGreaterThan(300);
  });

  test.each(rates.flatMap((perSecond) => lags.map((lagSeconds) => ({ perSecond, lagSeconds }))))(
    'reports a tenth that comes back at once within four minutes of the second minute: $perSecond a second, $lagSeconds s late',
    (pace) => {
      const other = {
        seconds: fc.integer({ min: 1_500, max: 40_000 }),
        back: fc.integer({ min: 1, max: 120 }),
      };
      fc.assert(
        fc.property(fc.record({ ...other, jitter: fc.boolean() }), ({ seconds, back: at, jitter }) => {
          const tenth = (pace.perSecond * seconds) / 10;
          const story: Story = { ...pace, seconds, jitter, back: (elapsed) => (elapsed >= at ? tenth : 0) };
          const [first] = simulateReturn(story).said;
          expect(first?.atSeconds).toBeLessThanOrEqual(6 * 60);
        }),
        { seed: 17, numRuns: 40 },
      );
    },
  );

  test('if half of all messages loop, the one message grows, and is posted again when it has doubled', () => {
    const story: Story = { perSecond: 10, seconds: 6_000, lagSeconds: 15, back: (elapsed) => elapsed * 5 };
    const { said } = simulateReturn(story);
    const messages = [...Map.groupBy(said, ({ how }) => how).values()].map((shown) =>
      shown.map(({ atLeast }) => atLeast),
    );
    const posted = messages.map(([atLeast = 0]) => atLeast);
    expect(messages.length).toBeGreaterThan(2);
    expect(messages.some((shown) => shown.length > 2)).toBe(true);
    for (const shown of messages) expect(shown).toEqual(shown.toSorted((a, b) => a - b));
    for (const [index, atLeast] of posted.entries())
      expect(atLeast).toBeGreaterThanOrEqual(2 * (posted[index - 1] ?? 0));
  });
});

const minute = 60_000;

describe('one poll after the other', () => {
  type Poll = [minutes: number, moved: number, depth: number | undefined, task?: Partial<MoveTask>];
  /** At these minutes, so many moved of 100, and so many in the DLQ. */
  const saidAfter = (...polls: Poll[]) => {
    const said: Notification[] = [];
    const sent: string[][] = [];
    const watch = polls.reduce<Watch>((before, [minutes, moved, depth, task]) => {
      const at = noon + minutes * minute;
      const observation = saw(at, { moved, toMove: 100, ...task }, depth);
      const decided = decide({
        ...{ watch: before, observation, now: at, settings: defaultWatchSettings },
        random: 0.5,
      });
      sent.push(decided.send.map((entry) => (entry.kind === 'card' ? 'card' : `${entry.kind} ${entry.key}`)));
      said.push(
        ...decided.send.flatMap((entry) =>
          entry.kind !== 'card' && entry.notification.kind === 'coming-back' ? [entry.notification] : [],
        ),
      );
      return decided.watch;
    }, aWatch());
    return { watch, said, sent, atLeast: said.map((one) => (one.kind === 'coming-back' ? one.atLeast : 0)) };
  };

  test('reports nothing before two minutes have passed', () => {
    expect(saidAfter([0, 50, 50], [0.5, 60, 90], [1.9, 60, 90]).atLeast).toEqual([]);
  });

  test('does not believe a single poll, or two within a minute', () => {
    expect(saidAfter([0, 60, 40], [2, 60, 70], [2.9, 60, 70]).atLeast).toEqual([]);
    expect(saidAfter([0, 60, 40], [2, 60, 70], [3, 60, 40]).atLeast).toEqual([]);
  });

  test('believes two polls as far as they agree', () => {
    expect(saidAfter([0, 60, 40], [2, 60, 70], [3, 60, 65]).atLeast).toEqual([25]);
    expect(saidAfter([0, 60, 40], [2, 60, 46], [3, 60, 46]).atLeast).toEqual([6]);
  });

  test('does not report five or fewer', () => {
    expect(saidAfter([0, 60, 40], [2, 60, 45], [3, 60, 45], [9, 60, 45]).atLeast).toEqual([]);
  });

  test('ignores a poll without a depth', () => {
    expect(saidAfter([0, 60, 40], [2, 60, 70], [2.5, 60, undefined], [3, 60, 70]).atLeast).toEqual([30]);
  });

  const back = [
    [0, 60, 40],
    [2, 60, 70],
    [3, 60, 70],
  ] satisfies Poll[];
  const thirty = { times: 1, posted: 30, atLeast: 30 };

  test('says it with the card, so that its depth does not contradict that', () => {
    const { sent, watch } = saidAfter(...back);
    expect(sent.at(-1)).toEqual(['notification w1/coming-back/1', 'card']);
    expect(watch.comingBack?.said).toEqual(thirty);
  });

  test('edits the message only when the number has grown by a twentieth', () => {
    const little = saidAfter(...back, [4, 60, 71], [5, 60, 71]);
    expect([little.sent.slice(-2).flat(), little.watch.comingBack?.said]).toEqual([[], thirty]);
    const grown = saidAfter(...back, [4, 60, 72], [5, 60, 72]);
    expect(grown.sent.at(-1)).toEqual(['correction w1/coming-back/1', 'card']);
    expect(grown.watch.comingBack?.said).toEqual({ ...thirty, atLeast: 32 });
  });

  test('posts another message when the number has doubled since the last one was posted', () => {
    const doubled = saidAfter(...back, [4, 60, 85], [5, 60, 85], [6, 60, 100], [7, 60, 100]);
    expect(doubled.atLeast).toEqual([30, 45, 60]);
    expect(doubled.sent.at(-1)).toEqual(['notification w1/coming-back/2', 'card']);
    expect(doubled.watch.comingBack?.said).toEqual({ times: 2, posted: 60, atLeast: 60 });
  });

  test('takes the call to cancel out of the message when the redrive ends, and names the number there', () => {
    const ended = saidAfter(...back, [4, 100, 30, { status: 'COMPLETED' }]);
    expect(ended.sent.at(-1)).toContain('correction w1/coming-back/1');
    expect(ended.said.at(-1)).toMatchObject({ atLeast: 30, task: { status: 'COMPLETED' } });
    const quiet = saidAfter([0, 60, 40], [4, 100, 0, { status: 'COMPLETED' }]);
    expect(quiet.said).toEqual([]);
  });

  test('does not report a hundredth or less', () => {
    const ofThousand = (more: number) =>
      [0, 2, 3].map((minutes): Poll => [minutes, 600, minutes === 0 ? 400 : 400 + more, { toMove: 1_000 }]);
    expect([saidAfter(...ofThousand(10)).atLeast, saidAfter(...ofThousand(11)).atLeast]).toEqual([[], [11]]);
  });

  test('compares with what was there at the first poll that counted it', () => {
    expect(saidAfter([0, 60, undefined], [1, 60, 50], [2, 60, 70], [3, 60, 70]).atLeast).toEqual([20]);
    const uncounted = saidAfter([0, 60, undefined], [2, 60, undefined]).watch.comingBack;
    expect(uncounted).not.toHaveProperty('base');
  });

  test('stores no more as the redrive continues', () => {
    const many = Array.from({ length: 600 }, (_, index): [number, number, number] => [index / 60, 10, 90]);
    expect(saidAfter(...many).watch.comingBack?.polls.length).toBeLessThan(16);
  });
});

describe('polls that are wanted to notice messages that come back', () => {
  const poll = { at: noon, moved: 3 };
  const watch = (minutes: number, given: Partial<Watch> = {}): Watch =>
    aWatch({ createdAt: noon - minutes * minute, seen: { task: aTask({ moved: 3 }), at: noon }, ...given });
  const { toMove: _, ...uncounted } = aTask();
  const never = Number.POSITIVE_INFINITY;

  test.each<[string, Watch, number]>([
    ['every minute while the watch is young', watch(5.9), minute],
    ['no more after six minutes', watch(6), never],
    ['no more without any number', watch(60, { comingBack: { polls: [] } }), never],
    [
      'every minute while one poll waits for another',
      watch(60, { comingBack: { polls: [{ ...poll, more: 6 }] } }),
      minute,
    ],
    ['no more for a few', watch(60, { comingBack: { polls: [{ ...poll, more: 5 }] } }), never],
    [
      'no more once it is said',
      watch(0, { comingBack: { polls: [], said: { times: 1, posted: 9, atLeast: 9 } } }),
      never,
    ],
    ['no more without a total', watch(0, { seen: { task: uncounted, at: noon } }), never],
    ['no more before the task is seen', aWatch(), never],
  ])('come %s', (_when, given, expected) => {
    expect(delayForComingBack(given, defaultWatchSettings)).toBe(expected);
    const slow = { ...defaultWatchSettings, minPollSeconds: 90 };
    expect(delayForComingBack(given, slow)).toBe(expected === never ? never : 90_000);
  });
});
