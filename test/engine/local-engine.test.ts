import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { aTask, noon } from '../domain/watch/a-watch.ts';
import { type LocalEngine, openEngineIn } from '../support/local-engine.ts';
import { aCard, aQueue, aWorld, kindsIn, pass, type World } from './a-world.ts';
import { type EngineUnderTest, watchEngineContract } from './watch-engine-contract.ts';

const queue = aQueue();
const open = (world: World, file: string, queues = [queue], more = {}) =>
  openEngineIn(world, file, queues, more);
const newFile = () => join(mkdtempSync(join(tmpdir(), 'watches-')), 'data', 'watches.sqlite');

watchEngineContract('the local watcher', async (world, queues) => {
  const file = newFile();
  let watcher = await open(world, file, [...queues]);
  const engine: EngineUnderTest = {
    watches: watcher,
    tick: () => watcher.tick(),
    // Closed at once, with work in progress: what it does later can't be recorded anymore.
    killAndRestart: async (left = queues) => {
      await watcher.stop(0);
      watcher = await open(world, file, [...left]);
      engine.watches = watcher;
    },
    stop: () => watcher.stop(),
  };
  return engine;
});

const watch = (watcher: LocalEngine, user: string, ts = '100.1', of = queue) =>
  watcher.watch({ queue: of, startedAt: noon, card: aCard(ts), user });
const engineOf = (watcher: LocalEngine) => ({
  watches: watcher,
  tick: () => watcher.tick(),
  killAndRestart: async () => undefined,
  stop: () => watcher.stop(),
});

describe('polls', () => {
  test('are shared by all watches of a queue', async () => {
    const world = aWorld();
    const watcher = await open(world, newFile());
    for (const [user, ts] of [
      ['U1', '1.1'],
      ['U2', '1.2'],
      ['U3', '1.3'],
    ] as const)
      await watch(watcher, user, ts);
    await pass(world, engineOf(watcher), 12);
    expect(world.lists).toEqual([1, 2, 3].map(() => ({ queue: queue.name, atMost: 1 })));
    expect(world.edits).toBe(9);
    await watcher.stop();
  });

  test('request one task, and more only once a newer one has started', async () => {
    const world = aWorld();
    const watcher = await open(world, newFile());
    await watch(watcher, 'U1');
    await pass(world, engineOf(watcher), 2);
    world.redrives.set(queue.name, [
      { length: 50, end: 'COMPLETED', startedAt: noon + 60_000 },
      { length: 30, end: 'COMPLETED', startedAt: noon },
    ]);
    await pass(world, engineOf(watcher), 12);
    expect(world.lists.map((list) => list.atMost)).toEqual([1, 1, 10, 2]);
    expect(world.cards.get('100.1')).toMatchObject({ newer: { startedAt: noon + 60_000 } });
    await watcher.stop();
  });

  test('request the depth with each poll that finds the task, and show it on the card', async () => {
    const world = aWorld();
    world.depth = 7;
    const watcher = await open(world, newFile());
    await watch(watcher, 'U1');
    await pass(world, engineOf(watcher), 29);
    expect(world.depths).toBe(world.lists.length);
    expect(world.cards.get('100.1')).toMatchObject({ depth: 7 });
    await watcher.stop();
  });

  test('that hang do not block other queues, and are given up', async () => {
    const world = aWorld();
    const queues = Array.from({ length: 5 }, (_, index) => aQueue(`queue-${index}`));
    const watcher = await open(world, newFile(), queues, { pollTimeoutMs: 50 });
    for (const [index, of] of queues.entries()) await watch(watcher, 'U1', `1.${index}`, of);
    for (const of of queues.slice(0, 4)) world.hangs.add(of.name);
    await watcher.tick();
    expect([...world.cards.keys()]).toEqual(['1.4']);
    world.hangs.clear();
    await pass(world, engineOf(watcher), 60);
    expect(kindsIn(world.thread).filter((kind) => kind === 'ended')).toHaveLength(5);
    await watcher.stop();
  });
});

