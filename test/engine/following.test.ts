import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { PostResult } from '../../src/domain/delivery.ts';
import type { StartCall } from '../../src/domain/following/start-call.ts';
import type { Queue } from '../../src/domain/queue.ts';
import type { ToAnnounce } from '../../src/operations/following/announce-pending.ts';
import type { StartCalls } from '../../src/operations/following/ask-who-started.ts';
import { noon } from '../domain/watch/a-watch.ts';
import { openEngineIn } from '../support/local-engine.ts';
import { accessDenied, aQueue, aWorld, kindsIn, pass, type World } from './a-world.ts';

const followed = (name = 'orders-dlq'): Queue => ({ ...aQueue(name), notify: 'C1' });
const newFile = () => join(mkdtempSync(join(tmpdir(), 'following-')), 'watches.sqlite');

type Fault = PostResult | 'throws' | 'posts-then-throws' | 'posts-then-hangs';

/** The channel: what people see, and where a message is found by its key. */
function aChannel() {
  const posted: ToAnnounce[] = [];
  const faults: Fault[] = [];
  let searches = 0;
  const announce = async (what: ToAnnounce): Promise<PostResult> => {
    const fault = faults.shift();
    if (fault === 'throws') throw new Error('socket hang up');
    if (typeof fault === 'object') return fault;
    if (what.doubt) searches += 1;
    const known = what.doubt ? posted.findIndex(({ key }) => key === what.key) : -1;
    if (known < 0) posted.push(what);
    if (fault === 'posts-then-throws') throw new Error('read ECONNRESET');
    if (fault === 'posts-then-hangs') return new Promise(() => undefined);
    const at = known < 0 ? posted.length - 1 : known;
    return { kind: 'delivered', message: { channel: what.channel, ts: `300.${at}` } };
  };
  return { posted, faults, searches: () => searches, announcer: { announce } };
}

const open = (
  world: World,
  channel: ReturnType<typeof aChannel>,
  file: string,
  queues: readonly Queue[] = [followed()],
  startCalls?: StartCalls,
) =>
  openEngineIn(world, file, queues, {
    following: { queues, everySeconds: 60, announcer: channel.announcer, ...(startCalls && { startCalls }) },
  });

const runs = (world: World, length = 3_600) =>
  world.redrives.set('orders-dlq', [{ length, end: 'COMPLETED', startedAt: world.now }]);

describe('a process that is killed', () => {
  test('finds the card it posted but did not record, posts no second one, and watches it', async () => {
    const [world, channel, file] = [aWorld(), aChannel(), newFile()];
    const first = await open(world, channel, file);
    channel.faults.push('posts-then-hangs');
    void first.tick();
    await expect.poll(() => channel.posted.length).toBe(1);
    await first.stop(0);
    world.now += 5_000;
    const second = await open(world, channel, file);
    await pass(world, second, 60);
    expect([channel.posted.length, channel.searches()]).toEqual([1, 1]);
    expect(kindsIn(world.thread)).toEqual(['ended']);
    await second.stop();
  });

  test('does not announce a task again, or one that ended long ago', async () => {
    const [world, channel, file] = [aWorld(), aChannel(), newFile()];
    runs(world);
    const first = await open(world, channel, file);
    await pass(world, first, 90);
    await first.stop();
    const startedAt = world.now + 1_000;
    world.redrives.get('orders-dlq')?.unshift({ length: 5, end: 'COMPLETED', startedAt });
    world.now += 48 * 3_600_000;
    const second = await open(world, channel, file);
    await pass(world, second, 90);
    expect(channel.posted.map(({ seen }) => seen.task.startedAt)).toEqual([noon]);
    await second.stop();
  });
});

describe('a process that comes back with other settings', () => {
  const notFollowed = { ...aQueue(), channels: ['COPS'] };

  test('announces nothing about a queue it no longer follows, and logs that', async () => {
    const [world, channel, file] = [aWorld(), aChannel(), newFile()];
    runs(world);
    channel.faults.push({
      kind: 'retry-later',
      because: 'rate-limited',
      afterMs: 60_000,
      maybeDelivered: false,
      why: 'rate limited',
    });
    const first = await open(world, channel, file);
    await pass(world, first, 3);
    expect(channel.faults).toEqual([]);
    await first.stop();
    const second = await open(world, channel, file, [notFollowed]);
    await pass(world, second, 300);
    expect([channel.posted, world.log]).toEqual([
      [],
      ['dropped announcements: the settings no longer follow these queues'],
    ]);
    await second.stop();
  });

  test('ends the watch of a channel that may no longer see the queue, even if no one else is watching', async () => {
    const [world, channel, file] = [aWorld(), aChannel(), newFile()];
    runs(world, 120);
    const first = await open(world, channel, file);
    await pass(world, first, 20);
    await first.stop();
    const second = await open(world, channel, file, [notFollowed]);
    await pass(world, second, 300);
    expect([kindsIn(world.thread), await second.list({}), world.cards.get('300.0')]).toMatchObject([
      [],
      [],
      { forbidden: true, task: { status: 'RUNNING' } },
    ]);
    await second.stop();
  });

  test('does not name who started a redrive on a card that is no longer watched', async () => {
    const [world, channel, file] = [aWorld(), aChannel(), newFile()];
    runs(world, 1_200);
    const startCalls = { find: async () => ({ ok: true as const, value: calls }) };
    const calls: StartCall[] = [];
    const first = await open(world, channel, file, [followed()], startCalls);
    await pass(world, first, 20);
    await first.stop();
    calls.push({ queueArn: aQueue().arn, at: noon, by: 'ada' });
    const moved = { ...aQueue(), channels: ['COPS'], notify: 'COPS' };
    const second = await open(world, channel, file, [moved], startCalls);
    await pass(world, second, 600);
    expect(world.cards.get('300.0')).toMatchObject({ forbidden: true });
    expect(world.cards.get('300.0')?.startedBy).toBeUndefined();
    await second.stop();
  });
});

