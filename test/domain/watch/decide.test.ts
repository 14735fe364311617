import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFinished, type MoveTask, moveTaskStatuses } from '../../../src/domain/move-task.ts';
import { progressOf } from '../../../src/domain/progress.ts';
import { decide } from '../../../src/domain/watch/decide.ts';
import type { Sighting } from '../../../src/domain/watch/sighting.ts';
import type { Telling } from '../../../src/domain/watch/telling.ts';
import type { Watch } from '../../../src/domain/watch/watch.ts';
import { defaultWatchSettings } from '../../../src/domain/watch/watch-settings.ts';
import { aTask, aWatch, denied, noon, saw, sawNothing, throttled } from './a-watch.ts';

const hour = 3_600_000;

type Seen = { looks: number; watch: Watch; tell: Telling[]; delays: number[] };

/** Follows a watch through a world until it is over, or `atMost` looks were made. */
function follow(
  world: (now: number, look: number) => Sighting,
  { settings = defaultWatchSettings, random = 0.5, start = aWatch(), late = 0, atMost = 4_000 } = {},
): Seen {
  const seen: Seen = { looks: 0, watch: start, tell: [], delays: [] };
  while (seen.watch.phase !== 'over' && seen.looks < atMost) {
    const now = seen.watch.nextLookAt + late;
    const { watch, tell } = decide({
      watch: seen.watch,
      sighting: world(now, seen.looks),
      now,
      settings,
      random,
    });
    seen.looks += 1;
    seen.delays.push(watch.nextLookAt - now);
    seen.watch = watch;
    seen.tell.push(...tell);
  }
  return seen;
}

const kindsOf = (tell: Telling[]) =>
  tell.filter((one) => one.kind === 'notice').map((one) => one.notice.kind);

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
    arbitrary: fc.constantFrom(denied, throttled).map((problem) => ({ kind: 'not-seen' as const, problem })),
  },
);
const anySighting = fc
  .record({
    what: anyKind,
    calls: fc.integer({ min: 1, max: 2 }),
    depth: fc.option(fc.nat(50), { nil: undefined }),
  })
  .map(
    ({ what, calls, depth }) =>
      (at: number): Sighting =>
        what.kind === 'not-seen'
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
});

describe('a watch in any world', () => {
  const anyWorld = fc.array(anySighting, { minLength: 1, maxLength: 40 });

  test('always ends, within 2,900 looks, and says at most once how', () => {
    fc.assert(
      fc.property(
        anyWorld,
        anySettings,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (world, settings, random) => {
          const { watch, tell } = follow((now, look) => (world[look % world.length] ?? sawNothing)(now), {
            settings,
            random,
          });
          const ends = kindsOf(tell).filter((kind) => kind === 'ended' || kind === 'gave-up');
          expect({ phase: watch.phase, ends: ends.length, fits: watch.looks <= 2_900 }).toEqual({
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
        const { tell } = follow((now, look) => (world[look % world.length] ?? sawNothing)(now));
        const keys = tell.filter((one) => one.kind === 'notice').map((one) => one.key);
        expect(keys).toEqual([...new Set(keys)]);
      }),
    );
  });

  test('never shows nonsense, whatever order the counters come in', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { tell, delays, watch } = follow((now, look) =>
          (world[look % world.length] ?? sawNothing)(now),
        );
        const shares = tell.flatMap((one) =>
          one.kind === 'card'
            ? [progressOf(one.state.task, one.state.seenAt, one.state.earlier).share ?? 0]
            : [],
        );
        expect(shares.filter((share) => !(share >= 0 && share <= 1))).toEqual([]);
        expect(delays.filter((delay) => !Number.isFinite(delay))).toEqual([]);
        expect(/NaN|Infinity|:null/.exec(JSON.stringify([tell, watch]))).toBeNull();
      }),
    );
  });

  test('never says that a task ended which was not seen ended', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { tell } = follow((now, look) => (world[look % world.length] ?? sawNothing)(now));
        const ended = tell.flatMap((one) =>
          one.kind === 'notice' && one.notice.kind === 'ended' ? [one.notice.task] : [],
        );
        expect(ended.filter((task) => !isFinished(task))).toEqual([]);
      }),
    );
  });

  test('comes back from a deep freeze at any moment without a second end', () => {
    fc.assert(
      fc.property(anyWorld, fc.integer({ min: 0, max: 30 * hour }), (world, late) => {
        const { tell } = follow((now, look) => (world[look % world.length] ?? sawNothing)(now), { late });
        expect(kindsOf(tell).filter((kind) => kind === 'ended' || kind === 'gave-up')).toHaveLength(1);
      }),
    );
  });
});

