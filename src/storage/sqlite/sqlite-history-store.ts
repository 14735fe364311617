import { join } from 'node:path';
import type { PastRedrive } from '../../domain/history.ts';
import type { HistoryStore } from '../../operations/history.ts';
import type { Log } from '../../operations/log.ts';
import { changedRedrive, redriveIn } from '../stored-redrive.ts';
import { type CheckedDatabase, openCheckedDatabase, type Statement } from './checked-database.ts';
import { type DatabaseSchema, openToRead } from './open-database.ts';

export const historyFileName = 'history.sqlite';

/** Like the file of actions, the command line reads it while the bot runs. */
const historyFile: DatabaseSchema = {
  pragmas: 'PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;',
  /** Only append; a step may add only what older versions can ignore. */
  steps: [
    `CREATE TABLE redrives (
       queue_arn TEXT NOT NULL,
       started_at INTEGER NOT NULL,
       state TEXT NOT NULL,
       PRIMARY KEY (queue_arn, started_at)
     ) STRICT, WITHOUT ROWID;`,
  ],
};

export const newestRedrives =
  'SELECT started_at, state FROM redrives WHERE queue_arn = ? ORDER BY started_at DESC LIMIT ?';

/** The history in SQLite, in a file of its own in the data folder. */
export async function openLocalHistory({ dataFolder, log, clock }: Given): Promise<LocalHistory> {
  const opening = { file: join(dataFolder, historyFileName), log, clock, schema: historyFile };
  const { statement, transaction, isUsable, close } = await openCheckedDatabase(opening);

  function record(redrive: PastRedrive): void {
    const { queueArn, startedAt } = redrive;
    const found = statement('SELECT state FROM redrives WHERE queue_arn = ? AND started_at = ?');
    const state = changedRedrive(found.get(queueArn, startedAt)?.['state'], redrive);
    if (state === undefined) return;
    const put = statement('INSERT OR REPLACE INTO redrives VALUES (?, ?, ?)');
    transaction(() => put.run(queueArn, startedAt, state));
  }

  return { ...historyReads(statement, log), record: async (redrive) => record(redrive), isUsable, close };
}

type Given = { dataFolder: string; log: Log; clock: () => number };
export type LocalHistory = HistoryStore & Pick<CheckedDatabase, 'isUsable' | 'close'>;

/** The reading half; all that the command line needs. */
function historyReads(statement: (sql: string) => Statement, log?: Log): Pick<HistoryStore, 'list'> {
  return {
    list: async ({ queueArn, atMost }) =>
      statement(newestRedrives)
        .all(queueArn, atMost)
        .flatMap(({ state }) => redriveIn(state, queueArn, log)),
  };
}

/**
 * Reads the history while the bot runs, and writes nothing. Undefined: there is none in this folder. Throws if the
 * file is no history.
 */
export function openHistory(folder: string) {
  const database = openToRead(join(folder, historyFileName), 'redrives');
  return database && { ...historyReads((sql) => database.prepare(sql)), close: () => database.close() };
}
