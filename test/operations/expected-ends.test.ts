import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeliveryResult } from '../../src/domain/delivery.ts';
import { defaultWatchSettings } from '../../src/domain/settings.ts';
import { newWatch, type Watch } from '../../src/domain/watch/watch.ts';
import { createLocalWatches } from '../../src/engine/local/local-watches.ts';
import type { StartedHere } from '../../src/operations/actions/started-here.ts';
import { expectingEnds, recordExpectedEnds } from '../../src/operations/expected-ends.ts';
import { announcePending } from '../../src/operations/following/announce-pending.ts';
import type { FollowStore } from '../../src/operations/following/follow-store.ts';
import { pollFollowedQueue } from '../../src/operations/following/followed-queue.ts';
import type { HistoryStore } from '../../src/operations/history.ts';
import type { ExpectedEnds } from '../../src/operations/watching/watch-store.ts';
import type { Watches } from '../../src/operations/watching/watches.ts';
import { createDynamodbExpectedEnds } from '../../src/storage/dynamodb/dynamodb-expected-ends.ts';
import { createDynamodbFollowStore } from '../../src/storage/dynamodb/dynamodb-follow-store.ts';
import { createDynamodbWatches } from '../../src/storage/dynamodb/dynamodb-watches.ts';
import { openLocalHistory } from '../../src/storage/sqlite/sqlite-history-store.ts';
import { openSqliteStorage } from '../../src/storage/sqlite/sqlite-storage.ts';
import { aTask, noon } from '../domain/watch/a-watch.ts';
import { aCard, aQueue, aWorld, type World } from '../engine/a-world.ts';
import { createLocalHistoryTable, historyIn } from '../storage/local-history-table.ts';
import { createLocalTable } from '../storage/local-table.ts';
import { rowsOf } from '../storage/table-rows.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';
import { recordedLog } from '../support/recorded.ts';

const queue = { ...aQueue(), notify: 'C1' };
const redrive = { queueArn: queue.arn, startedAt: noon };

type Held = {
  ends: ExpectedEnds;
  follows: FollowStore;
  history: HistoryStore;
  watches: Watches;
  close(): Promise<void>;
};

async function inSqlite({ clock, logger: log }: World): Promise<Held> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'dlq-tasks-expected-'));
  const file = join(dataFolder, 'watches.sqlite');
  let ids = 0;
  const newId = () => `W${++ids}`;
  const storage = await openSqliteStorage({ file, log, clock, newId });
  const history = await openLocalHistory({ dataFolder, log, clock });
  const watches = createLocalWatches({
    ...{ store: storage.watches, settings: defaultWatchSettings, log, clock, newId },
    random: () => 0.5,
    changed: () => undefined,
  });
  const close = async () => {
    storage.close();
    history.close();
    await rm(dataFolder, { recursive: true });
  };
  return { ends: storage.ends, follows: storage.follows, history, watches, close };
}

async function inDynamodb({ clock, logger: log }: World): Promise<Held> {
  const rows = rowsOf(createLocalTable());
  const given = { rows, clock, log, start: async () => undefined };
  return {
    ends: createDynamodbExpectedEnds({ rows, clock, log }),
    follows: createDynamodbFollowStore({ ...given, holder: 'one' }),
    history: historyIn(createLocalHistoryTable(), log),
    watches: createDynamodbWatches(given),
    close: async () => undefined,
  };
}

