import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Counted } from '../../src/operations/metrics.ts';
import type { Watches } from '../../src/operations/watching/watches.ts';
import { createDynamodbFollowStore } from '../../src/storage/dynamodb/dynamodb-follow-store.ts';
import { type CheckedDatabase, openCheckedDatabase } from '../../src/storage/sqlite/checked-database.ts';
import { createSqliteFollowStore } from '../../src/storage/sqlite/sqlite-follow-store.ts';
import { createSqliteWatchStore } from '../../src/storage/sqlite/sqlite-watch-store.ts';
import { parseStored, storedText } from '../../src/storage/stored-names.ts';
import { noon } from '../domain/watch/a-watch.ts';
import { aCard, aQueue, aWorld, kindsIn, type World } from '../engine/a-world.ts';
import { aDurableEngine } from '../engine/durable-engine.ts';
import { openEngineIn } from '../support/local-engine.ts';

const queue = aQueue();
const request = { queue, startedAt: noon, card: aCard(), user: 'U1' };

/** A row as its store contains it. */
const Kept = z.looseObject({
  watch: z.looseObject({ said: z.array(z.string()), seen: z.looseObject({ task: z.looseObject({}) }) }),
  outbox: z.looseObject({ notifications: z.array(z.unknown()) }),
});
type Kept = z.infer<typeof Kept>;

type Engine = {
  watches: Watches;
  tick(): Promise<void>;
  /** As if another version had used the row for a while. */
  rewrite(how: (stored: Kept) => void): Promise<void>;
  stored(): Promise<Kept>;
};

async function local(world: World) {
  const file = join(mkdtempSync(join(tmpdir(), 'newer-')), 'watches.sqlite');
  let watcher = await openLocal(world, file);
  const inFile = async <T>(work: (database: DatabaseSync) => T): Promise<T> => {
    await watcher.stop();
    const database = new DatabaseSync(file);
    const done = work(database);
    database.close();
    watcher = await openLocal(world, file);
    engine.watches = watcher;
    return done;
  };
  const storedIn = (database: DatabaseSync) =>
    Kept.parse(parseStored(String(database.prepare('SELECT state FROM watches').get()?.['state'])));
  const engine = {
    watches: watcher as Watches,
    undelivered: () => watcher.undelivered(),
    tick: () => watcher.tick(),
    rewrite: (how: (stored: Kept) => void) =>
      inFile((database) => {
        const stored = storedIn(database);
        how(stored);
        const { phase } = stored.watch;
        const { notifications, cardUpdate } = stored.outbox;
        database
          .prepare(
            'UPDATE watches SET state = ?, phase = ?, look_at = iif(?, NULL, look_at), notice_at = ?, edit_at = ?',
          )
          .run(
            storedText(stored),
            String(phase),
            phase === 'paused' ? 1 : 0,
            notifications.length > 0 ? 0 : null,
            cardUpdate === undefined ? null : 0,
          );
      }),
    stored: () => inFile(storedIn),
  };
  return engine;
}

function openLocal(world: World, file: string, counted: (event: Counted) => void = () => undefined) {
  return openEngineIn(world, file, [queue], { metrics: { counted, timed: () => undefined } });
}

async function durable(world: World): Promise<Engine> {
  const { watches, service, table } = aDurableEngine(world, [queue]);
  const item = () => [...table.items.values()][0] ?? {};
  const state = () => z.looseObject({ stored: Kept }).parse(parseStored(item()['state']?.S ?? ''));
  return {
    watches,
    tick: () => service.tick(),
    rewrite: async (how) => {
      const shared = state();
      how(shared.stored);
      Object.assign(item(), { state: { S: storedText(shared) } });
    },
    stored: async () => state().stored,
  };
}

const pausedNotification = {
  key: 'w/paused',
  notification: { kind: 'paused', by: 'U7' },
  version: 1,
  deliveredVersion: 0,
  notBefore: 0,
};
const notification = (given: object) => ({
  ...{
    key: 'w/other',
    version: 1,
    deliveredVersion: 0,
    maybeDelivered: false,
    since: noon,
    notBefore: 0,
    failures: 0,
  },
  notification: given,
});

