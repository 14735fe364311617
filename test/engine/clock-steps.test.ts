import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultWatchSettings } from '../../src/domain/settings.ts';
import { createSteadyClock } from '../../src/entry/steady-clock.ts';
import { noon } from '../domain/watch/a-watch.ts';
import { type LocalEngine, openEngineIn } from '../support/local-engine.ts';
import { aCard, aQueue, aWorld, kindsIn, type World } from './a-world.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const queue = aQueue();
const stepMs = 15 * second;
const slowest = defaultWatchSettings.maxPollSeconds * second;

/** A world with the true time, and a machine whose time of day can be changed. */
function aMachine() {
  const world = aWorld();
  const machine = { aheadMs: 0 };
  const wall = () => world.now + machine.aheadMs;
  const counted = () => world.now - noon;
  return { world, machine, newClock: () => createSteadyClock({ wall, counted, uptime: counted }) };
}

const open = (world: World, file: string, clock: () => number) =>
  openEngineIn(world, file, [queue], { clock });
const newFile = () => join(mkdtempSync(join(tmpdir(), 'clock-')), 'watches.sqlite');
const watch = (watcher: LocalEngine) => watcher.watch({ queue, startedAt: noon, card: aCard(), user: 'U1' });

/** Advances the true time, and returns the longest gap between polls. */
async function longestGap(world: World, watcher: LocalEngine, ms: number): Promise<number> {
  let [polls, polledAt, longest] = [world.lists.length, world.now, 0];
  for (const until = world.now + ms; world.now < until; world.now += stepMs) {
    await watcher.tick();
    if (world.lists.length > polls) [polls, polledAt] = [world.lists.length, world.now];
    longest = Math.max(longest, world.now - polledAt);
  }
  return longest;
}

const steps = [
  ['back by 5 min', -5 * minute],
  ['back by 1 h', -hour],
  ['forward by 3 days', 3 * day],
] as const;

describe('a clock change', () => {
  test.each(steps)(
    '%s while the bot runs delays no poll, gives up nothing, and reports nothing',
    async (_, byMs) => {
      const { world, machine, newClock } = aMachine();
      world.redrives.set(queue.name, [{ length: 7_200, end: 'COMPLETED', startedAt: noon }]);
      const watcher = await open(world, newFile(), newClock());
      await watch(watcher);
      await longestGap(world, watcher, hour);
      machine.aheadMs = byMs;
      expect(await longestGap(world, watcher, 50 * minute)).toBeLessThanOrEqual(slowest + stepMs);
      expect(kindsIn(world.thread)).toEqual(['joined U1']);
      await longestGap(world, watcher, 15 * minute);
      expect(kindsIn(world.thread)).toEqual(['joined U1', 'ended']);
      await watcher.stop();
    },
  );

  test.each(steps)('%s between two processes delays no poll, and the end is reported', async (_, byMs) => {
    const { world, machine, newClock } = aMachine();
    world.redrives.set(queue.name, [{ length: 7_200, end: 'COMPLETED', startedAt: noon }]);
    const file = newFile();
    const first = await open(world, file, newClock());
    await watch(first);
    await longestGap(world, first, hour);
    await first.stop();
    machine.aheadMs = byMs;
    const second_ = await open(world, file, newClock());
    const before = world.lists.length;
    expect(await longestGap(world, second_, 50 * minute)).toBeLessThanOrEqual(slowest + stepMs);
    // Nor are they sent one after the other.
    expect(world.lists.length - before).toBeLessThan(100);
    expect(kindsIn(world.thread)).toEqual(['joined U1']);
    await longestGap(world, second_, 15 * minute);
    expect(kindsIn(world.thread)).toEqual(['joined U1', 'ended']);
    expect(world.cards.get('100.1')?.seenAt).toBeLessThanOrEqual(world.now + byMs);
    await second_.stop();
  });

  test('back by 5 min between the end and the poll that corrects its numbers delays that poll by seconds', async () => {
    const { world, machine, newClock } = aMachine();
    world.redrives.set(queue.name, [{ length: minute / second, end: 'COMPLETED', startedAt: noon }]);
    world.depth = 3;
    const file = newFile();
    const first = await open(world, file, newClock());
    await watch(first);
    while (!kindsIn(world.thread).includes('ended')) {
      await first.tick();
      world.now += second;
    }
    await first.stop();
    machine.aheadMs = -5 * minute;
    const next = await open(world, file, newClock());
    const before = world.lists.length;
    await longestGap(world, next, minute);
    expect(world.lists.length).toBeGreaterThan(before);
    await next.stop();
  });

  test('forward by 3 days and back, each time between two processes, changes nothing', async () => {
    const { world, machine, newClock } = aMachine();
    world.redrives.set(queue.name, [{ length: 3_600, end: 'COMPLETED', startedAt: noon }]);
    world.depth = 3;
    const file = newFile();
    for (const byMs of [0, 3 * day, 0]) {
      machine.aheadMs = byMs;
      const watcher = await open(world, file, newClock());
      if (byMs === 0 && world.lists.length === 0) await watch(watcher);
      expect(await longestGap(world, watcher, 18 * minute)).toBeLessThanOrEqual(slowest + stepMs);
      await watcher.stop();
    }
    const last = await open(world, file, newClock());
    await longestGap(world, last, 10 * minute);
    expect(kindsIn(world.thread)).toEqual(['joined U1', 'ended']);
    await last.stop();
  });

  test('forward between two processes drops no notification at the first refusal', async () => {
    const { world, machine, newClock } = aMachine();
    const refused = {
      kind: 'retry-later',
      because: 'trouble',
      maybeDelivered: false,
      why: 'internal_error',
    } as const;
    world.faults = [refused];
    const file = newFile();
    const first = await open(world, file, newClock());
    await watch(first);
    await first.tick();
    await first.stop();
    world.now += 5 * second;
    machine.aheadMs = 3 * day;
    world.faults = [refused, refused, refused];
    const next = await open(world, file, newClock());
    await longestGap(world, next, 6 * minute);
    expect(kindsIn(world.thread)).toEqual(['joined U1', 'ended']);
    await next.stop();
  });
});