describe.each([
  ['SQLite', inSqlite],
  ['DynamoDB', inDynamodb],
])('with %s', (_, open) => {
  let world: World;
  let held: Held;
  let isListed: boolean;
  beforeEach(async () => {
    isListed = true;
    world = aWorld();
    world.now = noon + 1_000;
    world.redrives.set(queue.name, [{ length: 600, end: 'COMPLETED', startedAt: noon }]);
    held = await open(world);
  });
  afterEach(() => held.close());

  const given = () => ({
    ...held,
    ...{ moveTasks: world.moveTasks, clock: world.clock, log: world.logger, random: () => 0.5 },
    ...{ settings: defaultWatchSettings, queueOf: () => (isListed ? queue : undefined) },
  });
  const expectEnd = (startedBy?: string) =>
    expectingEnds(given())({ ...redrive, ...(startedBy !== undefined && { startedBy }) });
  async function minutesPass(minutes: number, more: Partial<Parameters<typeof recordExpectedEnds>[0]> = {}) {
    for (let minute = 0; minute < minutes; minute += 1) {
      world.now += 60_000;
      await recordExpectedEnds({ ...given(), ...more });
    }
  }
  const remembered = () => held.history.list({ queueArn: queue.arn, atMost: 20 });
  const ended = { ...redrive, task: expect.objectContaining({ status: 'COMPLETED', moved: 600 }) };

  test('records a redrive whose announcement Slack never accepts, with who started it and what came back', async () => {
    const refused: DeliveryResult = {
      ...{ kind: 'retry-later', because: 'refused', maybeDelivered: false, why: 'invalid_blocks' },
    };
    const ports = { ...given(), store: held.follows, expectEnd: expectingEnds(given()) };
    await pollFollowedQueue(queue, ports);
    await held.follows.answered(queue.arn, noon, 'ada');
    await announcePending(queue, { ...ports, announcer: { announce: async () => refused } });
    await minutesPass(11);
    world.depth = 40;
    await minutesPass(30);
    expect(await remembered()).toEqual([
      expect.objectContaining({ ...ended, startedElsewhere: 'ada', left: 0, highest: 40 }),
    ]);
    expect((await remembered())[0]).not.toHaveProperty('card');
    expect(await held.ends.all()).toEqual([]);
  });

  test('records a redrive that was started here, with who and why, even if everyone has stopped watching', async () => {
    await held.watches.watch({ queue, startedAt: noon, card: aCard(), user: 'U1' });
    await expectEnd();
    const start = { kind: 'start', requester: 'U1', reason: 'fixed' } as StartedHere;
    const startOf = async () => start;
    await minutesPass(3, { startOf });
    expect(world.lists).toEqual([]);
    await held.watches.unwatch({ card: aCard(), user: 'U1' });
    await minutesPass(40, { startOf });
    expect(await remembered()).toEqual([
      expect.objectContaining({ ...ended, startedHere: { requester: 'U1', reason: 'fixed' } }),
    ]);
  });

  test('leaves alone what a watch has recorded, and does not poll for it', async () => {
    await expectEnd();
    const task = { status: 'COMPLETED', statusText: 'COMPLETED', startedAt: noon } as const;
    const seen = { ...redrive, task, seenAt: noon + 5_000, endedBy: noon + 5_000, left: 9, card: aCard() };
    await held.history.record(seen);
    await minutesPass(3);
    expect([await remembered(), world.lists, await held.ends.all()]).toEqual([[seen], [], []]);
  });

  test('expects it once, and not again when it is over', async () => {
    await Promise.all([expectEnd(), expectEnd()]);
    await minutesPass(40);
    const before = world.lists.length;
    await expectEnd('ada');
    await minutesPass(3);
    expect([await held.ends.all(), world.lists.length]).toEqual([[], before]);
  });

  test('does not poll a queue that is no longer listed', async () => {
    await expectEnd();
    isListed = false;
    await minutesPass(3);
    expect([world.lists, await held.ends.all()]).toEqual([[], []]);
  });

  test('records later what could not be recorded', async () => {
    await expectEnd();
    const full = async () => Promise.reject(new Error('the disk is full'));
    await minutesPass(20, { history: { ...held.history, record: full } });
    expect([await remembered(), new Set(world.log)]).toEqual([
      [],
      new Set(['could not record redrives; retrying: the disk is full']),
    ]);
    await minutesPass(3);
    expect(await remembered()).toEqual([expect.objectContaining(ended)]);
  });
});

describe('a redrive whose end is expected', () => {
  const id = `${queue.arn}/${noon}`;
  const expected = newWatch({ id, queueArn: queue.arn, startedAt: noon, card: aCard(), now: noon });

  /** Records what is due of these, and says what was polled and what is stored afterward. */
  async function recorded(watches: Watch[], given: { isListed?: boolean } = {}) {
    const stored = new Map(watches.map((one) => [one.startedAt, one]));
    const moveTasks = fakeMoveTasks();
    moveTasks.lists(aTask());
    await recordExpectedEnds({
      ends: {
        all: async () => [...stored.values()].filter(({ phase }) => phase !== 'over'),
        change: async ({ startedAt }, how) => void stored.set(startedAt, how(stored.get(startedAt))),
      },
      history: { record: async () => undefined, list: async () => [] },
      watches: { list: async () => [] },
      queueOf: () => (given.isListed === false ? undefined : queue),
      ...{ moveTasks, settings: defaultWatchSettings, clock: () => noon + 5_000, random: () => 0.5 },
      log: recordedLog().log,
    });
    return { asked: moveTasks.asked, stored: [...stored.values()] };
  }

  test('is polled when that is due, and not before', async () => {
    const early = { ...expected, nextPollAt: noon + 5_001 };
    expect(await recorded([early])).toEqual({ asked: [], stored: [early] });
    const { asked, stored } = await recorded([{ ...expected, nextPollAt: noon + 5_000 }]);
    expect(asked).toEqual([`list ${queue.arn} 1`]);
    expect(stored).toMatchObject([{ phase: 'running', seen: { task: { startedAt: noon } } }]);
  });

  test('is over if its queue is no longer listed, with all that is known of it', async () => {
    expect(await recorded([expected], { isListed: false })).toEqual({
      ...{ asked: [], stored: [{ ...expected, phase: 'over' }] },
    });
  });
});
