import { join } from 'node:path';
import type { HistoryStore } from '../operations/history/history.ts';
import type { Log } from '../operations/log.ts';
import { type CheckedDatabase, openCheckedDatabase } from '../storage/sqlite/checked-database.ts';
import { createSqliteHistory, historyFile, historyFileName } from '../storage/sqlite/history-file.ts';

export type LocalHistory = HistoryStore & Pick<CheckedDatabase, 'isUsable' | 'close'>;

type Given = { dataFolder: string; log: Log; clock: () => number };

export async function openLocalHistory(given: Given): Promise<LocalHistory> {
  const file = join(given.dataFolder, historyFileName);
  const database = await openCheckedDatabase({ ...given, file, form: historyFile });
  const { close, isUsable } = database;
  return { ...createSqliteHistory({ database, log: given.log }), close, isUsable };
}
