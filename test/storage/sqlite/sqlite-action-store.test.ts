import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openCheckedDatabase } from '../../../src/storage/sqlite/checked-database.ts';
import {
  actionFile,
  actionFileName,
  createSqliteActionStore,
  openActionRecord,
} from '../../../src/storage/sqlite/sqlite-action-store.ts';
import { aStart, resulting } from '../../domain/actions/an-action.ts';
import { describeLocalActionStore } from '../../operations/actions/action-store-contract.ts';
import { now } from '../../support/builders.ts';

const nothing = () => undefined;
const quiet = { debug: nothing, info: nothing, warn: nothing, error: nothing };

async function opened(file: string) {
  const database = await openCheckedDatabase({
    file,
    waitMs: 0,
    log: quiet,
    clock: () => now,
    schema: actionFile,
  });
  return {
    store: createSqliteActionStore({ database, log: quiet, clock: () => now }),
    close: async () => database.close(),
  };
}

const newFolder = () => mkdtempSync(join(tmpdir(), 'actions-'));

describeLocalActionStore('SQLite', () => opened(join(newFolder(), actionFileName)));

test('reads the record while the bot keeps writing', async () => {
  const folder = newFolder();
  expect(openActionRecord(folder)).toBeUndefined();
  const bot = await opened(join(folder, actionFileName));
  await bot.store.add(aStart(), now);
  const reader = openActionRecord(folder);
  expect(await reader?.list({ atMost: 9 })).toEqual([aStart()]);
  const withdrawn = resulting(aStart(), [0, { kind: 'withdraw', by: aStart().requester }]);
  await bot.store.replace(aStart(), withdrawn, now);
  expect((await reader?.list({ atMost: 9 }))?.map(({ state }) => state)).toEqual(['withdrawn']);
  reader?.close();
  await bot.close();
});

/** More than its cache holds, so that SQLite begins to write before the commit. */
const killedWhileItWrites = `
  const database = new (require('node:sqlite').DatabaseSync)(process.argv[1]);
  database.exec('PRAGMA cache_size = 2; BEGIN IMMEDIATE');
  const step = database.prepare("INSERT INTO record (action_id, at, to_state, state) VALUES ('a1', 1, 'x', ?)");
  for (let written = 0; written < 100; written += 1) step.run('x'.repeat(5000));
  process.kill(process.pid, 'SIGKILL');
`;

test('reads the record after a bot was killed while writing', async () => {
  const file = join(newFolder(), actionFileName);
  const bot = await opened(file);
  await bot.store.add(aStart(), now);
  await bot.close();
  spawnSync(process.execPath, ['-e', killedWhileItWrites, file]);
  expect(existsSync(`${file}-journal`)).toBe(true);
  const reader = openActionRecord(dirname(file));
  expect([await reader?.list({ atMost: 9 }), (await reader?.record('a1'))?.length]).toEqual([[aStart()], 1]);
  reader?.close();
});

test('keeps what a newer version has written, and leaves its states alone', async () => {
  const file = join(newFolder(), actionFileName);
  const first = await opened(file);
  await first.store.add(aStart(), now);
  await first.close();
  const newer = new DatabaseSync(file);
  const newerState = JSON.stringify({ ...aStart(), mood: 'calm' });
  newer.prepare('UPDATE actions SET state = ?').run(newerState);
  newer.close();
  const second = await opened(file);
  await second.store.replace(aStart(), resulting(aStart(), [0, { kind: 'posted', message: '1.1' }]), now);
  await second.close();
  const read = new DatabaseSync(file, { readOnly: true });
  const state = JSON.parse(String(read.prepare('SELECT state FROM actions').get()?.['state']));
  expect({ mood: state.mood, message: state.place.message }).toEqual({ mood: 'calm', message: '1.1' });
  read.close();
});

test('what only a newer version can do is never due', async () => {
  const file = join(newFolder(), actionFileName);
  const { store, close } = await opened(file);
  await store.add(aStart(), now);
  await store.add(aStart({ id: 'a2', queueArn: 'arn:aws:sqs:eu-west-1:111122223333:other-dlq' }), now);
  await close();
  const newer = new DatabaseSync(file);
  const digest = { ...aStart().outbox[0], kind: 'digest', key: 'a1:digest' };
  const over = JSON.stringify({ ...aStart(), state: 'withdrawn', outbox: [digest] });
  const paused = JSON.stringify({ ...aStart({ id: 'a2' }), state: 'paused' });
  newer.prepare("UPDATE actions SET state = ? WHERE id = 'a1'").run(over);
  newer.prepare("UPDATE actions SET state = ? WHERE id = 'a2'").run(paused);
  newer.close();
  const older = await opened(file);
  expect([await older.store.due(now + 1e9), await older.store.nextDue()]).toEqual([[], undefined]);
  await older.close();
});

test('logs an unreadable row once, and blocks its queue only while it may be open', async () => {
  const file = join(newFolder(), actionFileName);
  const errors: unknown[] = [];
  let time = now;
  const log = { ...quiet, error: (facts: Record<string, unknown>) => void errors.push(facts['action']) };
  const database = await openCheckedDatabase({ file, waitMs: 0, log, clock: () => time, schema: actionFile });
  const store = createSqliteActionStore({ database, log, clock: () => time });
  await store.add(aStart(), now);
  const damaging = new DatabaseSync(file);
  damaging.prepare("UPDATE actions SET state = '{}'").run();
  damaging.close();
  const standIn = { id: 'a1', state: 'unknown', kind: 'start' };
  for (let round = 0; round < 3; round += 1) {
    expect(await store.list({ atMost: 9 })).toMatchObject([standIn]);
    expect(await store.openOf(aStart().queueArn)).toMatchObject(standIn);
    expect(await store.due(now + 1e9)).toEqual([]);
    expect(await store.nextDue()).toBeUndefined();
  }
  expect(errors).toEqual(['a1']);
  expect(await store.add(aStart({ id: 'a2' }), now)).toMatchObject({ ok: false, open: standIn });
  time += 4 * 24 * 3_600_000;
  expect(await store.openOf(aStart().queueArn)).toBeUndefined();
  expect(await store.add(aStart({ id: 'a2' }), time)).toEqual({ ok: true });
  expect((await store.openOf(aStart().queueArn))?.id).toBe('a2');
  database.close();
});
