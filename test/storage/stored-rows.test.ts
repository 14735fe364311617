import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { Announcement, Following } from '../../src/domain/following/following.ts';
import { fieldsOf } from '../../src/domain/unknown-value.ts';
import { StoredNotification, StoredWatch } from '../../src/domain/watch/outbox.ts';
import { createDynamodbFollowStore } from '../../src/storage/dynamodb/dynamodb-follow-store.ts';
import { changeRow } from '../../src/storage/dynamodb/dynamodb-run-store.ts';
import { type CheckedDatabase, openCheckedDatabase } from '../../src/storage/sqlite/checked-database.ts';
import { createSqliteFollowStore } from '../../src/storage/sqlite/sqlite-follow-store.ts';
import {
  createSqliteWatchStore,
  type SqliteWatchStore,
} from '../../src/storage/sqlite/sqlite-watch-store.ts';
import { parseStored, storedText } from '../../src/storage/stored-names.ts';
import { anyOf } from '../support/any-of.ts';
import { createLocalTable } from './local-table.ts';
import { rowsOf } from './table-rows.ts';

const AnyRecord = z.looseObject({});
const Row = z.looseObject({
  watch: z.looseObject({
    id: z.string(),
    polls: z.number(),
    said: z.array(z.string()),
    seen: z.looseObject({ task: AnyRecord }).optional(),
    cannotPoll: z.looseObject({ awsError: AnyRecord }).optional(),
  }),
  outbox: z.looseObject({ notifications: z.array(z.unknown()) }),
});
type Row = z.infer<typeof Row>;

const log = { debug() {}, info() {}, warn() {}, error() {} };
const clock = () => 1_000;
const start = async () => undefined;

/** One that this version understands has failed once more; any other is unchanged. */
const failedAgain = (one: z.ZodType) => (value: unknown) =>
  one.safeParse(value).success
    ? { ...fieldsOf(value), failures: Number(fieldsOf(value)['failures']) + 1 }
    : value;

/** The same change to a stored row and to what is understood of it, with every record copied. */
const changed = (row: Row): Row => ({
  ...row,
  watch: { ...row.watch, polls: row.watch.polls + 1 },
  outbox: { ...row.outbox, notifications: row.outbox.notifications.map(failedAgain(StoredNotification)) },
});
const changedStored = (stored: StoredWatch): StoredWatch =>
  StoredWatch.parse(changed(Row.parse(JSON.parse(JSON.stringify(stored)))));

/** Values that only a newer version has, each in place of a known one. */
const strangeNotification = { kind: 'paused', until: 7 };
const newerValues: [what: string, put: (row: Row) => void][] = [
  ['a phase', ({ watch }) => Object.assign(watch, { phase: 'paused' })],
  ['something said once', ({ watch }) => watch.said.push('paused')],
  ['a status', ({ watch }) => watch.seen && Object.assign(watch.seen.task, { status: 'PAUSED' })],
  [
    'a problem',
    ({ watch }) =>
      watch.cannotPoll && Object.assign(watch.cannotPoll.awsError, { kind: 'quota', service: 'KMS' }),
  ],
  [
    'a notice',
    ({ outbox }) =>
      outbox.notifications.unshift({ key: 'w/paused', notification: strangeNotification, version: 2 }),
  ],
  [
    'a notice without a key',
    ({ outbox }) => outbox.notifications.push({ notification: strangeNotification }),
  ],
  [
    'an edit',
    ({ outbox }) => Object.assign(outbox, { cardUpdate: { state: { table: [1, 2] }, version: 1 } }),
  ],
];
const anyRow = fc.tuple(anyOf(StoredWatch), fc.subarray(newerValues)).map(([value, newer]) => {
  const row = Row.parse(value);
  for (const [, put] of newer) put(row);
  return row;
});

