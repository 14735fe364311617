import type { SQLInputValue } from 'node:sqlite';
import type { CardPlace } from '../../domain/message-place.ts';
import type { StoredWatch } from '../../domain/watch/outbox.ts';
import type { WatchStore } from '../../operations/watching/watch-store.ts';
import { groupCommit } from './group-commit.ts';
import { live, type Statement, type WatchStorePorts, watchRows } from './sqlite-watch-rows.ts';

type WatchKey = { queueArn: string; startedAt: number; card: CardPlace };

/** The watches in SQLite. All its work is done when a call returns, so that nothing comes between. */
export type SqliteWatchStore = WatchStore & {
  readNow(ids: readonly string[]): StoredWatch[];
  updateNow(ids: readonly string[], how: (stored: StoredWatch) => StoredWatch): StoredWatch[];
  add(stored: StoredWatch): void;
  /** As `updateNow` and `add`, inside a transaction that is open already. */
  change(id: string, how: (stored: StoredWatch) => StoredWatch): void;
  include(stored: StoredWatch): void;
  liveId(key: WatchKey): string | undefined;
  idsOf(of: { user?: string; channel?: string; queueArn?: string; ts?: string }): string[];
  /** Of every phase. */
  idsOfTask(task: { queueArn: string; startedAt: number }): string[];
  newestIdOf(card: CardPlace): string | undefined;
  /** Queues with a look that is due, and watches with something to tell, the longest waiting first; a queue may come twice. */
  dueQueues(now: number): Iterable<string>;
  dueNotifications(now: number): Iterable<string>;
  dueCardUpdates(now: number): Iterable<string>;
  /** The watches a look at the queue serves: all that run, and those that are due after their end. */
  idsToPoll(queueArn: string, now: number): string[];
  /** The queues and channels of the watches that have something to look for or to tell. */
  pendingPlaces(): { queueArn: string; channel: string }[];
  pendingIds(of: { queueArn: string; channel: string }): string[];
  /** The watches with anything planned after the latest time that is ever planned. */
  idsPlannedAfter(latest: { whileRunning: number; afterTheEnd: number }): string[];
  /** How many live watches there are, by phase. */
  counts(): Record<string, number>;
  /** How many watches have a notice, and how many an edit, that Slack has not taken for certain. */
  undelivered(): { notification: number; cardUpdate: number };
  /** When the next look or telling after `now` is due. */
  nextDue(now: number): number | undefined;
  forgetOverBefore(time: number): void;
  /** Before anything is begun: puts right what another version has left. */
  takeUp(): void;
};

const pending = 'look_at IS NOT NULL OR notice_at IS NOT NULL OR edit_at IS NOT NULL';

export function createSqliteWatchStore(ports: WatchStorePorts): SqliteWatchStore {
  const { database } = ports;
  const { statement, transaction } = database;
  const ids = (sql: string, ...values: SQLInputValue[]) => texts(statement(sql).all(...values));
  const { readOne, updateOne, add, takeUp } = watchRows(ports);

  const readNow = (wanted: readonly string[]) => wanted.flatMap((id) => readOne(id) ?? []);
  const updateNow: SqliteWatchStore['updateNow'] = (wanted, how) =>
    transaction(() => wanted.flatMap((id) => updateOne(id, how) ?? []));

  return {
    readNow,
    updateNow,
    read: async (wanted) => readNow(wanted),
    update: groupCommit(database, updateOne),
    change: (id, how) => void updateOne(id, how),
    add: (stored) => transaction(() => add(stored)),
    include: add,
    takeUp: () => transaction(takeUp),
    liveId: ({ queueArn, startedAt, card }) =>
      ids(
        `SELECT id FROM watches WHERE channel = ? AND ts = ? AND queue_arn = ? AND started_at = ? AND ${live}`,
        card.channel,
        card.ts,
        queueArn,
        startedAt,
      )[0],
    idsOf: ({ user, channel, queueArn, ts }) =>
      ids(
        `SELECT id FROM watches WHERE ${live}
           AND (?1 IS NULL OR instr(watchers, json_quote(?1)) > 0) AND (?2 IS NULL OR channel = ?2)
           AND (?3 IS NULL OR queue_arn = ?3) AND (?4 IS NULL OR ts = ?4) ORDER BY rowid`,
        ...[user, channel, queueArn, ts].map((value) => value ?? null),
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
    idsPlannedAfter: ({ whileRunning, afterTheEnd }) =>
      ids(
        `SELECT id FROM watches WHERE look_at > ?2 OR notice_at > ?1 OR edit_at > ?1
           OR (phase = 'running' AND look_at > ?1)`,
        whileRunning,
        afterTheEnd,
      ),
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
    nextDue: (now) => nextDue(statement, now),
    forgetOverBefore: (time) => {
      const over = 'FROM watches WHERE over_at < ? AND notice_at IS NULL AND edit_at IS NULL';
      if (statement(`SELECT 1 ${over} LIMIT 1`).get(time))
        transaction(() => statement(`DELETE ${over}`).run(time));
    },
  };
}

/** Three queries, each from its own index. */
function nextDue(statement: Statement, now: number): number | undefined {
  const times = ['look_at', 'notice_at', 'edit_at']
    .map(
      (column) => statement(`SELECT min(${column}) AS at FROM watches WHERE ${column} > ?`).get(now)?.['at'],
    )
    .filter((at) => typeof at === 'number');
  return times.length > 0 ? Math.min(...times) : undefined;
}

function* each(found: Iterable<Record<string, unknown>>): Iterable<string> {
  for (const row of found) yield String(row['id']);
}

function texts(found: Record<string, unknown>[]): string[] {
  return found.map((row) => String(row['id']));
}
