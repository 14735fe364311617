import {
  type BigIntStats,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoreTrouble } from '../../domain/store-trouble.ts';
import { StoreUnusable } from '../../operations/watching/watch-store.ts';
import { codeOf } from './folder-trouble.ts';
import { type DatabaseSchema, openDatabase, tryToOpen } from './open-database.ts';

/**
 * Opens a database that knows whether its file is still where it was opened. Waits for another process that still has the
 * file, as `openDatabase` does.
 */
export async function openDatabaseFile(file: string, waitMs?: number, schema?: DatabaseSchema) {
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
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch {}
}

function flush(path: string): void {
  const opened = openSync(path, 'r');
  fsyncSync(opened);
  closeSync(opened);
}

/** The identity of the file, of its folder's disk, and of SQLite's write-ahead log. */
type FilePlace = { file: string; log: string | undefined; folderDev: bigint };

function placeOf(file: string): FilePlace {
  const folderDev = statSync(dirname(file), { bigint: true }).dev;
  return { file: nameless(statSync(file, { bigint: true })), log: logOf(file), folderDev };
}

/** Whether both are still where they were opened: SQLite itself continues writing into deleted files. */
function troubleOfPlace(file: string, place: FilePlace): StoreTrouble | undefined {
  try {
    const found = statIfThere(file);
    if (found && nameless(found) !== place.file) return { kind: 'file-replaced' };
    if (found && logOf(file) === place.log) return undefined;
    const folder = statIfThere(dirname(file));
    if (!folder?.isDirectory()) return { kind: 'folder-gone' };
    return { kind: folder.dev === place.folderDev ? 'file-gone' : 'other-disk' };
  } catch (error) {
    return { kind: 'not-writable', detail: codeOf(error) };
  }
}

function logOf(file: string): string | undefined {
  const found = statIfThere(`${file}-wal`);
  return found && nameless(found);
}

function nameless({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

function statIfThere(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}
