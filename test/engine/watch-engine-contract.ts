import { describe, expect, test } from 'vitest';
import type { Queue } from '../../src/domain/queue.ts';
import type { Watches } from '../../src/operations/watching/watches.ts';
import { noon } from '../domain/watch/a-watch.ts';
import { aCard, accessDenied, aQueue, aWorld, kindsIn, pass, type World } from './a-world.ts';

/** A watch engine on a simulated clock, which only the test moves. */
export type EngineUnderTest = {
  watches: Watches;
  /** Does what is due now. It may not return while a call hangs: then it is not awaited. */
  tick(): Promise<void>;
  /** As if the process were killed now and restarted, with these queues in the settings. */
  killAndRestart(queues?: readonly Queue[]): Promise<void>;
  stop(): Promise<void>;
};
export type EngineFactory = (world: World, queues: readonly Queue[]) => Promise<EngineUnderTest>;

const queue = aQueue();
const second = 1000;

export function watchEngineContract(name: string, create: EngineFactory): void {
  async function watching(...users: string[]) {
    const world = aWorld();
    const engine = await create(world, [queue]);
    for (const user of users) await watch(engine, user);
    return { world, engine };
  }
  const watch = (engine: EngineUnderTest, user: string, ts?: string) =>
    engine.watches.watch({ queue, startedAt: noon, card: aCard(ts), user });

  const cancelledAt = (world: World, length: number) => {
    world.redrives.set(queue.name, [{ length, end: 'CANCELLED', startedAt: noon }]);
    world.now += second;
  };
  const tasksOf = async (world: World) => {
    const listed = await world.moveTasks.list(queue, 1);
    return listed.ok ? listed.value : [];
  };

  describe(`${name}: watching a task to its end`, () => {
    test('reports once how it ended, after naming who joined, without a needless correction', async () => {
      const { world, engine } = await watching('U1', 'U2');
      await pass(world, engine, 120);
      expect(kindsIn(world.thread)).toEqual(['joined U1', 'joined U2', 'ended']);
      expect(world.thread.at(-1)).toMatchObject({
        watchers: ['U1', 'U2'],
        notification: { task: { status: 'COMPLETED', moved: 30, toMove: 30 }, depth: 0 },
      });
      expect(world.cards.get('100.1')).toMatchObject({ final: true, task: { moved: 30 } });
      await engine.stop();
    });

    test('reports that messages came back, once for each new high', async () => {
      const { world, engine } = await watching('U1');
      await pass(world, engine, 60);
      world.depth = 37;
      await pass(world, engine, 400, 5);
      world.depth = 40;
      await pass(world, engine, 1_000, 5);
      expect(kindsIn(world.thread)).toEqual(['joined U1', 'ended', 'bounced-back', 'bounced-back']);
      expect(await engine.watches.list({})).toEqual([]);
      await engine.stop();
    });

    test('reports once that messages come back while it runs, edits that as the number grows, and remembers it', async () => {
      const { world, engine } = await watching('U1');
      world.redrives.set(queue.name, [{ length: 1_500, end: 'COMPLETED', startedAt: noon }]);
      const passWith = async (back: number, seconds: number) => {
        for (let passed = 0; passed < seconds; passed += 5) {
          world.depth = Math.max(0, 1_500 - (world.now - noon) / second) + back;
          await pass(world, engine, 5, 5);
        }
      };
      const said = () => world.thread.filter(({ key }) => key.includes('/coming-back/'));
      const numbers = () =>
        said().map(({ notification }) => (notification.kind === 'coming-back' ? notification.atLeast : 0));
      await passWith(0, 100);
      await passWith(500, 300);
      const [first = 0] = numbers();
      expect([first > 200, first <= 500]).toEqual([true, true]);
      await passWith(600, 800);
      const [grown = 0, ...others] = numbers();
      expect([grown > first, grown <= 600, others]).toEqual([true, true, []]);
      await passWith(600, 400);
      expect(kindsIn(world.thread).slice(0, 3)).toEqual(['joined U1', 'coming-back', 'ended']);
      expect(world.thread[2]?.notification).toMatchObject({ cameBack: grown });
      expect(said()[0]?.notification).toMatchObject({ atLeast: grown, task: { status: 'COMPLETED' } });
      await engine.stop();
    });

    test('edits the reply when the numbers settle, without posting another', async () => {
      const { world, engine } = await watching('U1');
      world.redrives.set(queue.name, [{ length: 8, end: 'CANCELLED', startedAt: noon }]);
      world.depth = 2;
      await pass(world, engine, 10);
      world.redrives.set(queue.name, [{ length: 10, end: 'CANCELLED', startedAt: noon }]);
      await pass(world, engine, 30);
      expect(world.thread.map((one) => one.notification)).toMatchObject([
        { kind: 'joined' },
        { kind: 'ended', task: { moved: 10 } },
      ]);
      await engine.stop();
    });

    test('reports once that AWS fails, and once that it works again', async () => {
      const { world, engine } = await watching('U1');
      world.redrives.set(queue.name, [{ length: 3_600, end: 'COMPLETED', startedAt: noon }]);
      await pass(world, engine, 60, 5);
      world.awsError = accessDenied;
      await pass(world, engine, 900, 5);
      world.awsError = undefined;
      await pass(world, engine, 400, 5);
      expect(kindsIn(world.thread)).toEqual(['joined U1', 'cannot-see', 'can-see-again']);
      await engine.stop();
    });
  });

  describe(`${name}: people`, () => {
    test('who click twice watch once', async () => {
      const { world, engine } = await watching('U1');
      const again = await watch(engine, 'U1');
      await engine.tick();
      expect([again.kind, kindsIn(world.thread)]).toEqual(['already', ['joined U1']]);
      await engine.stop();
    });

    test('who see the end before the watch does are notified at once', async () => {
      const { world, engine } = await watching('U1');
      world.redrives.set(queue.name, [{ length: 3_600, end: 'COMPLETED', startedAt: noon }]);
      await pass(world, engine, 900, 5);
      cancelledAt(world, 900);
      const asSeen = { at: world.now, calls: 1, found: { ok: true as const, tasks: await tasksOf(world) } };
      await engine.watches.observed({ queue, card: aCard(), poll: asSeen });
      await engine.tick();
      expect(kindsIn(world.thread)).toEqual(['joined U1', 'ended']);
      await engine.stop();
    });

    test('who refresh the card of a newer redrive do not affect the watch of the previous one', async () => {
      const { world, engine } = await watching('U1');
      world.redrives.set(queue.name, [{ length: 3_600, end: 'COMPLETED', startedAt: noon }]);
      await pass(world, engine, 900, 5);
      const newer = { length: 600, end: 'COMPLETED' as const, startedAt: world.now };
      world.redrives.set(queue.name, [newer, { length: 900, end: 'COMPLETED', startedAt: noon }]);
      for (let clicks = 0; clicks < 4; clicks += 1) {
        const poll = { at: world.now, calls: 1, found: { ok: true as const, tasks: await tasksOf(world) } };
        await engine.watches.observed({ queue, card: aCard('200.2'), poll });
      }
      await pass(world, engine, 300);
      expect(kindsIn(world.thread)).toEqual(['joined U1', 'ended']);
      await engine.stop();
    });

    test('whose poll is answered late undo nothing', async () => {
      const { world, engine } = await watching('U1');
      await pass(world, engine, 10);
      const before = world.cards.get('100.1')?.task.moved;
      const tasks = (await tasksOf(world)).map((task) => ({ ...task, moved: 1 }));
      const late = { at: world.now - 9 * second, calls: 1, found: { ok: true as const, tasks } };
      await engine.watches.observed({ queue, card: aCard(), poll: late });
      await engine.tick();
      expect(world.cards.get('100.1')?.task.moved).toBe(before);
      await pass(world, engine, 60);
      expect(kindsIn(world.thread)).toEqual(['joined U1', 'ended']);
      await engine.stop();
    });

    test('who leave are not named; the last one ends the watch without a notification', async () => {
      const { world, engine } = await watching('U1', 'U2');
      await engine.tick();
      await engine.watches.unwatch({ user: 'U1', card: aCard() });
      const left = await engine.watches.unwatch({ user: 'U2', queueArn: queue.arn });
      await pass(world, engine, 60);
      expect(left).toMatchObject([{ phase: 'over', watchers: [] }]);
      expect(kindsIn(world.thread)).toEqual(['joined U1', 'joined U2']);
      expect(world.cards.get('100.1')).toMatchObject({ watchers: [] });
      await engine.stop();
    });

    test('can watch again after leaving, and are notified of the end once', async () => {
      const { world, engine } = await watching('U1');
      await engine.tick();
      await engine.watches.unwatch({ user: 'U1', card: aCard() });
      const again = await watch(engine, 'U1');
      await pass(world, engine, 60);
      expect(again.kind).toBe('began');
      expect(kindsIn(world.thread)).toEqual(['joined U1', 'joined U1', 'ended']);
      await engine.stop();
    });

    test('who join after the end are told so', async () => {
      const { world, engine } = await watching('U1');
      await pass(world, engine, 45);
      expect((await watch(engine, 'U2')).kind).toBe('joined-after-end');
      await engine.stop();
    });

    test('see their watches, and a card knows its own', async () => {
      const { world, engine } = await watching('U1');
      await watch(engine, 'U2', '100.2');
      await engine.tick();
      const cardsOf = async (of: { user?: string; channel?: string }) =>
        (await engine.watches.list(of)).map((one) => one.card.ts);
      expect([
        await cardsOf({ user: 'U1' }),
        await cardsOf({ user: 'U' }),
        await cardsOf({ channel: 'C1' }),
      ]).toEqual([['100.1'], [], ['100.1', '100.2']]);
      expect(await engine.watches.ofCard(aCard('100.2'))).toMatchObject({
        watchers: ['U2'],
        seen: { at: world.now },
      });
      expect(await engine.watches.ofCard(aCard('1.1'))).toBeUndefined();
      await engine.stop();
    });
  });

  describe(`${name}: a process that is killed`, () => {
    test('between the click and the first poll does not end the watch', async () => {
      const { world, engine } = await watching('U1');
      await engine.killAndRestart();
      await pass(world, engine, 60);
      expect(kindsIn(world.thread)).toEqual(['joined U1', 'ended']);
      await engine.stop();
    });

    test('finds the end it posted but did not record, and posts no second one', async () => {
      const { world, engine } = await watching('U1');
      await pass(world, engine, 20);
      world.now += 20 * second;
      world.faults.push('posts-then-throws');
      await engine.tick();
      await engine.killAndRestart();
      await pass(world, engine, 60);
      expect(kindsIn(world.thread)).toEqual(['joined U1', 'ended']);
      expect(world.searches).toBeGreaterThan(0);
      await engine.stop();
    });

    test('while a post hangs posts it after the restart', async () => {
      const { world, engine } = await watching('U1');
      await pass(world, engine, 20);
      world.now += 20 * second;
      world.faults.push('hangs');
      void engine.tick();
      await expect.poll(() => world.faults.length).toBe(0);
      await engine.killAndRestart();
      await pass(world, engine, 60);
      expect(kindsIn(world.thread)).toEqual(['joined U1', 'ended']);
      await engine.stop();
    });

    test('for an hour while the task ends reports the end when it is back', async () => {
      const { world, engine } = await watching('U1');
      await pass(world, engine, 10);
      world.now += 3_600 * second;
      await engine.killAndRestart();
      await pass(world, engine, 60);
      expect(world.thread.at(-1)).toMatchObject({
        notification: { kind: 'ended', timing: { atMostMs: expect.anything() } },
      });
      expect(kindsIn(world.thread)).toEqual(['joined U1', 'ended']);
      await engine.stop();
    });

    test.each([
      ['not listed', []],
      ['bound to another channel', [{ ...queue, channels: ['COPS'] }]],
    ])(
      'and comes back to a queue that is %s says so on the card, and nothing in the thread',
      async (_, left) => {
        const { world, engine } = await watching('U1');
        await pass(world, engine, 10);
        await engine.killAndRestart(left);
        await pass(world, engine, 120);
        expect(kindsIn(world.thread)).toEqual(['joined U1']);
        expect(world.cards.get('100.1')).toMatchObject({ forbidden: true, final: true, watchers: [] });
        expect(await engine.watches.list({})).toEqual([]);
        await engine.stop();
      },
    );

    test('and comes back to a queue of another channel drops what it still had to say', async () => {
      const { world, engine } = await watching('U1');
      await pass(world, engine, 20);
      world.faults.push({
        kind: 'retry-later',
        because: 'rate-limited',
        afterMs: 600 * second,
        maybeDelivered: false,
        why: 'rate limited',
      });
      await pass(world, engine, 20);
      expect([world.faults, kindsIn(world.thread)]).toEqual([[], ['joined U1']]);
      await engine.killAndRestart([{ ...queue, channels: ['COPS'] }]);
      await pass(world, engine, 700, 5);
      expect(kindsIn(world.thread)).toEqual(['joined U1']);
      expect(world.cards.get('100.1')).toMatchObject({ forbidden: true, task: { status: 'COMPLETED' } });
      await engine.stop();
    });

    test('and comes back to a queue of its own channel keeps watching', async () => {
      const { world, engine } = await watching('U1');
      await pass(world, engine, 10);
      await engine.killAndRestart([{ ...queue, channels: ['COPS', 'C1'] }]);
      await pass(world, engine, 60);
      expect(kindsIn(world.thread)).toEqual(['joined U1', 'ended']);
      await engine.stop();
    });
  });

  describe(`${name}: a Slack that`, () => {
    test('asks to wait gets no search, because it did not accept the notification', async () => {
      const { world, engine } = await watching();
      world.faults.push({
        kind: 'retry-later',
        because: 'rate-limited',
        afterMs: 30 * second,
        maybeDelivered: false,
        why: 'rate limited',
      });
      await watch(engine, 'U1');
      await pass(world, engine, 29);
      expect(world.thread).toEqual([]);
      await pass(world, engine, 2);
      expect([kindsIn(world.thread)[0], world.searches]).toEqual(['joined U1', 0]);
      await engine.stop();
    });

    test('accepts a message and drops the connection is searched before the next post', async () => {
      const { world, engine } = await watching();
      world.faults.push('posts-then-throws');
      await watch(engine, 'U1');
      await pass(world, engine, 10);
      expect([kindsIn(world.thread), world.searches]).toEqual([['joined U1'], 1]);
      await engine.stop();
    });

    test('has closed the channel is retried, and watchers get a direct message meanwhile', async () => {
      const { world, engine } = await watching('U1', 'U2');
      await pass(world, engine, 10);
      const closed = {
        kind: 'retry-later' as const,
        because: 'channel-closed' as const,
        maybeDelivered: false,
        why: 'is_archived',
      };
      world.faults.push(...Array.from({ length: 5 }, () => closed));
      await pass(world, engine, 60);
      expect(kindsIn(world.thread)).toEqual(['joined U1', 'joined U2']);
      expect(world.directs).toEqual([
        { user: 'U1', kind: 'ended' },
        { user: 'U2', kind: 'ended' },
      ]);
      await pass(world, engine, 300);
      expect(kindsIn(world.thread)).toEqual(['joined U1', 'joined U2', 'ended']);
      expect(world.directs).toHaveLength(2);
      expect(world.log).toEqual(['could not deliver a notification; retrying']);
      await engine.stop();
    });

    test('refuses another notification for a day still gets the end, which is delivered alone', async () => {
      const { world, engine } = await watching();
      world.faults.push({
        kind: 'retry-later',
        because: 'refused',
        maybeDelivered: false,
        why: 'team_added_to_org',
      });
      world.faults.push({
        kind: 'retry-later',
        because: 'refused',
        maybeDelivered: false,
        why: 'team_added_to_org',
      });
      world.redrives.set(queue.name, [{ length: 8, end: 'COMPLETED', startedAt: noon }]);
      await watch(engine, 'U1');
      await pass(world, engine, 12);
      expect(kindsIn(world.thread)).toEqual(['ended']);
      expect(world.log).toContain('dropped older notifications: the final one was delivered first');
      await pass(world, engine, 120);
      expect(kindsIn(world.thread)).toEqual(['ended']);
      await engine.stop();
    });
  });
}
