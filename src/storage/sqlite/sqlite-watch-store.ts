import type { SQLInputValue } from 'node:sqlite';
import type { StoredWatch } from '../../domain/watch/outbox.ts';
import type { LocalWatchStore, WatchStore } from '../../operations/watching/watch-store.ts';
import type { CheckedDatabase } from './checked-database.ts';
import { live, type WatchStorePorts, watchRows } from './sqlite-watch-rows.ts';

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

type Statement = CheckedDatabase['statement'];

type ByHand = 'readNow' | 'updateNow' | 'add' | 'toRecord' | 'forgetOverBefore' | 'recover';

type WatchQueries = Omit<LocalWatchStore, keyof WatchStore | ByHand> & {
  /** In every phase. */
  idsOfTask(task: { queueArn: string; startedAt: number }): string[];
};

const pending = 'look_at IS NOT NULL OR notice_at IS NOT NULL OR edit_at IS NOT NULL';

function watchQueries(statement: Statement): WatchQueries {
  const ids = (sql: string, ...values: SQLInputValue[]) =>
    statement(sql)
      .all(...values)
      .map((row) => String(row['id']));
  return {
    liveId: ({ queueArn, startedAt, card }) =>
      ids(
        `SELECT id FROM watches WHERE channel = ? AND ts = ? AND queue_arn = ? AND started_at = ? AND ${live}`,
        card.channel,
        card.ts,
        queueArn,
        startedAt,
      )[0],
    idsOf: ({ user, channel, queueArn, card }) =>
      ids(
        `SELECT id FROM watches WHERE ${live}
           AND (?1 IS NULL OR instr(watchers, json_quote(?1)) > 0) AND (?2 IS NULL OR channel = ?2)
           AND (?3 IS NULL OR queue_arn = ?3) AND (?4 IS NULL OR ts = ?4) ORDER BY rowid`,
        ...[user, card?.channel ?? channel, queueArn, card?.ts].map((value) => value ?? null),
      ),
    idsOfTask: ({ queueArn, startedAt }) =>
      ids('SELECT id FROM watches WHERE queue_arn = ? AND started_at = ?', queueArn, startedAt),
    newestIdOf: ({ channel, ts }) =>
      ids('SELECT id FROM watches WHERE channel = ? AND ts = ? ORDER BY rowid DESC LIMIT 1', channel, ts)[0],
    dueQueues: (now) =>
      each(statement('SELECT queue_arn AS id FROM watches WHERE look_at <= ? ORDER BY look_at').iterate(now)),
    dueNotifications: (now) =>
      each(statement('SELECT id FROM watches WHERE notice_at <= ? ORDER BY notice_at').iterate(now)),
    dueCardUpdates: (now) =>
      each(statement('SELECT id FROM watches WHERE edit_at <= ? ORDER BY edit_at').iterate(now)),
    idsToPoll: (queueArn, now) =>
      ids(
        `SELECT id FROM watches WHERE queue_arn = ? AND look_at IS NOT NULL AND (phase = 'running' OR look_at <= ?)`,
        queueArn,
        now,
      ),
    pendingPlaces: () =>
      statement(`SELECT DISTINCT queue_arn, channel FROM watches WHERE ${pending}`)
        .all()
        .map((row) => ({ queueArn: String(row['queue_arn']), channel: String(row['channel']) })),
    pendingIds: ({ queueArn, channel }) =>
      ids(`SELECT id FROM watches WHERE queue_arn = ? AND channel = ? AND (${pending})`, queueArn, channel),
    idsPlannedAfter: ({ running, settling, bouncing, cardUpdate }) =>
      ids(
        `SELECT id FROM watches WHERE notice_at > ?1 OR edit_at > ?4
           OR look_at > CASE phase WHEN 'running' THEN ?1 WHEN 'settling' THEN ?2 ELSE ?3 END`,
        running,
        settling,
        bouncing,
        cardUpdate,
      ),
    nextDue: (now) => soonestAfter(now, ['look_at', 'notice_at', 'edit_at'], 'watches', statement),
    counts: () => {
      const found = statement(`SELECT phase, count(*) AS n FROM watches WHERE ${live} GROUP BY phase`).all();
      const counted = found.map(({ phase, n }) => [String(phase), Number(n)] as const);
      return { running: 0, settling: 0, bouncing: 0, ...Object.fromEntries(counted) };
    },
    undelivered: () => {
      const having = (column: string) =>
        Number(statement(`SELECT count(*) AS n FROM watches WHERE ${column} IS NOT NULL`).get()?.['n']);
      return { notification: having('notice_at'), cardUpdate: having('edit_at') };
    },
  };
}

/** One query for each column, from its own index. */
export function soonestAfter(now: number, columns: readonly string[], table: string, statement: Statement) {
  const times = columns
    .map((column) => `SELECT min(${column}) AS at FROM ${table} WHERE ${column} > ?`)
    .map((soonest) => statement(soonest).get(now)?.['at'])
    .filter((at) => typeof at === 'number');
  return times.length > 0 ? Math.min(...times) : undefined;
}

function* each(found: Iterable<Record<string, unknown>>): Iterable<string> {
  for (const row of found) yield String(row['id']);
}
