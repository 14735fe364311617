import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { explainFolderTrouble } from '../../domain/store-trouble.ts';
import { inPlainWords, messageOf } from '../../domain/wording.ts';
import { folderTroubleFrom, isBusy, storeTroubleFrom } from './data-folder.ts';

/** SQLITE_READONLY_ROLLBACK */
const leftInTheMiddle = 776;

/**
 * Each step runs once, in order; `user_version` counts the completed ones. Only append. A step may add only tables,
 * indexes and columns that can be left out, because an older version may open the file afterwards.
 * The columns other than `state` are for queries; `state` alone is the watch.
 */
const watchSteps: readonly string[] = [
  `CREATE TABLE watches (
     id TEXT PRIMARY KEY,
     queue_arn TEXT NOT NULL,
     started_at INTEGER NOT NULL,
     channel TEXT NOT NULL,
     ts TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     watchers TEXT NOT NULL,
     phase TEXT NOT NULL,
     look_at INTEGER,
     notice_at INTEGER,
     edit_at INTEGER,
     over_at INTEGER,
     state TEXT NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX one_live_watch ON watches (channel, ts, queue_arn, started_at)
     WHERE phase IN ('running', 'settling', 'bouncing');
   CREATE INDEX by_look ON watches (look_at, queue_arn) WHERE look_at IS NOT NULL;
   CREATE INDEX by_notice ON watches (notice_at) WHERE notice_at IS NOT NULL;
   CREATE INDEX by_edit ON watches (edit_at) WHERE edit_at IS NOT NULL;
   CREATE INDEX by_card ON watches (channel, ts);
   CREATE INDEX by_queue ON watches (queue_arn);
   CREATE INDEX by_over ON watches (over_at) WHERE over_at IS NOT NULL;`,
  `CREATE TABLE followings (
     queue_arn TEXT PRIMARY KEY,
     announcement_at INTEGER,
     state TEXT NOT NULL
   ) STRICT;`,
  'ALTER TABLE followings ADD COLUMN question_at INTEGER;',
  'CREATE TABLE writer (version TEXT NOT NULL) STRICT;',
  `CREATE TABLE expected_ends (
     queue_arn TEXT NOT NULL,
     started_at INTEGER NOT NULL,
     is_over INTEGER NOT NULL,
     state TEXT NOT NULL,
     PRIMARY KEY (queue_arn, started_at)
   ) STRICT, WITHOUT ROWID;`,
];

/** How a file is opened: its locking and its tables. */
export type DatabaseSchema = { pragmas: string; steps: readonly string[] };

// Exclusive before the first access: the lock is then held until the end, and no shared memory is needed.
const watchesSchema: DatabaseSchema = {
  pragmas:
    'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000;',
  steps: watchSteps,
};

/** Only one process may use the data folder; this one may have started before the old one has ended. */
export class DataFolderInUse extends Error {
  override name = 'DataFolderInUse';
}

/** The message says what is wrong and what to do. */
export class DataFolderUnusable extends Error {
  override name = 'DataFolderUnusable';

  constructor(file: string, cause: unknown) {
    const { meaning, remedy } = explainFolderTrouble(folderTroubleFrom(cause, file), dirname(file));
    super(inPlainWords([...meaning, ' ', ...remedy]), { cause });
  }
}

const tryAgainAfterMs = 250;

/**
 * Opens the file and locks out every other process until it is closed or this process ends, however it ends.
 * Waits for a process that still has it; throws DataFolderInUse if it still has it after that.
 */
export async function openDatabase(
  file: string,
  waitMs = 60_000,
  schema: DatabaseSchema = watchesSchema,
): Promise<DatabaseSync> {
  if (file !== ':memory:') makeFolderOf(file);
  const giveUpAt = performance.now() + waitMs;
  for (;;) {
    const database = tryToOpen(file, schema);
    if (database) return database;
    if (performance.now() >= giveUpAt) throw new DataFolderInUse(inUse(file, waitMs));
    await sleep(tryAgainAfterMs);
  }
}

function makeFolderOf(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new DataFolderUnusable(file, error);
  }
}

function inUse(file: string, waitMs: number): string {
  return (
    `Another process is still using ${file}; waited ${Math.round(waitMs / 1000)} s. ` +
    'Stop it, or give this one its own data folder (DLQ_TASKS_DATA).'
  );
}

/** Undefined if another process has it. */
export function tryToOpen(file: string, schema: DatabaseSchema = watchesSchema): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec(schema.pragmas);
    database.exec('BEGIN IMMEDIATE; COMMIT; PRAGMA busy_timeout = 5000;');
    migrate(database, schema.steps);
    return database;
  } catch (error) {
    database?.close();
    if (isBusy(error)) return undefined;
    if (storeTroubleFrom(error)) throw new DataFolderUnusable(file, error);
    const why = messageOf(error);
    throw new Error(`Can't open ${file}: ${why}.`, { cause: error });
  }
}

/**
 * Opens a file that the running bot may have open, to read it only. Undefined: there is no such file. Throws if the file
 * has no such table.
 */
export function openToRead(file: string, table: string): DatabaseSync | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return opened(file, table, true);
  } catch (error) {
    // A bot was killed while it wrote, and has not started again: SQLite undoes that, but not for who may only read.
    if (Object(error)['errcode'] === leftInTheMiddle) return opened(file, table, false);
    throw error;
  }
}

function opened(file: string, table: string, readOnly: boolean): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly, timeout: 5_000 });
  try {
    database.exec('PRAGMA query_only = ON');
    database.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: DatabaseSync, steps: readonly string[]): void {
  const row = database.prepare('PRAGMA user_version').get();
  const done = Number(row?.['user_version'] ?? 0);
  for (const [index, step] of steps.entries()) {
    if (index >= done) database.exec(`BEGIN IMMEDIATE; ${step} PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}
