import { describe, expect, test } from 'vitest';
import { noon } from '../domain/watch/a-watch.ts';
import { aCard, aQueue, aWorld, kindsIn, type World } from './a-world.ts';
import { aDurableEngine } from './durable-engine.ts';
import { type EngineUnderTest, watchEngineContract } from './watch-engine-contract.ts';

watchEngineContract('the durable watch', async (world, queues) => {
  const { watches, service, deploy, kill } = aDurableEngine(world, queues);
  const engine: EngineUnderTest = {
    watches,
    tick: () => service.tick(),
    killAndRestart: async (left = queues) => {
      kill();
      if (left !== queues) await deploy({ queues: left, access: { channels: [] } });
    },
    stop: async () => undefined,
  };
  return engine;
});

const queue = aQueue();
const watch = (engine: ReturnType<typeof aDurableEngine>, user: string) =>
  engine.watches.watch({ queue, startedAt: noon, card: aCard(), user });
const statusesOf = ({ service }: ReturnType<typeof aDurableEngine>) =>
  [...service.executions.values()].map(({ status }) => status);
const second = 1000;
const hour = 3_600 * second;

/** Moves the clock to whatever is due next, until nothing is or the time is up. */
async function passQuickly(world: World, { service }: ReturnType<typeof aDurableEngine>, ms: number) {
  const until = world.now + ms;
  for (;;) {
    await service.tick();
    const next = service.nextDue();
    if (next > until) break;
    world.now = next;
  }
  world.now = until;
}

describe('a run', () => {
  test('starts once for a double click, with a name in characters that Lambda accepts', async () => {
    const world = aWorld();
    const engine = aDurableEngine(world, [queue]);
    await Promise.all([watch(engine, 'U1'), watch(engine, 'U1')]);
    expect([...engine.service.executions.keys()]).toEqual([expect.stringMatching(/^[\w-]{1,64}$/)]);
    await passQuickly(world, engine, hour);
    expect([kindsIn(world.thread), statusesOf(engine)]).toEqual([['joined U1', 'ended'], ['SUCCEEDED']]);
  });

  test('that a click starts immediately takes over from the sleeping one', async () => {
    const world = aWorld();
    world.redrives.set(queue.name, [{ length: 30 * 3_600, end: 'COMPLETED', startedAt: noon }]);
    const engine = aDurableEngine(world, [queue]);
    await watch(engine, 'U1');
    await passQuickly(world, engine, 0.2 * hour);
    await watch(engine, 'U2');
    await engine.service.tick();
    expect(kindsIn(world.thread)).toEqual(['joined U1', 'joined U2']);
    expect(world.cards.get('100.1')).toMatchObject({ watchers: ['U1', 'U2'] });
    await passQuickly(world, engine, 0.2 * hour);
    expect(statusesOf(engine)).toEqual(['SUCCEEDED', 'RUNNING']);
  });

  test('that cannot start leaves no watch behind, and the person can try again', async () => {
    const world = aWorld();
    const engine = aDurableEngine(world, [queue]);
    engine.facts.startFaults.push('refused');
    await expect(watch(engine, 'U1')).rejects.toThrow('429');
    expect(await engine.watches.list({})).toEqual([]);
    expect((await watch(engine, 'U1')).kind).toBe('began');
    await passQuickly(world, engine, 60 * second);
    expect(kindsIn(world.thread)).toEqual(['joined U1', 'ended']);
  });

  test("that was lost is restarted by anyone's next click", async () => {
    const world = aWorld();
    const engine = aDurableEngine(world, [queue]);
    await watch(engine, 'U1');
    engine.service.executions.clear();
    expect((await watch(engine, 'U1')).kind).toBe('already');
    await passQuickly(world, engine, 10 * second);
    engine.service.executions.clear();
    await watch(engine, 'U2');
    await passQuickly(world, engine, 60 * second);
    expect(kindsIn(world.thread)).toEqual(['joined U1', 'joined U2', 'ended']);
  });

  test('hands over before Lambda ends it', async () => {
    const world = aWorld();
    world.redrives.set(queue.name, [{ length: 900, end: 'COMPLETED', startedAt: noon }]);
    const engine = aDurableEngine(world, [queue], { handOverAfter: 10 });
    await watch(engine, 'U1');
    await passQuickly(world, engine, hour);
    const runs = [...engine.service.executions.values()];
    expect([kindsIn(world.thread), runs.length > 2]).toEqual([['joined U1', 'ended'], true]);
    expect(Math.max(...runs.map(({ counted }) => counted))).toBeLessThan(15);
  });

  test('waits while another one is busy, and then continues', async () => {
    const world = aWorld();
    world.redrives.set(queue.name, [{ length: 240, end: 'COMPLETED', startedAt: noon }]);
    const engine = aDurableEngine(world, [queue]);
    await watch(engine, 'U1');
    world.faults.push('hangs');
    void engine.service.tick();
    await expect.poll(() => world.faults.length).toBe(0);
    await watch(engine, 'U2');
    await passQuickly(world, engine, 100 * second);
    expect(world.thread).toEqual([]);
    await passQuickly(world, engine, 300 * second);
    expect(kindsIn(world.thread)).toEqual(['joined U1', 'joined U2', 'ended']);
  });
});

