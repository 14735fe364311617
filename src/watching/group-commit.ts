import type { DatabaseSync } from 'node:sqlite';
import type { KeptWatch } from '../domain/watch/outbox.ts';
import type { WatchStore } from '../operations/watching/watch-store.ts';

type UpdateOne = (id: string, how: (kept: KeptWatch) => KeptWatch) => KeptWatch | undefined;

/** Changes that are asked for in the same turn of the event loop share one commit: it is the disk that takes time. */
export function groupCommit(database: DatabaseSync, updateOne: UpdateOne): WatchStore['update'] {
  let waiting: (() => () => void)[] = [];
  let failed: ((error: unknown) => void)[] = [];

  function flush(): void {
    const [works, rejects] = [waiting, failed];
    [waiting, failed] = [[], []];
    try {
      const answers = inTransaction(database, () => works.map((work) => work()));
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

export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
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