describe.each([
  ['one process', local],
  ['Lambda', durable],
] as const)('after a newer version, in %s,', (_, create) => {
  async function goingBack(how: (stored: Kept) => void) {
    const world = aWorld();
    const engine = await create(world);
    await engine.watches.watch(request);
    const pass = async (seconds: number) => {
      for (let passed = 0; passed < seconds; passed += 1) {
        world.now += 1000;
        await engine.tick();
      }
    };
    await pass(5);
    await engine.rewrite(how);
    return { world, engine, pass };
  }

  test.each<[what: string, how: (stored: Kept) => void]>([
    ['a phase', ({ watch }) => Object.assign(watch, { phase: 'paused' })],
    ['something said once', ({ watch }) => watch.said.push('paused')],
    ['a status', ({ watch }) => Object.assign(watch.seen.task, { status: 'PAUSED', statusText: 'PAUSED' })],
    [
      'a problem',
      ({ watch }) => {
        const awsError = { kind: 'quota', service: 'KMS', action: '', roleArn: '', code: '', detail: '' };
        Object.assign(watch, { cannotPoll: { since: noon, polls: 1, said: false, awsError } });
      },
    ],
    ['an edit', ({ outbox }) => Object.assign(outbox, { cardUpdate: { state: { table: 1 } } })],
    ['a notice', ({ outbox }) => outbox.notifications.unshift(pausedNotification)],
  ])('an unknown %s ends no watch and hides no end', async (__, how) => {
    const { world, engine, pass } = await goingBack(how);
    expect(await engine.watches.list({ user: 'U1' })).toHaveLength(1);
    await pass(60);
    expect(kindsIn(world.thread)).toEqual(['joined U1', 'ended']);
    expect(world.cards.get('100.1')).toMatchObject({ final: true, task: { moved: 30 } });
    expect(world.log.filter((line) => !line.startsWith('notifications from a newer version'))).toEqual([]);
  });

  test('an unknown notification is not delivered, but stays until the watch is forgotten', async () => {
    const { engine, pass } = await goingBack(({ outbox }) =>
      outbox.notifications.unshift(pausedNotification),
    );
    await pass(1_200);
    const { watch, outbox } = await engine.stored();
    expect(watch['phase']).toBe('over');
    expect(outbox.notifications).toContainEqual(pausedNotification);
  });

  test('an unknown phase stays until this version has a reason to change it', async () => {
    const { engine, pass } = await goingBack(({ watch }) => Object.assign(watch, { phase: 'paused' }));
    await pass(10);
    expect((await engine.stored()).watch['phase']).toBe('paused');
  });

  test('watchers can leave, whatever the phase', async () => {
    const { engine } = await goingBack(({ watch }) => Object.assign(watch, { phase: 'paused' }));
    expect(await engine.watches.unwatch({ user: 'U1', card: aCard() })).toMatchObject([{ watchers: [] }]);
    expect(await engine.watches.list({})).toEqual([]);
  });

  test('shows an unknown reason to give up as far as it is understood', async () => {
    const gaveUp = notification({ kind: 'gave-up', because: 'quota' });
    const { world, pass } = await goingBack(({ outbox }) => outbox.notifications.push(gaveUp));
    await pass(4);
    expect(world.thread.at(-1)).toMatchObject({ notification: { kind: 'gave-up', because: 'another' } });
  });
});

test('in a file, what only a newer version can deliver is never due', async () => {
  const world = aWorld();
  const engine = await local(world);
  await engine.watches.watch(request);
  await engine.tick();
  await engine.rewrite(({ outbox }) => outbox.notifications.unshift(pausedNotification));
  expect(engine.undelivered()).toEqual({ notification: 0, cardUpdate: 0 });
});

test('in a file, an announcement that only a newer version can make is kept, and never due', async () => {
  const { clock, logger: log } = aWorld();
  const database = await openCheckedDatabase({ file: ':memory:', log, clock });
  const state = JSON.stringify({ queueArn: queue.arn, announcements: [{ key: 'k', kind: 'ended' }] });
  database.statement('INSERT INTO followings VALUES (?, 0, ?, 0)').run(queue.arn, state);
  const watches = createSqliteWatchStore({ database, log, clock });
  const store = createSqliteFollowStore({ database, watches, log, clock, newId: () => 'w' });
  store.recover([queue.arn], clock(), clock());
  expect([...store.dueQueues(clock()), ...store.questionedQueues(clock())]).toEqual([]);
  expect(database.statement('SELECT state FROM followings').all()).toEqual([{ state }]);
});

test('in the table, attributes that only a newer version knows stay', async () => {
  const world = aWorld();
  const { watches, service, table } = aDurableEngine(world, [queue]);
  await watches.watch(request);
  const newer = { region: { S: 'eu-west-1' }, tags: { SS: ['a', 'b'] } };
  for (const item of table.items.values()) Object.assign(item, newer);
  const versions = () => [...table.items.values()].map(({ version }) => Number(version?.N));
  const [before = 0] = versions();
  await watches.watch({ ...request, user: 'U2' });
  for (let passed = 0; passed < 10; passed += 1) {
    world.now += 1_000;
    await service.tick();
  }
  expect(versions()[0]).toBeGreaterThan(before + 2);
  expect([...table.items.values()]).toEqual([expect.objectContaining(newer)]);
});

