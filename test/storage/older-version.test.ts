import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Queue } from '../../src/domain/queue.ts';
import type { ToAnnounce } from '../../src/operations/following/announce-pending.ts';
import type { WatchView } from '../../src/operations/watching/watches.ts';
import { createDynamodbFollowStore } from '../../src/storage/dynamodb/dynamodb-follow-store.ts';
import { parseStored } from '../../src/storage/stored-names.ts';
import { aQueue, aWorld, type World } from '../engine/a-world.ts';
import { aDurableEngine } from '../engine/durable-engine.ts';
import { openEngineIn } from '../support/local-engine.ts';

/**
 * Stored at half past twelve by the version whose types were not yet inferred from their schemas. Each queue
 * is named after the state of its watch; all redrives but one began at noon.
 */
const fixture = (name: string) =>
  readFileSync(new URL(`../fixtures/older-version/${name}`, import.meta.url), 'utf8');
const minute = 60_000;
const noon = Date.parse('2026-11-20T12:00:00Z');

const lengths: Record<string, number> = {
  running: 7_200,
  'too-slow': 36 * 3_600 * 3,
  settling: 1_788,
  failed: 1_788,
  bouncing: 1_200,
  over: 600,
  'card-gone': 7_200,
  blind: 7_200,
  'not-listed': 7_200,
  'end-pending': 1_740,
  'end-half-told': 1_740,
  'joined-pending': 7_200,
  followed: 7_200,
};
const announced = { ...aQueue('to-announce'), notify: 'C1' };
const queues: Queue[] = [
  ...Object.keys(lengths).map((name) => ({ ...aQueue(name), ...(name === 'followed' && { notify: 'C1' }) })),
  announced,
];
const nameOf = (arn: string) => arn.split(':').at(-1) ?? '';

/** Everything continues as before, and what could not be polled can be again. */
function theWorldAtHalfPastTwelve(): World {
  const world = aWorld();
  world.now = noon + 30 * minute;
  world.depth = 2;
  for (const [name, length] of Object.entries(lengths)) {
    const end = name === 'failed' ? 'FAILED' : 'COMPLETED';
    world.redrives.set(name, [{ length, end, startedAt: noon }]);
  }
  world.redrives.set('to-announce', [{ length: 7_200, end: 'COMPLETED', startedAt: noon + 29 * minute }]);
  return world;
}

const phases = (watches: readonly WatchView[]) =>
  Object.fromEntries(
    watches.map(({ queueArn, phase, watchers }) => [nameOf(queueArn), [phase, ...watchers]]),
  );

const liveThen = {
  running: ['running', 'U1', 'U2'],
  'too-slow': ['running', 'U1'],
  settling: ['settling', 'U1'],
  failed: ['settling', 'U3'],
  bouncing: ['bouncing', 'U1', 'U2'],
  'card-gone': ['running', 'U1'],
  blind: ['running', 'U1'],
  'not-listed': ['running', 'U1'],
  'end-pending': ['bouncing', 'U1'],
  'end-half-told': ['bouncing', 'U1'],
  'joined-pending': ['running', 'U1'],
};

/** What people read from then on. */
const toldSince = {
  running: ['ended'],
  'card-gone': ['ended'],
  blind: ['can-see-again', 'ended'],
  'not-listed': ['ended'],
  'end-pending': ['ended'],
  'end-half-told': [expect.any(String)],
  'joined-pending': ['joined', 'ended'],
  followed: ['ended'],
};

/** By queue, with the keys of the stored watches. */
function deliveredBy(world: World, queueOfWatch: ReadonlyMap<string, string>): Record<string, string[]> {
  const result: Record<string, string[]> = {};
  for (const { key, notification } of world.thread) {
    const queue = queueOfWatch.get(key.split('/')[0] ?? '') ?? 'announced since';
    result[queue] = [...(result[queue] ?? []), notification.kind];
  }
  return result;
}

/** The post whose result was unknown: it had arrived. */
function isInThread(world: World, watch: string | undefined) {
  const notification = { kind: 'can-see-again' as const, forMs: 0 };
  world.thread.push({ key: `${watch}/ended`, notification, watchers: ['U1'], ts: '200.99' });
}