describe('a deployment with other rules', () => {
  const forOps = { ...queue, channels: ['COPS'] };
  const everywhere = { channels: [] };
  async function asleep({ queues = [queue], hours = 30 } = {}) {
    const world = aWorld();
    world.redrives.set(queue.name, [{ length: hours * 3_600, end: 'FAILED', startedAt: noon }]);
    const engine = aDurableEngine(world, queues);
    await watch(engine, 'U1');
    await passQuickly(world, engine, 0.2 * hour);
    return { world, engine };
  }

  test.each([
    ['the queue is not listed', { queues: [], access: everywhere }],
    ['the queue is for other channels', { queues: [forOps], access: everywhere }],
    ['the bot is for other channels', { queues: [queue], access: { channels: ['COPS'] } }],
  ])('ends a sleeping watch at its next poll: %s', async (_why, deployed) => {
    const { world, engine } = await asleep();
    await engine.deploy(deployed);
    const polls = world.lists.length;
    await passQuickly(world, engine, 0.2 * hour);
    expect([world.cards.get('100.1'), kindsIn(world.thread), statusesOf(engine)]).toMatchObject([
      { forbidden: true, final: true, watchers: [] },
      ['joined U1'],
      ['SUCCEEDED', 'SUCCEEDED'],
    ]);
    expect([await engine.watches.list({}), world.lists.length, world.log]).toEqual([
      [],
      polls,
      ['watch ended: the settings no longer allow it'],
    ]);
  });

  test('lets an allowed watch continue, once with the new settings', async () => {
    const { world, engine } = await asleep({ hours: 0.7 });
    await engine.deploy({ queues: [{ ...queue, channels: ['C1'] }], access: everywhere });
    await passQuickly(world, engine, 2 * hour);
    expect([kindsIn(world.thread), statusesOf(engine)]).toEqual([
      ['joined U1', 'ended'],
      ['SUCCEEDED', 'SUCCEEDED'],
    ]);
  });

  test('with the same rules leaves every run alone', async () => {
    const other = aQueue('payments-dlq');
    const { world, engine } = await asleep({ queues: [queue, other] });
    await engine.deploy({
      queues: [other, { ...queue, runbook: 'https://example.com' }],
      access: everywhere,
    });
    await passQuickly(world, engine, 0.3 * hour);
    expect(statusesOf(engine)).toEqual(['RUNNING']);
  });

  test('is retried if its run cannot start, and the watch polls meanwhile', async () => {
    const { world, engine } = await asleep();
    await engine.deploy({ queues: [{ ...queue, channels: ['C1'] }], access: everywhere });
    engine.facts.startFaults.push('refused', 'refused');
    const polls = world.lists.length;
    await passQuickly(world, engine, 0.7 * hour);
    expect([statusesOf(engine), world.lists.length > polls + 5]).toEqual([['SUCCEEDED', 'RUNNING'], true]);
  });

  test('that does not exist yet under its name does not stop a watch from polling', async () => {
    const { world, engine } = await asleep();
    const before = engine.facts.deployed;
    await engine.deploy({ queues: [forOps], access: everywhere });
    engine.facts.deployed = before;
    const polls = world.lists.length;
    await passQuickly(world, engine, 0.7 * hour);
    const runs = engine.service.executions.size;
    expect([runs > 2, runs < 40, world.lists.length > polls + 5]).toEqual([true, true, true]);
  });

  test('never prevents anyone from leaving', async () => {
    const { engine } = await asleep();
    await engine.deploy({ queues: [], access: everywhere });
    expect(await engine.watches.unwatch({ user: 'U1', card: aCard() })).toMatchObject([{ phase: 'over' }]);
  });
});

