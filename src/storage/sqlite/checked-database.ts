import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { type StoreTrouble, troubleAndRemedy } from '../../domain/store-trouble.ts';
import { messageOf } from '../../domain/wording.ts';
import type { Log } from '../../operations/log.ts';
import type { Metrics } from '../../operations/metrics.ts';
import { StoreUnusable } from '../../operations/watching/watch-store.ts';
import { placeOf, storeTroubleFrom, troubleOfPlace } from './data-folder.ts';
import { type DatabaseSchema, openDatabase, tryToOpen } from './open-database.ts';

export type CheckedDatabase = Awaited<ReturnType<typeof openCheckedDatabase>>;
/** What each store in such a database needs. */
export type StoreParts = Pick<CheckedDatabaseOptions, 'log' | 'clock'> & {
  database: CheckedDatabase;
  metrics?: Metrics | undefined;
};

type Row = Record<string, SQLOutputValue>;
/** What is used of a prepared statement of SQLite. */
export type Statement = {
  get(...given: SQLInputValue[]): Row | undefined;
  all(...given: SQLInputValue[]): Row[];
  iterate(...given: SQLInputValue[]): Iterable<Row>;
  run(...given: SQLInputValue[]): unknown;
};

export type CheckedDatabaseOptions = {
  file: string;
  waitMs?: number;
  log: Log;
  clock: () => number;
  /** Absent: that of the watches' file, which locks out all other processes. */
  schema?: DatabaseSchema;
};

const tryAgainAfterMs = 5_000;
const provenForMs = 60_000;
const logAgainAfterMs = 60_000;
const cannotWrite: readonly StoreTrouble['kind'][] = ['disk-full', 'read-only', 'not-writable'];

/** Needs as much space as a watch, and leaves nothing behind. */
const trial =
  'CREATE TABLE trial (filler BLOB); INSERT INTO trial VALUES (zeroblob(16384)); DROP TABLE trial;';

/**
 * Opens a database that checks that what is written is really on the disk. Waits for another process that still has the
 * file, as `openDatabase` does.
 */
export async function openCheckedDatabase(options: CheckedDatabaseOptions) {
  const { file, waitMs, log, clock, schema } = options;
  const opened = await openDatabaseFile(file, waitMs, schema);
  const health = healthOf(options);
  const failureOf = (error: unknown) => {
    const trouble = storeTroubleFrom(error);
    return trouble ? health.fails(trouble, error) : error;
  };
  let triedAt = -Infinity;

  /** If the file is gone, the reason is why it couldn't be written again. */
  function whyMisplaced(): StoreTrouble | undefined {
    const wrong = opened.misplaced();
    const failing = health.failing();
    const isExplained = wrong?.kind === 'file-gone' && failing && cannotWrite.includes(failing.kind);
    return isExplained ? failing : wrong;
  }

  /** All or nothing, and on the disk when it returns. Throws StoreUnusable when it cannot be stored. */
  function transaction<T>(work: () => T): T {
    const wrong = whyMisplaced();
    if (wrong) throw health.fails(wrong);
    const result = orFail(() => opened.transaction(work), failureOf);
    health.works();
    return result;
  }

  function tryOut(): void {
    const wrong = opened.misplaced();
    try {
      if (!opened.isOpen() || wrong?.kind === 'file-gone') {
        opened.writeAgain();
        log.warn({ file }, 'the data file was gone; wrote it again from memory');
      }
      const wasDamaged = health.failing()?.kind === 'damaged';
      transaction(() => {
        // A write may succeed although other pages can't be read.
        const said = wasDamaged ? opened.statement('PRAGMA quick_check(1)').get()?.['quick_check'] : 'ok';
        if (said !== 'ok') throw health.fails({ kind: 'damaged', detail: String(said) });
        opened.exec(trial);
      });
    } catch (error) {
      if (error instanceof StoreUnusable) return;
      const detail = messageOf(error);
      health.fails(storeTroubleFrom(error) ?? { kind: 'not-writable', detail }, error);
    }
  }

  return {
    /** Prepared once. To write, use it in a transaction. Throws StoreUnusable, too, if the file can't be read. */
    statement: (sql: string) => checkedStatement(() => opened.statement(sql), failureOf),
    transaction,
    /** Why nothing can be stored, if that is known right now. It writes nothing. */
    trouble: () => whyMisplaced() ?? health.failing(),
    /** Whether work can be stored. In case of trouble, and after a minute without a write, this is tested with a write. */
    isUsable: () => {
      const now = clock();
      const isInDoubt = health.failing() !== undefined || opened.misplaced() !== undefined;
      if (!isInDoubt && now - health.provenAt() < provenForMs) return true;
      if (isInDoubt && now - triedAt < tryAgainAfterMs) return false;
      triedAt = now;
      tryOut();
      return health.failing() === undefined;
    },
    close: () => {
      // The last chance to save what only this process has. The next start would create the folder anyway.
      if (opened.misplaced()?.kind === 'folder-gone') makeFolder(dirname(file));
      if (opened.misplaced()?.kind === 'file-gone') tryOut();
      opened.close();
    },
  };
}

