import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MoveTask } from '../../../src/domain/move-task.ts';
import { isFinished, moveTaskStatuses } from '../../../src/domain/move-task-status.ts';
import { progressOf } from '../../../src/domain/progress.ts';
import { defaultWatchSettings } from '../../../src/domain/settings.ts';
import { decide } from '../../../src/domain/watch/decide.ts';
import type { OutboxEntry } from '../../../src/domain/watch/notification.ts';
import type { Observation } from '../../../src/domain/watch/observation.ts';
import type { Watch } from '../../../src/domain/watch/watch.ts';
import { aTask, aWatch, denied, noon, saw, sawNothing, throttled } from './a-watch.ts';

const hour = 3_600_000;

type Seen = { polls: number; watch: Watch; send: OutboxEntry[]; delays: number[] };

/** Simulates a watch until it is over, or until `atMost` polls were made. */
function follow(
  world: (now: number, poll: number) => Observation,
  { settings = defaultWatchSettings, random = 0.5, start = aWatch(), late = 0, atMost = 4_000 } = {},
): Seen {
  const seen: Seen = { polls: 0, watch: start, send: [], delays: [] };
  while (seen.watch.phase !== 'over' && seen.polls < atMost) {
    const now = seen.watch.nextPollAt + late;
    const { watch, send } = decide({
      watch: seen.watch,
      observation: world(now, seen.polls),
      now,
      settings,
      random,
    });
    seen.polls += 1;
    seen.delays.push(watch.nextPollAt - now);
    seen.watch = watch;
    seen.send.push(...send);
  }
  return seen;
}

const kindsOf = (send: OutboxEntry[]) =>
  send.filter((one) => one.kind === 'notification').map((one) => one.notification.kind);

const count = fc.option(fc.nat(2_000), { nil: undefined });
const anyTask: fc.Arbitrary<MoveTask> = fc
  .record({ status: fc.constantFrom(...moveTaskStatuses), moved: count, toMove: count })
  .map(({ status, moved, toMove }) => {
    const { moved: _, toMove: __, ...bare } = aTask({ status });
    return { ...bare, ...(moved !== undefined && { moved }), ...(toMove !== undefined && { toMove }) };
  });
const anyKind = fc.oneof(
  { weight: 6, arbitrary: anyTask.map((task) => ({ kind: 'seen' as const, task })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'absent' as const }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(denied, throttled).map((awsError) => ({ kind: 'error' as const, awsError })),
  },
);
const anyObservation = fc
  .record({
    what: anyKind,
    calls: fc.integer({ min: 1, max: 2 }),
    depth: fc.option(fc.nat(50), { nil: undefined }),
  })
  .map(
    ({ what, calls, depth }) =>
      (at: number): Observation =>
        what.kind === 'error'
          ? { ...what, at, calls: 1 }
          : {
              ...what,
              at,
              calls: what.kind === 'seen' ? 1 : calls,
              position: 0,
              ...(depth !== undefined && { depth }),
            },
  );
const anySettings = fc.record({
  minPollSeconds: fc.integer({ min: 1, max: 20 }),
  maxPollSeconds: fc.integer({ min: 20, max: 900 }),
  bounceBackAfterSeconds: fc.array(fc.integer({ min: 1, max: 86_400 }), { maxLength: 6 }),
  stalledAfterMinutes: fc.integer({ min: 1, max: 1440 }),
});

describe('a watch in any world', () => {
  const anyWorld = fc.array(anyObservation, { minLength: 1, maxLength: 40 });

  test('always ends within 2,900 polls, and reports at most once how it ended', () => {
    fc.assert(
      fc.property(
        anyWorld,
        anySettings,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (world, settings, random) => {
          const { watch, send } = follow((now, poll) => (world[poll % world.length] ?? sawNothing)(now), {
            settings: { ...defaultWatchSettings, ...settings },
            random,
          });
          const ends = kindsOf(send).filter((kind) => kind === 'ended' || kind === 'gave-up');
          expect({ phase: watch.phase, ends: ends.length, fits: watch.polls <= 2_900 }).toEqual({
            phase: 'over',
            ends: 1,
            fits: true,
          });
        },
      ),
      { numRuns: 150 },
    );
  });

  test('never uses a key twice', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { send } = follow((now, poll) => (world[poll % world.length] ?? sawNothing)(now));
        const keys = send.filter((one) => one.kind === 'notification').map((one) => one.key);
        expect(keys).toEqual([...new Set(keys)]);
      }),
    );
  });

  test('never shows nonsense, whatever order the counters arrive in', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { send, delays, watch } = follow((now, poll) =>
          (world[poll % world.length] ?? sawNothing)(now),
        );
        const shares = send.flatMap((one) =>
          one.kind === 'card'
            ? [progressOf(one.state.task, one.state.seenAt, one.state.earlier).share ?? 0]
            : [],
        );
        expect(shares.filter((share) => !(share >= 0 && share <= 1))).toEqual([]);
        expect(delays.filter((delay) => !Number.isFinite(delay))).toEqual([]);
        expect(/NaN|Infinity|:null/.exec(JSON.stringify([send, watch]))).toBeNull();
      }),
    );
  });

  test('never reports an end that was not seen', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { send } = follow((now, poll) => (world[poll % world.length] ?? sawNothing)(now));
        const ended = send.flatMap((one) =>
          one.kind === 'notification' && one.notification.kind === 'ended' ? [one.notification.task] : [],
        );
        expect(ended.filter((task) => !isFinished(task))).toEqual([]);
      }),
    );
  });

  test('resumes from a suspension at any moment without reporting a second end', () => {
    fc.assert(
      fc.property(anyWorld, fc.integer({ min: 0, max: 30 * hour }), (world, late) => {
        const { send } = follow((now, poll) => (world[poll % world.length] ?? sawNothing)(now), { late });
        expect(kindsOf(send).filter((kind) => kind === 'ended' || kind === 'gave-up')).toHaveLength(1);
      }),
    );
  });
});

