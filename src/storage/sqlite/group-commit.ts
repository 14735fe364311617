import type { StoredWatch } from '../../domain/watch/outbox.ts';
import type { WatchStore } from '../../operations/watching/watch-store.ts';
import type { CheckedDatabase } from './checked-database.ts';

type UpdateOne = (id: string, how: (stored: StoredWatch) => StoredWatch) => StoredWatch | undefined;

/** Changes that are asked for in the same turn of the event loop share one commit: it is the disk that takes time. */
export function groupCommit(
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