type FailureOf = (error: unknown) => unknown;

function orFail<T>(work: () => T, failureOf: FailureOf): T {
  try {
    return work();
  } catch (error) {
    throw failureOf(error);
  }
}

function checkedStatement(prepare: () => Statement, failureOf: FailureOf): Statement {
  const prepared = orFail(prepare, failureOf);
  return {
    get: (...given) => orFail(() => prepared.get(...given), failureOf),
    all: (...given) => orFail(() => prepared.all(...given), failureOf),
    run: (...given) => orFail(() => prepared.run(...given), failureOf),
    *iterate(...given) {
      try {
        yield* prepared.iterate(...given);
      } catch (error) {
        throw failureOf(error);
      }
    },
  };
}

/** Whether the last writes succeeded; logged once a minute while they fail. */
function healthOf({ file, log, clock }: CheckedDatabaseOptions) {
  let failing: StoreTrouble | undefined;
  let [provenAt, loggedAt] = [clock(), -Infinity];
  return {
    failing: () => failing,
    provenAt: () => provenAt,
    fails(given: StoreTrouble, cause?: unknown): StoreUnusable {
      const trouble = { ...given, path: file };
      failing = trouble;
      if (clock() - loggedAt >= logAgainAfterMs) {
        loggedAt = clock();
        const err = cause instanceof Error ? { err: cause } : {};
        const facts = { file, trouble: trouble.kind, ...err };
        log.error(facts, `storage failed: ${troubleAndRemedy(trouble)}`);
      }
      return new StoreUnusable(trouble, cause);
    },
    works(): void {
      provenAt = clock();
      if (failing) log.warn({ file, after: failing.kind }, 'storage works again');
      failing = undefined;
    },
  };
}

/**
 * Opens a database that knows whether its file is still where it was opened. Waits for another process that still has the
 * file, as `openDatabase` does.
 */
async function openDatabaseFile(file: string, waitMs?: number, schema?: DatabaseSchema) {
  let database = await openDatabase(file, waitMs, schema);
  let place = file === ':memory:' ? undefined : placeOf(file);
  const prepared = new Map<string, StatementSync>();

  function copyIntoPlace(): void {
    const copy = `${file}.new`;
    rmSync(copy, { force: true });
    database.prepare('VACUUM INTO ?').run(copy);
    flush(copy);
    // SQLite would take the log of the lost file for the new one's.
    for (const suffix of ['-wal', '-shm', '-journal']) rmSync(`${file}${suffix}`, { force: true });
    renameSync(copy, file);
    flush(dirname(file));
    prepared.clear();
    // Closed before the new one is opened: closing deletes the log by its name.
    database.close();
  }

  return {
    /** Prepared once. */
    statement(sql: string): StatementSync {
      const known = prepared.get(sql) ?? database.prepare(sql);
      prepared.set(sql, known);
      return known;
    },
    exec: (sql: string) => database.exec(sql),
    /** All or nothing. */
    transaction: <T>(work: () => T) => inTransaction(database, work),
    misplaced: (): StoreTrouble | undefined => {
      const wrong = place && troubleOfPlace(file, place);
      return wrong && { ...wrong, path: file };
    },
    isOpen: () => database.isOpen,
    /** Writes all that this process has into a new file, in place of the one that is gone. */
    writeAgain() {
      if (database.isOpen) copyIntoPlace();
      const opened = tryToOpen(file, schema);
      if (!opened) throw new StoreUnusable({ kind: 'file-replaced', detail: 'another process is using it' });
      database = opened;
      place = placeOf(file);
    },
    close: () => database.close(),
  };
}

function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Does nothing if it can't be created: its loss is already logged. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch {}
}

function flush(path: string): void {
  const opened = openSync(path, 'r');
  fsyncSync(opened);
  closeSync(opened);
}
