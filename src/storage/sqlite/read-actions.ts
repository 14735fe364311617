import { join } from 'node:path';
import { actionFileName } from './action-file.ts';
import { actionReads } from './action-store.ts';
import { openToRead } from './open-to-read.ts';
import { createActionReader } from './read-action-row.ts';

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
