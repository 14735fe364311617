import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { actionFile, actionFileName } from '../../../src/storage/sqlite/action-file.ts';
import { createSqliteActionStore } from '../../../src/storage/sqlite/action-store.ts';
import { openCheckedDatabase } from '../../../src/storage/sqlite/checked-database.ts';
import { openActionRecord } from '../../../src/storage/sqlite/read-actions.ts';
import { aStart, resulting } from '../../domain/actions/an-action.ts';
import { describeActionStore } from '../../operations/actions/action-store-contract.ts';
import { now } from '../../support/builders.ts';

const nothing = () => undefined;
const quiet = { debug: nothing, info: nothing, warn: nothing, error: nothing };

async function opened(file: string) {
  const database = await openCheckedDatabase({
    file,
    waitMs: 0,
    log: quiet,
    clock: () => now,
    form: actionFile,
  });
  return { store: createSqliteActionStore({ database, log: quiet }), close: async () => database.close() };
}

const newFolder = () => mkdtempSync(join(tmpdir(), 'actions-'));

describeActionStore('SQLite', () => opened(join(newFolder(), actionFileName)));

test('the record is read beside the running bot, which goes on writing', async () => {
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

test('what a newer version has written stays, and its states are left alone', async () => {
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

test('a row that cannot be read is passed over and keeps its queue', async () => {
  const file = join(newFolder(), actionFileName);
  const bot = await opened(file);
  await bot.store.add(aStart(), now);
  const damaging = new DatabaseSync(file);
  damaging.prepare("UPDATE actions SET state = '{}'").run();
  damaging.close();
  expect(await bot.store.list({ atMost: 9 })).toEqual([]);
  await expect(bot.store.add(aStart({ id: 'a2' }), now)).rejects.toThrow();
  await bot.close();
});