describe('a watch and its polls', () => {
  const forEver = (now: number) => saw(now, { moved: Math.floor((now - noon) / 1000), toMove: 10_000_000 });

  test.each([
    ['the default pace', defaultWatchSettings],
    ['a poll each second', { ...defaultWatchSettings, minPollSeconds: 1, maxPollSeconds: 1 }],
    ['a poll each 900 s', { ...defaultWatchSettings, minPollSeconds: 900, maxPollSeconds: 900 }],
  ])(
    'a task that never ends costs at most 2,900 polls at %s, and is given up after 48 hours',
    (_, settings) => {
      const { watch, send } = follow(forEver, { settings });
      expect(watch.polls).toBeLessThanOrEqual(2_900);
      expect(kindsOf(send)).toEqual(['too-slow', 'gave-up']);
      expect(watch.nextPollAt - noon).toBeGreaterThanOrEqual(48 * hour);
    },
  );

  test('are spread over the two days even if requested every second', () => {
    const { delays } = follow(forEver, {
      settings: { ...defaultWatchSettings, minPollSeconds: 1, maxPollSeconds: 1 },
    });
    expect(Math.max(...delays.slice(0, -1))).toBeLessThan(200_000);
  });

  test('allow for lists that need two calls', () => {
    const settings = { ...defaultWatchSettings, minPollSeconds: 1, maxPollSeconds: 1 };
    const { watch } = follow((now) => ({ ...sawNothing(now), calls: 2 }), { settings });
    expect(watch.polls).toBeLessThanOrEqual(2_900);
  });

  test('are free if made for another watch of the queue', () => {
    const watch = aWatch({ nextPollAt: noon + 60_000 });
    const input = {
      watch,
      observation: saw(noon + 5_000),
      now: noon + 5_000,
      settings: defaultWatchSettings,
      random: 0,
    };
    expect(decide(input).watch.polls).toBe(0);
  });

  test('back off with jitter while SQS throttles', () => {
    const delays = (random: number) =>
      follow((now) => sawNothing(now, throttled), { random, atMost: 5 }).delays;
    expect(delays(0.5)).toEqual([5_000, 10_000, 20_000, 40_000, 80_000]);
    expect(delays(0)).toEqual([3_750, 7_500, 15_000, 30_000, 60_000]);
    expect(delays(1)).toEqual([6_250, 12_500, 25_000, 50_000, 100_000]);
  });

  test('a shared poll before a bounce-back is due changes nothing', () => {
    const ended = follow((now) => saw(now, { status: 'COMPLETED', moved: 100 }, 0), { atMost: 2 }).watch;
    const early = ended.nextPollAt - 1;
    const observation = saw(early, { status: 'COMPLETED', moved: 100 }, 50);
    expect(
      decide({ watch: ended, observation, now: early, settings: defaultWatchSettings, random: 0 }),
    ).toEqual({
      watch: ended,
      send: [],
    });
  });
});

describe('the card of a watch', () => {
  test('is left alone while nothing moves, except once in ten minutes', () => {
    const { send } = follow((now) => saw(now, { moved: 7 }), { atMost: 60 });
    const edits = send.flatMap((one) => (one.kind === 'card' ? [one.state.seenAt] : []));
    const gaps = edits.slice(1).map((at, index) => at - (edits[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(600_000);
  });

  test('is not edited once it has been deleted', () => {
    const world = (now: number) =>
      saw(now, now < noon + 60_000 ? { moved: 1 } : { status: 'COMPLETED', moved: 100 }, 0);
    const { send } = follow(world, { start: aWatch({ cardGone: true }) });
    expect(send.map((one) => one.kind)).toEqual(['notification']);
  });
});

describe('an outage', () => {
  test('is reported at most three times', () => {
    const flapping = (now: number) =>
      Math.floor((now - noon) / (30 * 60_000)) % 2 === 0
        ? sawNothing(now)
        : saw(now, { moved: Math.floor(now / 1000) - noon / 1000 });
    expect(kindsOf(follow(flapping).send).filter((kind) => kind === 'cannot-see')).toHaveLength(3);
  });

  test('of one poll after a long suspension does not make it give up', () => {
    const now = noon + 60 * hour;
    const { watch } = decide({
      watch: aWatch(),
      observation: sawNothing(now),
      now,
      settings: defaultWatchSettings,
      random: 0,
    });
    expect(watch.phase).toBe('running');
  });
});
