import { expect, test } from 'vitest';
import { noon } from '../domain/watch/a-watch.ts';
import { aCard, aQueue, aWorld, kindsIn } from './a-world.ts';
import { aDurableEngine } from './durable-engine.ts';

const queue = aQueue();
const second = 1000;
const hour = 3_600 * second;

test('a redrive of 36 hours fits into one run with a few crashes, and its end is delivered once', async () => {
  const world = aWorld();
  const length = 36 * 3_600 - 60;
  world.redrives.set(queue.name, [{ length, end: 'COMPLETED', startedAt: noon }]);
  const engine = aDurableEngine(world, [queue]);
  await engine.watches.watch({ queue, startedAt: noon, card: aCard(), user: 'U1' });
  for (let polls = 1; world.now < noon + 37 * hour; polls += 1) {
    if (polls % 100 === 0) engine.kill();
    await engine.service.tick();
    world.now = Math.min(engine.service.nextDue(), noon + 37 * hour);
  }
  const [run, ...others] = engine.service.executions.values();
  expect([others, run?.status]).toEqual([[], 'SUCCEEDED']);
  expect(kindsIn(world.thread).filter((kind) => kind === 'joined U1' || kind === 'ended')).toEqual([
    'joined U1',
    'ended',
  ]);
  expect(run?.counted).toBeLessThan(1_000);
  expect(world.cards.get('100.1')).toMatchObject({ final: true, task: { moved: length } });
});

test('runs that hand over retry every minute while Slack is down for a day, and then deliver the end', async () => {
  const world = aWorld();
  const engine = aDurableEngine(world, [queue]);
  await engine.watches.watch({ queue, startedAt: noon, card: aCard(), user: 'U1' });
  const trouble = {
    kind: 'retry-later' as const,
    because: 'trouble' as const,
    maybeDelivered: true,
    why: 'HTTP 503',
  };
  const restored = noon + 23 * hour;
  while (world.now < noon + 25 * hour) {
    world.faults = world.now < restored ? [trouble] : [];
    await engine.service.tick();
    world.now = Math.min(engine.service.nextDue(), noon + 25 * hour);
  }
  const runs = [...engine.service.executions.values()];
  expect(kindsIn(world.thread)).toEqual(['ended']);
  expect(runs.map(({ status }) => status)).toEqual(runs.map(() => 'SUCCEEDED'));
  expect(runs.length).toBeGreaterThan(1);
  expect(runs.length).toBeLessThan(5);
  expect(Math.max(...runs.map(({ counted }) => counted))).toBeLessThan(3_000);
});
