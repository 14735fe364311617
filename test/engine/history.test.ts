import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultWatchSettings } from '../../src/domain/settings.ts';
import type { HistoryStore } from '../../src/operations/history.ts';
import { recordStoredEnds } from '../../src/storage/dynamodb/dynamodb-expected-ends.ts';
import { openLocalHistory } from '../../src/storage/sqlite/sqlite-history-store.ts';
import { noon } from '../domain/watch/a-watch.ts';
import { createLocalHistoryTable, historyIn } from '../storage/local-history-table.ts';
import { openLocalEngine } from '../support/local-engine.ts';
import { aCard, aQueue, aWorld, pass, type World } from './a-world.ts';
import { aDurableEngine } from './durable-engine.ts';

const queue = aQueue();
const request = { queue, startedAt: noon, card: aCard(), user: 'U1' };
const remembered = (history: HistoryStore) => history.list({ queueArn: queue.arn, atMost: 10 });
const theRedrive = [
  expect.objectContaining({
    startedAt: noon,
    task: expect.objectContaining({ status: 'COMPLETED', moved: 30 }),
    card: aCard(),
  }),
];

function open(world: World, folder: string, more = {}) {
  return openLocalEngine({
    ...{
      file: join(folder, 'watches.sqlite'),
      waitMs: 0,
      moveTasks: world.moveTasks,
      notifier: world.notifier,
    },
    ...{ settings: defaultWatchSettings, queueOf: () => queue, log: world.logger, clock: world.clock },
    ...more,
  });
}

test('records at startup a watch that ended before there was a history, in one process', async () => {
  const [world, folder] = [aWorld(), mkdtempSync(join(tmpdir(), 'history-'))];
  const older = await open(world, folder);
  await older.watch(request);
  for (let minute = 0; minute < 40; minute += 1) {
    await older.tick();
    world.now += 60_000;
  }
  expect(await older.list({})).toEqual([]);
  await older.stop();
  const history = await openLocalHistory({ dataFolder: folder, log: world.logger, clock: world.clock });
  const newer = await open(world, folder, { ended: { history } });
  await newer.tick();
  expect(await remembered(history)).toEqual(theRedrive);
  await newer.stop();
  history.close();
  await rm(folder, { recursive: true });
});

test('records later what could not be recorded, without delaying notifications', async () => {
  const [world, folder] = [aWorld(), mkdtempSync(join(tmpdir(), 'history-'))];
  const history = await openLocalHistory({ dataFolder: folder, log: world.logger, clock: world.clock });
  let isFull = true;
  const record: HistoryStore['record'] = async (redrive) => {
    if (isFull) throw new Error('the disk is full');
    await history.record(redrive);
  };
  const engine = await open(world, folder, { ended: { history: { record } } });
  await engine.watch(request);
  for (let minute = 0; minute < 40; minute += 1) {
    await engine.tick();
    world.now += 60_000;
  }
  expect(world.thread.map(({ notification }) => notification.kind)).toContain('ended');
  expect(await remembered(history)).toEqual([]);
  isFull = false;
  await engine.tick();
  expect(await remembered(history)).toEqual(theRedrive);
  await engine.stop();
  history.close();
  await rm(folder, { recursive: true });
});

test('records a followed redrive whose card Slack never accepts, even two processes later', async () => {
  const [world, folder] = [aWorld(), mkdtempSync(join(tmpdir(), 'history-'))];
  world.redrives.set(queue.name, [{ length: 600, end: 'COMPLETED', startedAt: noon }]);
  const history = await openLocalHistory({ dataFolder: folder, log: world.logger, clock: world.clock });
  const refused = {
    ...{ kind: 'retry-later', because: 'refused', maybeDelivered: false, why: 'invalid_blocks' },
  } as const;
  const announcer = { announce: async () => refused };
  const following = { queues: [{ ...queue, notify: 'C1' }], everySeconds: 60, announcer };
  for (let process = 0; process < 6; process += 1) {
    const engine = await open(world, folder, { ended: { history }, following });
    await pass(world, engine, 300, 60);
    await engine.stop();
  }
  const task = expect.objectContaining({ status: 'COMPLETED', moved: 600 });
  expect(await remembered(history)).toEqual([expect.objectContaining({ startedAt: noon, task })]);
  expect(world.thread).toEqual([]);
  history.close();
  await rm(folder, { recursive: true });
});

test('a run on Lambda loses no redrive if it is killed at every step', async () => {
  const world = aWorld();
  const engine = aDurableEngine(world, [queue]);
  await engine.watches.watch(request);
  for (let minute = 0; minute < 60; minute += 1) {
    void engine.service.tick();
    await new Promise((resolve) => setImmediate(resolve));
    engine.kill();
    await engine.service.tick();
    world.now += 60_000;
  }
  expect(await remembered(engine.past)).toEqual(theRedrive);
});

test('records what runs of an older version left in the table of watches', async () => {
  const world = aWorld();
  const engine = aDurableEngine(world, [queue]);
  await engine.watches.watch(request);
  for (let minute = 0; minute < 60; minute += 1) {
    await engine.service.tick();
    world.now += 60_000;
  }
  const history = historyIn(createLocalHistoryTable(), world.logger);
  await recordStoredEnds(engine.rows, { history, clock: world.clock, log: world.logger });
  expect(await remembered(history)).toEqual(theRedrive);
});
