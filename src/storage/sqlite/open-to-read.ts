import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** SQLITE_READONLY_ROLLBACK */
const leftInTheMiddle = 776;

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