test('ends watches in channels that are no longer allowed, even if they only have something to deliver', async () => {
  const world = aWorld();
  const file = newFile();
  const first = await open(world, file);
  world.redrives.set(queue.name, [{ length: 30, end: 'FAILED', startedAt: noon }]);
  await watch(first, 'U1');
  await pass(world, engineOf(first), 20);
  // Nothing moved, so the watch is over with its end; Slack rejects the notification.
  world.redrives.set(queue.name, [{ length: 0, end: 'FAILED', startedAt: noon }]);
  world.faults.push({
    kind: 'retry-later',
    because: 'rate-limited',
    afterMs: 600_000,
    maybeDelivered: false,
    why: 'rate limited',
  });
  await pass(world, engineOf(first), 60);
  expect(first.undelivered()).toEqual({ notification: 1, cardUpdate: 0 });
  await first.stop();
  const second = await open(world, file, [queue], { allowedChannels: ['COPS'] });
  expect(second.undelivered()).toEqual({ notification: 0, cardUpdate: 1 });
  await pass(world, engineOf(second), 700);
  expect([kindsIn(world.thread), world.cards.get('100.1')]).toMatchObject([
    ['joined U1'],
    { forbidden: true, task: { status: 'FAILED' } },
  ]);
  await second.stop();
  const third = await open(world, file, [queue], { allowedChannels: ['COPS'] });
  expect([third.undelivered(), world.log]).toEqual([
    { notification: 0, cardUpdate: 0 },
    ['watch ended: the settings no longer allow it'],
  ]);
  await third.stop();
});

test('a watch that ends before its first poll still says so on the card', async () => {
  const world = aWorld();
  const file = newFile();
  const first = await open(world, file);
  await watch(first, 'U1');
  await first.stop();
  const second = await open(world, file, []);
  await pass(world, engineOf(second), 10);
  expect([world.lists, kindsIn(world.thread)]).toEqual([[], []]);
  expect(world.cards.get('100.1')).toMatchObject({ forbidden: true, task: { startedAt: noon } });
  await second.stop();
});

