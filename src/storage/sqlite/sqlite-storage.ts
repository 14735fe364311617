import { Watch } from '../../domain/watch/watch.ts';
import type { Metrics } from '../../operations/metrics.ts';
import type { ExpectedEnds, LocalStorage } from '../../operations/watching/watch-store.ts';
import { rewritten } from '../rewritten.ts';
import { parseStored, storedText } from '../stored-names.ts';
import { type CheckedDatabaseOptions, openCheckedDatabase, type StoreParts } from './checked-database.ts';
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

/** SQS ends every redrive within 36 hours, and no one asks again about a much older one. */
const overIsKeptMs = 7 * 24 * 3_600_000;

type Key = { queueArn: string; startedAt: number };
const ofKey = 'WHERE queue_arn = ? AND started_at = ?';

/** In the file of the watches. */
function createSqliteExpectedEnds({ database, clock, log }: StoreParts): ExpectedEnds {
  const { statement, transaction } = database;
  function readOne({ queueArn, startedAt }: Key): { raw: unknown; watch: Watch } | undefined {
    const found = statement(`SELECT state FROM expected_ends ${ofKey}`).get(queueArn, startedAt);
    if (!found) return undefined;
    try {
      const raw: unknown = parseStored(String(found['state']));
      return { raw, watch: Watch.parse(raw) };
    } catch (error) {
      statement(`UPDATE expected_ends SET is_over = 1 ${ofKey}`).run(queueArn, startedAt);
      log.error({ queue: queueArn, startedAt, err: error }, 'a redrive to record is unreadable; set aside');
      return undefined;
    }
  }

  return {
    all: async () =>
      statement('SELECT queue_arn, started_at FROM expected_ends WHERE is_over = 0')
        .all()
        .map((row) => ({ queueArn: String(row['queue_arn']), startedAt: Number(row['started_at']) }))
        .flatMap((key) => readOne(key)?.watch ?? []),
    change: async (key, how) =>
      transaction(() => {
        const before = readOne(key);
        const next = how(before?.watch);
        if (next === before?.watch) return;
        const state = before ? rewritten(before.raw, before.watch, next) : next;
        const isOver = next.phase === 'over' ? 1 : 0;
        const put = statement('INSERT OR REPLACE INTO expected_ends VALUES (?, ?, ?, ?)');
        put.run(key.queueArn, key.startedAt, isOver, storedText(state));
        const forget = statement('DELETE FROM expected_ends WHERE is_over = 1 AND started_at < ?');
        forget.run(clock() - overIsKeptMs);
      }),
  };
}
