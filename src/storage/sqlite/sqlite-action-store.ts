import { join } from 'node:path';
import type { Action } from '../../domain/actions/action.ts';
import { isOpen, nextDueAt } from '../../domain/actions/lifecycle.ts';
import {
  type ActionRecord,
  isRecorded,
  type LocalActionStore,
} from '../../operations/actions/action-store.ts';
import { type ActionReader, createActionReader, recordIn, type StoredAction } from '../action-reader.ts';
import { rewritten } from '../rewritten.ts';
import type { Statement, StoreParts } from './checked-database.ts';
import { type DatabaseSchema, openToRead } from './open-database.ts';
import { whole } from './sqlite-watch-rows.ts';

export const actionFileName = 'actions.sqlite';

/**
 * Normal locking, and a journal that exists only during a write: the command line reads the file while the bot runs, even
 * from a folder that it can't write to. EXTRA: the record of an imminent call survives a power cut.
 */
export const actionFile: DatabaseSchema = {
  pragmas: 'PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;',
  /** Only append; a step may add only what older versions can ignore. */
  steps: [
    `CREATE TABLE actions (
       id TEXT PRIMARY KEY,
       queue_arn TEXT NOT NULL,
       kind TEXT NOT NULL,
       state_name TEXT NOT NULL,
       version INTEGER NOT NULL,
       requested_at INTEGER NOT NULL,
       started_at INTEGER,
       is_open INTEGER NOT NULL,
       due_at INTEGER,
       state TEXT NOT NULL
     ) STRICT;
     CREATE UNIQUE INDEX one_open_action ON actions (queue_arn) WHERE is_open = 1;
     CREATE INDEX actions_of_queue ON actions (queue_arn, requested_at);
     CREATE INDEX actions_due ON actions (due_at) WHERE due_at IS NOT NULL;
     CREATE TABLE record (
       number INTEGER PRIMARY KEY AUTOINCREMENT,
       action_id TEXT NOT NULL,
       at INTEGER NOT NULL,
       from_state TEXT,
       to_state TEXT NOT NULL,
       state TEXT NOT NULL
     ) STRICT;
     CREATE INDEX record_of_action ON record (action_id);`,
    // A redrive may be canceled while a request waits.
    `DROP INDEX one_open_action;
     CREATE UNIQUE INDEX one_open_action_of_a_kind ON actions (queue_arn, kind) WHERE is_open = 1;`,
  ],
};

/** A cancel before a start: it has more effect on the queue. */
const openOfQueue = 'WHERE queue_arn = ? AND is_open = 1 ORDER BY kind';

type Prepare = (sql: string) => Statement;

/** The actions in SQLite. Open the file with `actionFile`. */
export function createSqliteActionStore(parts: StoreParts): LocalActionStore {
  const { database, clock } = parts;
  const { statement, transaction } = database;
  const reader = createActionReader(parts);
  const reading = actionReads(statement, reader, clock);

  return {
    ...reading,
    add: async (action, at) =>
      transaction(() => {
        const same = rowsOf(statement, 'WHERE id = ?', action.id);
        const rows = rowsOf(statement, openOfQueue, action.queueArn);
        const over = rows.filter((row) => reader.isOver(row, clock()));
        // Its content is kept; only its queue is free again.
        for (const { id } of over)
          statement('UPDATE actions SET is_open = 0, due_at = NULL WHERE id = ?').run(id);
        const open = reader.inTheWayOf(action, [...same, ...rows.filter((row) => !over.includes(row))]);
        if (open) return { ok: false, open };
        insertAction(statement, action);
        insertRecord(statement, { at, action });
        return { ok: true };
      }),
    replace: async (before, next, at) =>
      transaction(() => {
        const found = statement('SELECT state FROM actions WHERE id = ? AND version = ?').get(
          before.id,
          before.version,
        );
        if (!found) return false;
        const written = { ...next, version: before.version + 1 };
        const state = rewritten(JSON.parse(String(found['state'])), before, written);
        statement(
          'UPDATE actions SET version = ?, state_name = ?, is_open = ?, due_at = ?, started_at = ?, state = ? WHERE id = ?',
        ).run(...columnsOf(written), JSON.stringify(state), written.id);
        if (isRecorded(before, next)) insertRecord(statement, { at, from: before.state, action: written });
        return true;
      }),
  };
}