describe('the table', () => {
  test('keeps everyone when many join at once', async () => {
    const world = aWorld();
    const engine = aDurableEngine(world, [queue]);
    const users = Array.from({ length: 20 }, (_, index) => `U${index}`);
    await Promise.all(users.map((user) => watch(engine, user)));
    expect((await engine.watches.ofCard(aCard()))?.watchers.toSorted()).toEqual(users.toSorted());
  });

  test('delivers the same while it throttles or loses answers', async () => {
    const world = aWorld();
    const engine = aDurableEngine(world, [queue]);
    engine.table.faults.push('throttled', 'written but the line broke', 'written but the line broke');
    expect((await watch(engine, 'U1')).kind).toBe('began');
    engine.table.faults.push('written but the line broke', 'written but the line broke', 'throttled');
    await passQuickly(world, engine, 60 * second);
    expect(kindsIn(world.thread)).toEqual(['joined U1', 'ended']);
  });

  test('ends no watch while it is unavailable', async () => {
    const world = aWorld();
    const engine = aDurableEngine(world, [queue]);
    await watch(engine, 'U1');
    engine.table.faults.push(...Array.from({ length: 4 }, () => 'throttled' as const));
    await passQuickly(world, engine, hour);
    expect([kindsIn(world.thread), statusesOf(engine)]).toEqual([['joined U1', 'ended'], ['SUCCEEDED']]);
    expect(world.log).toEqual([
      expect.stringContaining('retrying: DynamoDB returned 400 ThrottlingException'),
    ]);
  });

  test('does not hide what people have polled while it is unavailable', async () => {
    const world = aWorld();
    const engine = aDurableEngine(world, [queue]);
    await watch(engine, 'U1');
    engine.table.faults.push(...Array.from({ length: 4 }, () => 'throttled' as const));
    const poll = { at: world.now, calls: 1, found: { ok: true as const, tasks: [] } };
    await engine.watches.observed({ queue, card: aCard(), poll });
    expect(world.log).toEqual([
      expect.stringContaining("could not store the result of a person's poll; the watch will poll again"),
    ]);
  });

  test('finds every row, however many pages there are', async () => {
    const world = aWorld();
    const engine = aDurableEngine(world, [queue], { pageSize: 2 });
    for (const ts of ['1.1', '1.2', '1.3', '1.4', '1.5']) {
      await engine.watches.watch({ queue, startedAt: noon, card: aCard(ts), user: 'U1' });
    }
    expect((await engine.watches.list({ user: 'U1' })).map(({ card }) => card.ts)).toHaveLength(5);
    expect(await engine.watches.unwatch({ user: 'U1', queueArn: queue.arn })).toHaveLength(5);
  });

  test('forgets a watch a day after its end', async () => {
    const world = aWorld();
    const engine = aDurableEngine(world, [queue]);
    await watch(engine, 'U1');
    await passQuickly(world, engine, hour);
    expect(await engine.watches.ofCard(aCard())).toMatchObject({ phase: 'over' });
    world.now += 25 * hour;
    expect(await engine.watches.ofCard(aCard())).toBeUndefined();
  });
});