describe('a watch and its looks', () => {
  const forEver = (now: number) => saw(now, { moved: Math.floor((now - noon) / 1000), toMove: 10_000_000 });

  test.each([
    ['the default pace', defaultWatchSettings],
    ['a look each second', { ...defaultWatchSettings, minPollSeconds: 1, maxPollSeconds: 1 }],
    ['a look each 900 s', { ...defaultWatchSettings, minPollSeconds: 900, maxPollSeconds: 900 }],
  ])(
    'a task that never ends costs at most 2,900 looks at %s, and is given up after 48 hours',
    (_, settings) => {
      const { watch, tell } = follow(forEver, { settings });
      expect(watch.looks).toBeLessThanOrEqual(2_900);
      expect(kindsOf(tell)).toEqual(['too-slow', 'gave-up']);
      expect(watch.nextLookAt - noon).toBeGreaterThanOrEqual(48 * hour);
    },
  );

  test('are spread over the two days when they are asked for each second', () => {
    const { delays } = follow(forEver, {
      settings: { ...defaultWatchSettings, minPollSeconds: 1, maxPollSeconds: 1 },
    });
    expect(Math.max(...delays.slice(0, -1))).toBeLessThan(200_000);
  });

  test('lists that must be asked for twice fit as well', () => {
    const settings = { ...defaultWatchSettings, minPollSeconds: 1, maxPollSeconds: 1 };
    const { watch } = follow((now) => ({ ...sawNothing(now), calls: 2 }), { settings });
    expect(watch.looks).toBeLessThanOrEqual(2_900);
  });

  test('are free when they were made for another watch of the queue', () => {
    const watch = aWatch({ nextLookAt: noon + 60_000 });
    const turn = {
      watch,
      sighting: saw(noon + 5_000),
      now: noon + 5_000,
      settings: defaultWatchSettings,
      random: 0,
    };
    expect(decide(turn).watch.looks).toBe(0);
  });

  test('back off while SQS throttles, and spread', () => {
    const delays = (random: number) =>
      follow((now) => sawNothing(now, throttled), { random, atMost: 5 }).delays;
    expect(delays(0.5)).toEqual([5_000, 10_000, 20_000, 40_000, 80_000]);
    expect(delays(0)).toEqual([3_750, 7_500, 15_000, 30_000, 60_000]);
    expect(delays(1)).toEqual([6_250, 12_500, 25_000, 50_000, 100_000]);
  });

  test('a shared look before a bounce-back is due changes nothing', () => {
    const ended = follow((now) => saw(now, { status: 'COMPLETED', moved: 100 }, 0), { atMost: 2 }).watch;
    const early = ended.nextLookAt - 1;
    const sighting = saw(early, { status: 'COMPLETED', moved: 100 }, 50);
    expect(decide({ watch: ended, sighting, now: early, settings: defaultWatchSettings, random: 0 })).toEqual(
      {
        watch: ended,
        tell: [],
      },
    );
  });
});

describe('the card of a watch', () => {
  test('is left alone while nothing moves, save once in ten minutes', () => {
    const { tell } = follow((now) => saw(now, { moved: 7 }), { atMost: 60 });
    const edits = tell.flatMap((one) => (one.kind === 'card' ? [one.state.seenAt] : []));
    const gaps = edits.slice(1).map((at, index) => at - (edits[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(600_000);
  });

  test('is not edited once it was deleted', () => {
    const world = (now: number) =>
      saw(now, now < noon + 60_000 ? { moved: 1 } : { status: 'COMPLETED', moved: 100 }, 0);
    const { tell } = follow(world, { start: aWatch({ cardGone: true }) });
    expect(tell.map((one) => one.kind)).toEqual(['notice']);
  });
});

describe('an outage', () => {
  test('is said three times at most', () => {
    const flapping = (now: number) =>
      Math.floor((now - noon) / (30 * 60_000)) % 2 === 0
        ? sawNothing(now)
        : saw(now, { moved: Math.floor(now / 1000) - noon / 1000 });
    expect(kindsOf(follow(flapping).tell).filter((kind) => kind === 'cannot-see')).toHaveLength(3);
  });

  test('of one look after a long standstill does not make it give up', () => {
    const now = noon + 60 * hour;
    const { watch } = decide({
      watch: aWatch(),
      sighting: sawNothing(now),
      now,
      settings: defaultWatchSettings,
      random: 0,
    });
    expect(watch.phase).toBe('running');
  });
});
