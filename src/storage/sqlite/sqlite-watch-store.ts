import type { StoredWatch } from '../../domain/watch/outbox.ts';
import type { LocalWatchStore, WatchStore } from '../../operations/watching/watch-store.ts';
import type { CheckedDatabase } from './checked-database.ts';
import { type WatchQueries, watchQueries } from './sqlite-watch-queries.ts';
import { type WatchStorePorts, watchRows } from './sqlite-watch-rows.ts';

export type SqliteWatchStore = LocalWatchStore &
  WatchQueries & {
    /** Like `updateNow` and `add`, inside a transaction that is already open. */
    change(id: string, how: (stored: StoredWatch) => StoredWatch): void;
    include(stored: StoredWatch): void;
  };

export function createSqliteWatchStore(ports: WatchStorePorts): SqliteWatchStore {
  const { database } = ports;
  const { statement, transaction } = database;
  const { readOne, updateOne, add, recover, toRecord } = watchRows(ports);
  const readNow = (wanted: readonly string[]) => wanted.flatMap((id) => readOne(id) ?? []);

  return {
    ...watchQueries(statement),
    readNow,
    updateNow: (wanted, how) => transaction(() => wanted.flatMap((id) => updateOne(id, how) ?? [])),
    read: async (wanted) => readNow(wanted),
    update: groupCommit(database, updateOne),
    change: (id, how) => void updateOne(id, how),
    add: (stored) => transaction(() => add(stored)),
    include: add,
    recover: () => transaction(recover),
    toRecord,
    forgetOverBefore: (time) => {
      const over = 'FROM watches WHERE over_at < ? AND notice_at IS NULL AND edit_at IS NULL';
      if (statement(`SELECT 1 ${over} LIMIT 1`).get(time))
        transaction(() => statement(`DELETE ${over}`).run(time));
    },
  };
}

type UpdateOne = (id: string, how: (stored: StoredWatch) => StoredWatch) => StoredWatch | undefined;

/** Changes requested in the same turn of the event loop share one commit, since the disk is what takes time. */
function groupCommit(
  { transaction }: Pick<CheckedDatabase, 'transaction'>,
  updateOne: UpdateOne,
): WatchStore['update'] {
  let waiting: (() => () => void)[] = [];
  let failed: ((error: unknown) => void)[] = [];

  function flush(): void {
    const [works, rejects] = [waiting, failed];
    [waiting, failed] = [[], []];
    try {
      const answers = transaction(() => works.map((work) => work()));
      for (const answer of answers) answer();
    } catch (error) {
      for (const reject of rejects) reject(error);
    }
  }

  return (wanted, how) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push(() => {
        const changed = wanted.flatMap((id) => updateOne(id, how) ?? []);
        return () => resolve(changed);
      });
      failed.push(reject);
    });
}
