import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/**
 * Opens a file that the running bot may have open, to read it only. Undefined: there is no such file. Throws if the file
 * has no such table.
 */
export function openToRead(file: string, table: string): DatabaseSync | undefined {
  if (!existsSync(file)) return undefined;
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    database.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
