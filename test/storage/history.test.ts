import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PastRedrive } from '../../src/domain/history.ts';
import type { HistoryStore } from '../../src/operations/history.ts';
import {
  historyFileName,
  newestRedrives,
  openHistory,
  openLocalHistory,
} from '../../src/storage/sqlite/sqlite-history-store.ts';
import { aTask } from '../support/builders.ts';
import { recordedLog } from '../support/recorded.ts';
import { createLocalHistoryTable, historyIn } from './local-history-table.ts';

const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq';
const start = Date.UTC(2026, 0, 1);
const started = { requester: 'UANN', decider: 'UBOB', reason: 'fixed in 1.2' };

function aRedrive(changes: Partial<PastRedrive> = {}): PastRedrive {
  const startedAt = changes.startedAt ?? start;
  const task = aTask({ status: 'COMPLETED', moved: 1_190, startedAt });
  const card = { channel: 'CGENERAL', ts: '1.2' };
  return {
    queueArn,
    startedAt,
    task,
    seenAt: startedAt + 60_000,
    endedBy: startedAt + 60_000,
    card,
    ...changes,
  };
}

/** A store, and access to what it holds as another version would find and leave it. */
type Held = {
  history: HistoryStore;
  raw(): Record<string, unknown>;
  leave(state: string): void;
  close(): Promise<void>;
};

async function inSqlite(): Promise<Held> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'dlq-tasks-history-'));
  const history = await openLocalHistory({ dataFolder, log: recordedLog().log, clock: () => start });
  const file = () => new DatabaseSync(join(dataFolder, historyFileName));
  return {
    history,
    raw: () => JSON.parse(String(file().prepare('SELECT state FROM redrives').get()?.['state'])),
    leave: (state) => void file().prepare('UPDATE redrives SET state = ?').run(state),
    close: async () => {
      history.close();
      await rm(dataFolder, { recursive: true });
    },
  };
}

async function inDynamodb(): Promise<Held> {
  const table = createLocalHistoryTable({ pageSize: 3 });
  const item = () => table.queues.get(queueArn)?.get(start) ?? {};
  return {
    history: historyIn(table, recordedLog().log),
    raw: () => JSON.parse(item()['state']?.S ?? ''),
    leave: (state) => void Object.assign(item(), { state: { S: state } }),
    close: async () => undefined,
  };
}

describe.each([
  ['SQLite', inSqlite],
  ['DynamoDB', inDynamodb],
])('the history in %s', (_, open) => {
  let held: Held;
  beforeEach(async () => {
    held = await open();
  });
  afterEach(() => held.close());
  const all = (atMost = 100) => held.history.list({ queueArn, atMost });

  test('has one row per redrive, whatever order its watches are recorded in', async () => {
    const late = aRedrive({
      task: aTask({ status: 'COMPLETED', moved: 1_200, startedAt: start }),
      seenAt: start + 90_000,
      left: 3,
      highest: 10,
    });
    const early = aRedrive({ startedHere: started, left: 5 });
    for (const one of [late, early, late]) await held.history.record(one);
    expect(await all()).toEqual([{ ...late, endedBy: start + 60_000, startedHere: started }]);
  });

  test("lists one queue's newest first, no more than requested", async () => {
    const times = [3, 1, 7, 2, 5, 6, 4].map((n) => start + n);
    for (const startedAt of times) await held.history.record(aRedrive({ startedAt }));
    await held.history.record(aRedrive({ queueArn: `${queueArn}-2` }));
    expect((await all(5)).map(({ startedAt }) => startedAt - start)).toEqual([7, 6, 5, 4, 3]);
    expect(await all()).toHaveLength(7);
  });

  test('keeps what a newer version has stored', async () => {
    await held.history.record(aRedrive());
    held.leave(JSON.stringify({ ...held.raw(), mood: 'good' }));
    await held.history.record(aRedrive({ seenAt: start + 90_000, left: 4 }));
    expect(held.raw()).toMatchObject({ mood: 'good', left: 4 });
  });

  test.each(['{"unreadable":true}', '{"queueArn":', ''])(
    "skips a row that it can't read: %j",
    async (state) => {
      await held.history.record(aRedrive());
      held.leave(state);
      await held.history.record(aRedrive({ startedAt: start + 1 }));
      expect((await all()).map(({ startedAt }) => startedAt)).toEqual([start + 1]);
      await held.history.record(aRedrive({ left: 4 }));
      expect((await all()).at(-1)).toEqual(aRedrive({ left: 4 }));
    },
  );

  test('loses neither of two writers at once', async () => {
    await Promise.all([
      held.history.record(aRedrive({ left: 4 })),
      held.history.record(aRedrive({ highest: 9 })),
    ]);
    expect(await all()).toEqual([aRedrive({ left: 4, highest: 9 })]);
  });
});

test('SQLite finds the newest by key, without sorting, even while the bot runs', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'dlq-tasks-history-'));
  expect(openHistory(dataFolder)).toBeUndefined();
  const history = await openLocalHistory({ dataFolder, log: recordedLog().log, clock: () => start });
  await history.record(aRedrive());
  const beside = openHistory(dataFolder);
  expect(await beside?.list({ queueArn, atMost: 20 })).toEqual([aRedrive()]);
  beside?.close();
  const database = new DatabaseSync(join(dataFolder, historyFileName), { readOnly: true });
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${newestRedrives}`).all(queueArn, 20);
  expect(plan.map(({ detail }) => detail)).toEqual(['SEARCH redrives USING PRIMARY KEY (queue_arn=?)']);
  database.close();
  history.close();
  await rm(dataFolder, { recursive: true });
});

test('DynamoDB needs one query that reads no more than is shown', async () => {
  const table = createLocalHistoryTable();
  const history = historyIn(table, recordedLog().log);
  for (let n = 0; n < 60; n += 1) await history.record(aRedrive({ startedAt: start + n }));
  table.asked.length = 0;
  await history.list({ queueArn, atMost: 21 });
  expect({ asked: table.asked, read: table.itemsRead() }).toEqual({ asked: ['Query'], read: 21 });
});