describe('a Slack that', () => {
  const refused = (why: string): PostResult => ({
    kind: 'retry-later',
    because: 'refused',
    maybeDelivered: false,
    why,
  });

  test('does not know the channel is asked again with growing delays until the task is announced', async () => {
    const [world, channel] = [aWorld(), aChannel()];
    runs(world);
    const closed: PostResult = {
      kind: 'retry-later',
      because: 'channel-closed',
      maybeDelivered: false,
      why: 'not_in_channel',
    };
    channel.faults.push(...Array.from({ length: 6 }, () => closed));
    const watcher = await open(world, channel, newFile());
    await pass(world, watcher, 270);
    expect([channel.posted.length, channel.faults.length]).toEqual([0, 0]);
    await pass(world, watcher, 60);
    expect(channel.posted).toHaveLength(1);
    expect(channel.posted[0]?.seen.at).toBeGreaterThan(noon + 200_000);
    await watcher.stop();
  });

  test('refuses the card is asked again for a day, and then a log line names what is lost', async () => {
    const [world, channel] = [aWorld(), aChannel()];
    runs(world, 400_000);
    channel.faults.push(...Array.from({ length: 500 }, () => refused('no_such_code')));
    const watcher = await open(world, channel, newFile());
    for (let minutes = 0; minutes < 24 * 60 + 10; minutes += 5) {
      world.now += 300_000;
      await watcher.tick();
    }
    expect(channel.posted).toEqual([]);
    expect(500 - channel.faults.length).toBeGreaterThan(250);
    expect(world.log).toEqual([
      'could not announce a redrive; retrying',
      'could not announce a redrive; giving up',
    ]);
    await watcher.stop();
  });
});

describe('the polls', () => {
  const many = Array.from({ length: 200 }, (_, index) => followed(`queue-${index}`));

  test('of 200 queues are spread over time, one per queue and minute', async () => {
    const [world, channel] = [aWorld(), aChannel()];
    for (const { name } of many) world.redrives.set(name, []);
    const watcher = await open(world, channel, newFile(), many);
    const perSecond: number[] = [];
    for (let second = 0; second < 600; second += 1) {
      const before = world.lists.length;
      await pass(world, watcher, 1);
      perSecond.push(world.lists.length - before);
    }
    expect(Math.max(...perSecond)).toBeLessThanOrEqual(8);
    expect(world.lists.length).toBeGreaterThan(1_900);
    expect(world.lists.length).toBeLessThan(2_100);
    expect(world.depths).toBe(0);
    await watcher.stop();
  });

  test('slow down while AWS denies them', async () => {
    const [world, channel] = [aWorld(), aChannel()];
    world.awsError = accessDenied;
    const watcher = await open(world, channel, newFile());
    await pass(world, watcher, 3_600);
    expect(world.lists.length).toBeLessThan(10);
    expect(world.log).toEqual(['could not poll a followed queue; retrying']);
    await watcher.stop();
  });
});

test('opens a file of the previous version, with its watches', async () => {
  const [world, channel, file] = [aWorld(), aChannel(), newFile()];
  const first = await open(world, channel, file, [aQueue()]);
  const card = { channel: 'C1', ts: '1.1' };
  await first.watch({ queue: aQueue(), startedAt: noon, card, user: 'U1' });
  await first.stop();
  const database = new DatabaseSync(file);
  database.exec(
    'DROP TABLE followings; DROP TABLE writer; DROP TABLE expected_ends; PRAGMA user_version = 1;',
  );
  database.close();
  const second = await open(world, channel, file);
  expect(await second.list({})).toMatchObject([{ card, watchers: ['U1'] }]);
  await second.stop();
});

test("starts over with a stored queue that can't be read", async () => {
  const [world, channel, file] = [aWorld(), aChannel(), newFile()];
  runs(world);
  const first = await open(world, channel, file);
  await pass(world, first, 3);
  await first.stop();
  const database = new DatabaseSync(file);
  database.exec("UPDATE followings SET state = '{'; DELETE FROM watches");
  database.close();
  world.redrives.set('orders-dlq', [{ length: 5, end: 'COMPLETED', startedAt: world.now - 10_000 }]);
  const second = await open(world, channel, file);
  await pass(world, second, 120);
  expect(channel.posted).toHaveLength(1);
  expect(world.log).toEqual([
    expect.stringMatching(/^a followed queue's stored row is unreadable; set aside and started over: /),
  ]);
  await second.stop();
});