test('a start examines rows only where another version may have written them', async () => {
  const { file, log, counts } = {
    file: join(mkdtempSync(join(tmpdir(), 'writer-')), 'w.sqlite'),
    ...counting(),
  };
  const opened = async (version: string, work: (database: CheckedDatabase) => void = () => undefined) => {
    const database = await openCheckedDatabase({ file, log, clock });
    const store = createSqliteWatchStore({ database, log, clock, version, metrics: counts.metrics });
    store.recover();
    work(database);
    database.close();
    return counts.taken();
  };
  const damaged = "VALUES ('w', 'q', 0, 'C', '1', 0, '[]', 'running', 0, 0, 0, NULL, '{}')";
  const first = await opened('1', ({ transaction, statement }) =>
    transaction(() => statement(`INSERT INTO watches ${damaged}`).run()),
  );
  expect([first, await opened('1'), await opened('2')]).toEqual([[], [], ['row unreadable']]);
});

const clock = () => noon;

function counting() {
  const seen: string[] = [];
  const metrics = { counted: ({ what }: Counted) => void seen.push(what), timed: () => undefined };
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  return { log, counts: { metrics, taken: () => [...seen] } };
}

describe('a row that cannot be read', () => {
  const damaged = '{"watch":{"id":7}}';
  const unreadable = expect.stringContaining('stored watch is unreadable; set aside');

  test('in a file is counted and kept, and read by the next process that can', async () => {
    const world = aWorld();
    const file = join(mkdtempSync(join(tmpdir(), 'damaged-')), 'watches.sqlite');
    const counts: string[] = [];
    const open = () => openLocal(world, file, ({ what }) => counts.push(what));
    const replaced = (state: unknown) => {
      const database = new DatabaseSync(file);
      const before = database.prepare('SELECT state FROM watches').get()?.['state'];
      database.prepare('UPDATE watches SET state = ?').run(String(state));
      database.close();
      return before;
    };
    const first = await open();
    await first.watch(request);
    await first.stop();
    const good = replaced(damaged);

    for (const _ of ['now', 'at the next start']) {
      const second = await open();
      world.now += 100 * 24 * 3_600_000;
      await second.tick();
      await second.stop();
    }
    expect([counts, world.log]).toEqual([
      ['row unreadable', 'row unreadable'],
      [unreadable, unreadable],
    ]);
    world.now = noon + 1_000;
    expect(replaced(good)).toBe(damaged);
    const third = await open();
    expect(await third.list({ user: 'U1' })).toHaveLength(1);
    await third.stop();
  });

  test('in a file blocks no one who clicks Watch again', async () => {
    const world = aWorld();
    const file = join(mkdtempSync(join(tmpdir(), 'damaged-')), 'watches.sqlite');
    const first = await openLocal(world, file);
    await first.watch(request);
    await first.stop();
    const database = new DatabaseSync(file);
    const good = String(database.prepare('SELECT state FROM watches').get()?.['state']);
    database.prepare('UPDATE watches SET state = ?').run(damaged);
    database.close();
    const second = await openLocal(world, file);
    expect(await second.watch(request)).toMatchObject({ kind: 'began' });
    await second.stop();
    const again = new DatabaseSync(file);
    again.prepare('UPDATE watches SET state = ? WHERE state = ?').run(good, damaged);
    again.close();
    const third = await openLocal(world, file);
    expect(await third.list({ user: 'U1' })).toHaveLength(1);
    await third.stop();
  });

  test('in the table fails its run, and is set aside when someone clicks Watch again', async () => {
    const world = aWorld();
    const { watches, service, table } = aDurableEngine(world, [queue]);
    await watches.watch(request);
    const [item] = [...table.items.values()];
    Object.assign(item ?? {}, { state: { S: damaged } });
    world.now += 10_000;
    await service.tick();
    expect([...service.executions.values()].map(({ status }) => status)).toEqual(['FAILED']);
    expect(await watches.list({})).toEqual([]);
    world.now += 10_000;
    expect(await watches.watch(request)).toMatchObject({ kind: 'began' });
    for (let passed = 0; passed < 60; passed += 1) {
      world.now += 1_000;
      await service.tick();
    }
    expect(kindsIn(world.thread)).toContain('ended');
    expect([...table.items.values()].map(({ state }) => state?.S)).toContain(damaged);
    expect(world.log).toContainEqual(expect.stringMatching(/set aside and started over/));
  });

  test('of a followed queue is set aside, and the queue starts over', async () => {
    const world = aWorld();
    const { rows, table } = aDurableEngine(world, [queue]);
    const start = async () => undefined;
    const { clock, logger: log } = world;
    const store = createDynamodbFollowStore({ rows, start, clock, log, holder: 'me' });
    await store.update(queue.arn, (following) => ({ ...following, knownUpTo: 7 }));
    const [item] = [...table.items.values()];
    Object.assign(item ?? {}, { state: { S: '{' } });
    expect(await store.read(queue.arn)).toEqual({ queueArn: queue.arn, announcements: [] });
    expect([...table.items.values()].map(({ state }) => state?.S)).toContain('{');
    expect(world.log).toEqual([expect.stringContaining('set aside and started over')]);
  });
});
