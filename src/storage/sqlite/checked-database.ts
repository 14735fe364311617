import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type StoreTrouble, troubleWithRemedy } from '../../domain/store-trouble.ts';
import type { Log } from '../../operations/log.ts';
import { StoreUnusable } from '../../operations/watching/store-unusable.ts';
import { placeOf, troubleOfPlace } from './file-identity.ts';
import { openDatabase, tryToOpen } from './open-database.ts';
import { storeTroubleFrom } from './sqlite-error.ts';

/** The open file, which knows whether what is written is really kept. */
export type CheckedDatabase = {
  /** Prepared once. To write, use it in a transaction. */
  statement(sql: string): StatementSync;
  /** All or nothing, and on the disk when it returns. Throws StoreUnusable when it cannot be kept. */
  transaction<T>(work: () => T): T;
  /** Why nothing can be kept, as far as it is known at this moment. It writes nothing. */
  trouble(): StoreTrouble | undefined;
  /** Whether work can be kept; while there is trouble, and when nothing was written for a minute, that is tried out. */
  isUsable(): boolean;
  close(): void;
};

export type CheckedDatabaseOptions = { file: string; waitMs?: number; log: Log; clock: () => number };

const tryAgainAfterMs = 5_000;
const provenForMs = 60_000;
const logAgainAfterMs = 60_000;
const cannotWrite: readonly StoreTrouble['kind'][] = ['disk-full', 'read-only', 'not-writable'];

/** Takes room as a watch does, and leaves nothing behind. */
const trial =
  'CREATE TABLE trial (filler BLOB); INSERT INTO trial VALUES (zeroblob(16384)); DROP TABLE trial;';

/** Waits for another process that still has the file, as `openDatabase` does. */
export async function openCheckedDatabase({
  file,
  waitMs,
  log,
  clock,
}: CheckedDatabaseOptions): Promise<CheckedDatabase> {
  const isFile = file !== ':memory:';
  let database = await openDatabase(file, waitMs);
  let place = isFile ? placeOf(file) : undefined;
  const prepared = new Map<string, StatementSync>();
  let failing: StoreTrouble | undefined;
  let [provenAt, triedAt, loggedAt] = [clock(), -Infinity, -Infinity];

  function misplaced(): StoreTrouble | undefined {
    const wrong = place && troubleOfPlace(file, place);
    return wrong && { ...wrong, path: file };
  }
  /** Of a file that is gone it counts why it could not be written again. */
  function whyMisplaced(): StoreTrouble | undefined {
    const wrong = misplaced();
    const isExplained = wrong?.kind === 'file-gone' && failing && cannotWrite.includes(failing.kind);
    return isExplained ? failing : wrong;
  }

  function fails(given: StoreTrouble, cause?: unknown): StoreUnusable {
    const trouble = { ...given, path: file };
    failing = trouble;
    if (clock() - loggedAt >= logAgainAfterMs) {
      loggedAt = clock();
      const err = cause instanceof Error ? { err: cause } : {};
      log.error(
        { file, trouble: trouble.kind, ...err },
        `nothing can be kept: ${troubleWithRemedy(trouble)}`,
      );
    }
    return new StoreUnusable(trouble, cause);
  }

  function works(): void {
    provenAt = clock();
    if (failing) log.warn({ file, after: failing.kind }, 'what is decided can be kept again');
    failing = undefined;
  }

  function transaction<T>(work: () => T): T {
    const wrong = whyMisplaced();
    if (wrong) throw fails(wrong);
    try {
      const result = inTransaction(database, work);
      works();
      return result;
    } catch (error) {
      const trouble = storeTroubleFrom(error);
      throw trouble ? fails(trouble, error) : error;
    }
  }

  /** All that this process knows goes into a new file, which takes the place of the one that is gone. */
  function writeAgain(): void {
    if (database.isOpen) {
      const copy = `${file}.new`;
      rmSync(copy, { force: true });
      database.prepare('VACUUM INTO ?').run(copy);
      flush(copy);
      // The log of the lost file would be taken for the new one's.
      for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
      renameSync(copy, file);
      flush(dirname(file));
      prepared.clear();
      // Closed before the new one is open: it deletes the log by its name.
      database.close();
    }
    const opened = tryToOpen(file);
    if (!opened) throw new StoreUnusable({ kind: 'file-replaced', detail: 'another process uses it' });
    database = opened;
    place = placeOf(file);
    log.warn({ file }, 'the data folder had lost its file: all watches are written into it again');
  }

  function tryOut(): void {
    const wrong = misplaced();
    try {
      if (!database.isOpen || wrong?.kind === 'file-gone') writeAgain();
      transaction(() => database.exec(trial));
    } catch (error) {
      if (error instanceof StoreUnusable) return;
      const detail = error instanceof Error ? error.message : String(error);
      fails(storeTroubleFrom(error) ?? { kind: 'not-writable', detail }, error);
    }
  }

  return {
    statement: (sql) => {
      const known = prepared.get(sql) ?? database.prepare(sql);
      prepared.set(sql, known);
      return known;
    },
    transaction,
    trouble: () => whyMisplaced() ?? failing,
    isUsable: () => {
      const now = clock();
      const isInDoubt = failing !== undefined || misplaced() !== undefined;
      if (!isInDoubt && now - provenAt < provenForMs) return true;
      if (isInDoubt && now - triedAt < tryAgainAfterMs) return false;
      triedAt = now;
      tryOut();
      return failing === undefined;
    },
    close: () => {
      // The last moment: what only this process knows would be lost, and whoever starts the bot again makes the folder, too.
      if (misplaced()?.kind === 'folder-gone') makeFolder(dirname(file));
      if (misplaced()?.kind === 'file-gone') tryOut();
      database.close();
    },
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

/** Without a word when it cannot be: that it is gone is logged already. */
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