test('a notification that hangs does not delay the card', async () => {
  const world = aWorld();
  world.faults.push('hangs');
  const watcher = await open(world, newFile());
  await watch(watcher, 'U1');
  void watcher.tick();
  for (let second = 0; second < 60; second += 1) {
    world.now += 1_000;
    void watcher.tick();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(() => world.cards.get('100.1')?.final).toBe(true);
  expect(world.thread).toEqual([]);
  await watcher.stop(0);
});

test('counts what Slack has not accepted until it has', async () => {
  const world = aWorld();
  const watcher = await open(world, newFile());
  world.faults.push({ kind: 'retry-later', because: 'trouble', maybeDelivered: false, why: 'HTTP 500' });
  await watch(watcher, 'U1');
  await watcher.tick();
  const meanwhile = watcher.undelivered();
  await pass(world, engineOf(watcher), 5);
  expect([meanwhile, watcher.undelivered()]).toEqual([
    { notification: 1, cardUpdate: 0 },
    { notification: 0, cardUpdate: 0 },
  ]);
  await watcher.stop();
});

test('a restart leaves card updates their turns, however many wait for Slack', async () => {
  const world = aWorld();
  const cards = Array.from({ length: 300 }, (_, index) => `${index + 1}.1`);
  let turn = 0;
  const notifier: typeof world.notifier = {
    notify: async (what) =>
      what.kind === 'card' ? { kind: 'wait', afterMs: ++turn * 1_400 } : world.notifier.notify(what),
  };
  const file = newFile();
  const first = await open(world, file, [queue], { notifier });
  for (const ts of cards) await watch(first, 'U1', ts);
  await first.tick();
  await first.stop();
  const turns = () => {
    const database = new DatabaseSync(file);
    const found = database.prepare('SELECT edit_at FROM watches ORDER BY edit_at').all();
    database.close();
    return found.map(({ edit_at }) => edit_at);
  };
  const planned = turns();
  expect(planned).toEqual(cards.map((_, index) => world.now + (index + 1) * 1_400));
  world.now += 1_000;
  const next = await open(world, file, [queue], { notifier });
  await next.stop();
  expect(turns()).toEqual(planned);
});

describe('the file', () => {
  test('belongs to one process at a time; the next one waits', async () => {
    const world = aWorld();
    const file = newFile();
    const first = await open(world, file);
    await expect(open(world, file)).rejects.toThrow(
      /Another process is still using .*; waited 0 s\. Stop it/,
    );
    const second = open(world, file, [queue], { waitMs: 5_000 });
    await first.stop();
    await (await second).stop();
  });

  test("does not hide what people have polled when it can't be written", async () => {
    const world = aWorld();
    const watcher = await open(world, newFile());
    await watch(watcher, 'U1');
    await watcher.stop();
    const poll = { at: world.now, calls: 1, found: { ok: true as const, tasks: [aTask()] } };
    await watcher.observed({ queue, card: aCard(), poll });
    expect(world.log).toEqual([
      "could not store the result of a person's poll; the watch will poll again: database is not open",
    ]);
  });

  test('is refused with a reason if it is not a database', async () => {
    const world = aWorld();
    const file = join(mkdtempSync(join(tmpdir(), 'watches-')), 'w.sqlite');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(file, 'this is a text, and long enough to be taken for a header '.repeat(20));
    await expect(open(world, file)).rejects.toThrow(
      /w\.sqlite is damaged \(file is not a database\)\. .*backup/,
    );
  });

  test('opens if it is from a newer version, and keeps what that added', async () => {
    const world = aWorld();
    const file = newFile();
    const first = await open(world, file);
    await watch(first, 'U1');
    await first.stop();
    const database = new DatabaseSync(file);
    database.exec("PRAGMA user_version = 99; ALTER TABLE watches ADD COLUMN team TEXT DEFAULT 'orders';");
    database.close();
    const watcher = await open(world, file);
    await watch(watcher, 'U2', '1.2');
    await pass(world, engineOf(watcher), 60);
    await watcher.stop();
    expect(kindsIn(world.thread).filter((kind) => kind === 'ended')).toHaveLength(2);
    const after = new DatabaseSync(file);
    expect(after.prepare('SELECT team, user_version FROM watches, pragma_user_version').all()).toEqual([
      { team: 'orders', user_version: 99 },
      { team: 'orders', user_version: 99 },
    ]);
    after.close();
  });

  test('with a damaged row loses only that watch', async () => {
    const world = aWorld();
    const file = newFile();
    const first = await open(world, file);
    await watch(first, 'U1', '1.1');
    await watch(first, 'U2', '1.2');
    await first.stop();
    const database = new DatabaseSync(file);
    database.exec(`UPDATE watches SET state = '{"watch":{"id":7}}' WHERE ts = '1.1'`);
    database.close();
    const watcher = await open(world, file);
    await pass(world, engineOf(watcher), 60);
    expect(kindsIn(world.thread)).toEqual(['joined U2', 'ended']);
    expect(world.log).toEqual([expect.stringContaining('stored watch is unreadable; set aside')]);
    await watcher.stop();
  });
});

describe('on the real clock', () => {
  test('wakes up for a click, and stops only when its work is done', async () => {
    const world = aWorld();
    const watcher = await open(world, newFile(), [queue], { clock: Date.now });
    world.redrives.set(queue.name, [{ length: 1, end: 'COMPLETED', startedAt: noon }]);
    world.now = noon + 60_000;
    watcher.start();
    await watch(watcher, 'U1');
    await expect.poll(() => kindsIn(world.thread), { interval: 5 }).toEqual(['joined U1', 'ended']);
    await watcher.stop();
    expect(world.cards.get('100.1')).toMatchObject({ final: true });
  });
});
