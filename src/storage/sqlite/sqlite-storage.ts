import type { LocalStorage } from '../../operations/local-storage.ts';
import type { Metrics } from '../../operations/metrics.ts';
import { type CheckedDatabaseOptions, openCheckedDatabase } from './checked-database.ts';
import { createSqliteExpectedEnds } from './sqlite-expected-ends.ts';
import { createSqliteFollowStore } from './sqlite-follow-store.ts';
import { createSqliteWatchStore } from './sqlite-watch-store.ts';

/**
 * `file`: its folder is created if missing. `waitMs`: how long to wait for a process that still has it; 60 s by
 * default.
 */
export type SqliteStorageOptions = CheckedDatabaseOptions & {
  metrics?: Metrics;
  newId: () => string;
  version?: string;
};

/** Throws DataFolderInUse when another process keeps the file for longer than `waitMs`. */
export async function openSqliteStorage(options: SqliteStorageOptions): Promise<LocalStorage> {
  const database = await openCheckedDatabase(options);
  const watches = createSqliteWatchStore({ ...options, database });
  const follows = createSqliteFollowStore({ ...options, database, watches });
  const ends = createSqliteExpectedEnds({ ...options, database });
  const { isUsable, trouble, close } = database;
  return { watches, follows, ends, isUsable, trouble, close };
}
