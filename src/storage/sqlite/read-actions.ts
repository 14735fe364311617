import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { actionFileName } from './action-file.ts';
import { actionReads } from './action-store.ts';
import { createActionReader } from './read-action-row.ts';

/**
 * Reads the record while the bot runs, and writes nothing. Undefined: there is no record in this folder. Throws if the
 * file is not a record.
 */
export function openActionRecord(folder: string) {
  const file = join(folder, actionFileName);
  if (!existsSync(file)) return undefined;
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    database.prepare('SELECT count(*) FROM actions').get();
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    ...actionReads((sql) => database.prepare(sql), createActionReader({}), Date.now),
    close: () => database.close(),
  };
}