describe('whatever else a newer version has written about a watch survives a rewrite', () => {
  let database: CheckedDatabase;
  let store: SqliteWatchStore;
  beforeAll(async () => {
    database = await openCheckedDatabase({ file: ':memory:', log, clock });
    store = createSqliteWatchStore({ database, log, clock });
  });

  test('in SQLite', () => {
    fc.assert(
      fc.property(anyRow, (row) => {
        database.statement('DELETE FROM watches').run();
        database
          .statement("INSERT INTO watches VALUES (?, 'q', 0, 'C', '1', 0, '[]', 'running', 0, 0, 0, NULL, ?)")
          .run(row.watch.id, storedText(row));
        const [stored] = store.updateNow([row.watch.id], changedStored);
        expect(stored?.watch.polls).toBe(row.watch.polls + 1);
        const raw = database.statement('SELECT state FROM watches').get()?.['state'];
        expect(parseStored(String(raw))).toEqual(changed(row));
      }),
    );
  });

  test('in the table', async () => {
    await fc.assert(
      fc.asyncProperty(anyRow, fc.jsonValue(), async (stored, more) => {
        const rows = rowsOf(createLocalTable());
        const key = { card: 'C:1', task: 't' };
        const state = storedText({ stored, run: 3, held: { by: 3, until: 9, more }, more });
        await rows.write({ ...key, version: 1, isLive: true, state, expiresAt: 99 });
        await changeRow(
          rows,
          key,
          clock,
          (shared) => shared && { ...shared, stored: changedStored(shared.stored), run: 4 },
        );
        const raw = await rows.read(key);
        expect(parseStored(raw?.state ?? '')).toEqual({
          ...(parseStored(state) as object),
          stored: changed(stored),
          run: 4,
        });
      }),
    );
  });
});

describe('whatever else a newer version has written about a followed queue survives a rewrite', () => {
  const strange = { key: 'q/0/ended', result: 'COMPLETED' };
  const anyFollowing = anyOf(Following).map((value) => {
    const following = z.looseObject({ announcements: z.array(z.unknown()) }).parse(value);
    return { ...following, queueArn: 'q', announcements: [strange, ...following.announcements] };
  });
  const changed = <T extends { announcements: readonly unknown[] }>(following: T) => ({
    ...following,
    knownUpTo: 77,
    announcements: following.announcements.map(failedAgain(Announcement)),
  });
  const known = (following: Following) => Following.parse(changed(following));

  test('in SQLite', async () => {
    const database = await openCheckedDatabase({ file: ':memory:', log, clock });
    const watches = createSqliteWatchStore({ database, log, clock });
    const store = createSqliteFollowStore({ database, watches, log, clock, newId: () => 'w' });
    await fc.assert(
      fc.asyncProperty(anyFollowing, async (following) => {
        database
          .statement("INSERT OR REPLACE INTO followings (queue_arn, state) VALUES ('q', ?)")
          .run(storedText(following));
        await store.update('q', known);
        const raw = database.statement('SELECT state FROM followings').get()?.['state'];
        expect(parseStored(String(raw))).toEqual(changed(following));
      }),
    );
  });

  test('in the table', async () => {
    await fc.assert(
      fc.asyncProperty(anyFollowing, fc.jsonValue(), async (following, more) => {
        const rows = rowsOf(createLocalTable());
        const store = createDynamodbFollowStore({ rows, start, clock, log, holder: 'me' });
        await store.update('q', (fresh) => ({ ...fresh }));
        const [row] = await rows.ofCard(`queue:${keyOfQ}`);
        if (!row) throw new Error('The key of a followed queue has changed.');
        const state = storedText({ following, more });
        await rows.write({ ...row, version: 2, state });
        await store.update('q', known);
        const [raw] = await rows.ofCard(row.card);
        expect(parseStored(raw?.state ?? '')).toEqual({
          ...(parseStored(state) as object),
          following: changed(following),
        });
      }),
    );
  });
});

/** The stored name of the queue `q`. */
const keyOfQ = 'jjXCzTv2ZBvbDiBQ';