/** The reading half; all that the command line needs. */
function actionReads(
  statement: Prepare,
  reader: ActionReader,
  clock: () => number,
): Omit<LocalActionStore, 'add' | 'replace'> {
  const actions = (sql: string, ...given: (string | number)[]) =>
    rowsOf(statement, sql, ...given).map(reader.read);
  const stillOpen = (sql: string, ...given: (string | number)[]) =>
    rowsOf(statement, sql, ...given).flatMap((row) => (reader.isOver(row, clock()) ? [] : reader.read(row)));

  return {
    read: async (id) => actions('WHERE id = ?', id)[0],
    openOf: async (queueArn) => stillOpen(openOfQueue, queueArn)[0],
    open: async () => stillOpen('WHERE is_open = 1 ORDER BY requested_at, rowid'),
    list: async ({ queueArn, atMost }) =>
      queueArn === undefined
        ? actions('ORDER BY requested_at DESC, rowid DESC LIMIT ?', atMost)
        : actions('WHERE queue_arn = ? ORDER BY requested_at DESC, rowid DESC LIMIT ?', queueArn, atMost),
    startOf: async (queueArn, startedAt) =>
      actions("WHERE kind = 'start' AND queue_arn = ? AND started_at = ?", queueArn, startedAt)[0],
    record: async (id) =>
      statement('SELECT at, from_state AS "from", state FROM record WHERE action_id = ? ORDER BY number')
        .all(id)
        .flatMap((row) => recordIn(row) ?? []),
    due: async (now) =>
      actions('WHERE due_at <= ? ORDER BY due_at', now).flatMap((action) =>
        (dueHere(action) ?? Infinity) <= now ? action.id : [],
      ),
    nextDue: async () => {
      for (const row of statement(
        'SELECT * FROM actions WHERE due_at IS NOT NULL ORDER BY due_at',
      ).iterate()) {
        const at = dueHere(reader.read(storedIn(row)));
        if (at !== undefined) return at;
      }
      return undefined;
    },
  };
}

/** What a newer version has to do is left to it; here it would be due forever. */
function dueHere(action: Action): number | undefined {
  return action.state === 'unknown' ? undefined : nextDueAt(action);
}

/**
 * Reads the record while the bot runs, and writes nothing. Undefined: there is no record in this folder. Throws if the
 * file is not a record.
 */
export function openActionRecord(folder: string) {
  const database = openToRead(join(folder, actionFileName), 'actions');
  if (!database) return undefined;
  return {
    ...actionReads((sql) => database.prepare(sql), createActionReader({}), Date.now),
    close: () => database.close(),
  };
}

function insertAction(statement: Prepare, action: Action): void {
  const { id, queueArn, kind, requestedAt } = action;
  statement(
    `INSERT INTO actions (id, queue_arn, kind, requested_at, version, state_name, is_open, due_at, started_at, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(id, queueArn, kind, requestedAt, ...columnsOf(action), JSON.stringify(action));
}

function columnsOf(action: Action) {
  const { version, state, result } = action;
  const startedAt = result.startedAt ?? null;
  return [version, state, isOpen(action) ? 1 : 0, whole(nextDueAt(action)), startedAt] as const;
}

/** Pending deliveries are not part of the record. */
function insertRecord(statement: Prepare, { at, from, action }: ActionRecord): void {
  statement('INSERT INTO record (action_id, at, from_state, to_state, state) VALUES (?, ?, ?, ?, ?)').run(
    action.id,
    at,
    from ?? null,
    action.state,
    JSON.stringify({ ...action, outbox: [] }),
  );
}

type Row = Record<string, unknown>;

function rowsOf(statement: Prepare, sql: string, ...given: (string | number)[]): StoredAction[] {
  return statement(`SELECT * FROM actions ${sql}`)
    .all(...given)
    .map(storedIn);
}

function storedIn({ id, kind, version, state, ...row }: Row): StoredAction {
  const queueArn = String(row['queue_arn']);
  return { id: String(id), kind, version, state, queueArn, requestedAt: Number(row['requested_at']) };
}