async function passUntil(world: World, at: number, tick: () => Promise<void>) {
  while (world.now < at) {
    world.now += 10 * minute;
    await tick();
  }
}

test("opens an older version's file with every watch, and each continues where it was", async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'older-')), 'watches.sqlite');
  const database = new DatabaseSync(file);
  database.exec(fixture('watches.sql'));
  const raw = database.prepare('SELECT id, queue_arn FROM watches').all();
  const queueOfWatch = new Map(raw.map((row) => [String(row['id']), nameOf(String(row['queue_arn']))]));
  database.close();

  const world = theWorldAtHalfPastTwelve();
  isInThread(world, [...queueOfWatch].find(([, name]) => name === 'end-half-told')?.[0]);
  const cards: Pick<ToAnnounce, 'key' | 'doubt'>[] = [];
  const watcher = await openEngineIn(world, file, queues, {
    following: {
      queues,
      everySeconds: 60,
      announcer: {
        announce: async ({ key, doubt }) => {
          cards.push({ key, doubt });
          return { kind: 'delivered', message: { channel: 'C1', ts: '300.9' } };
        },
      },
    },
  });
  expect(phases(await watcher.list({}))).toEqual({ ...liveThen, followed: ['running', 'U1'] });

  await passUntil(world, noon + 210 * minute, () => watcher.tick());
  expect(cards).toEqual([{ key: `${announced.arn}/${noon + 29 * minute}/began`, doubt: true }]);
  expect(deliveredBy(world, queueOfWatch)).toEqual({ ...toldSince, 'announced since': ['ended'] });
  expect(phases(await watcher.list({}))).toEqual({ 'too-slow': ['running', 'U1'] });
  expect(world.log).toEqual([]);
  await watcher.stop();
});

describe('the table of an older version', () => {
  const Items = z.array(
    z.object({
      card: z.object({ S: z.string() }),
      task: z.object({ S: z.string() }),
      version: z.object({ N: z.string() }),
      isLive: z.object({ BOOL: z.boolean() }),
      state: z.object({ S: z.string() }),
      expiresAt: z.object({ N: z.string() }),
    }),
  );
  const Kept = z.object({ stored: z.object({ watch: z.object({ id: z.string(), queueArn: z.string() }) }) });

  function opened() {
    const world = theWorldAtHalfPastTwelve();
    const engine = aDurableEngine(world, queues);
    const items = Items.parse(JSON.parse(fixture('watch-table.json')));
    for (const item of items) engine.table.items.set(`${item.card.S} ${item.task.S}`, item);
    const watches = items.flatMap(({ state, version }) => {
      const { data } = Kept.safeParse(parseStored(state.S));
      return data ? [{ ...data.stored.watch, run: Number(version.N) + 1 }] : [];
    });
    return { world, engine, watches };
  }

  test('is read with every watch, and each continues where it was once resumed', async () => {
    const { world, engine, watches } = opened();
    expect(phases(await engine.watches.list({}))).toEqual({ ...liveThen, followed: ['running'] });

    const queueOfWatch = new Map(watches.map(({ id, queueArn }) => [id, nameOf(queueArn)]));
    for (const { id, run } of watches)
      engine.service.start(id.replaceAll(/[^\w-]/g, '-'), JSON.stringify({ watch: id, run }));
    isInThread(world, watches.find(({ queueArn }) => nameOf(queueArn) === 'end-half-told')?.id);
    await passUntil(world, noon + 210 * minute, () => engine.service.tick());
    expect(deliveredBy(world, queueOfWatch)).toEqual(toldSince);
    expect(phases(await engine.watches.list({}))).toEqual({ 'too-slow': ['running', 'U1'] });
    expect(world.log).toEqual([]);
  });

  test('still has what is to be announced', async () => {
    const { world, engine } = opened();
    const store = createDynamodbFollowStore({
      rows: engine.rows,
      start: async () => undefined,
      clock: world.clock,
      log: world.logger,
      holder: 'me',
    });
    const { announcements } = await store.read(announced.arn);
    expect(announcements).toMatchObject([
      { startedAt: noon + 29 * minute, startedBy: 'Ada', maybeDelivered: true, seen: { depth: 2 } },
    ]);
  });
});
