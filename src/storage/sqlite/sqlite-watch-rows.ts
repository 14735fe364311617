import { isDeepStrictEqual } from 'node:util';
import { fieldsOf } from '../../domain/unknown-value.ts';
import { nextNotificationAt, nextPollOf, StoredWatch } from '../../domain/watch/outbox.ts';
import { rewritten } from '../rewritten.ts';
import { parseStored, storedText } from '../stored-names.ts';
import type { CheckedDatabase, StoreParts } from './checked-database.ts';

export type WatchStorePorts = StoreParts & {
  /** Of this bot. Absent: every start examines the rows as if another version had written them. */
  version?: string;
};

/** A newer version may have more phases. */
export const live = "phase NOT IN ('over', 'broken')";

/** `raw`: what the row holds, of which `stored` is what this version understands. */
type Read = { stored: StoredWatch; raw: unknown };

/** One watch, one row. A row that cannot be read is set aside as `broken` and tried again by the next process. */
export function watchRows(ports: WatchStorePorts) {
  const { log, clock, metrics } = ports;
  const { statement } = ports.database;

  const ended = idsOfEnded(statement);

  function save(stored: StoredWatch, state: string): void {
    if (stored.watch.phase !== 'running') ended.add(stored.watch.id);
    const { id, queueArn, startedAt, card, createdAt, watchers, phase } = stored.watch;
    const { look_at, notice_at, edit_at } = dueTimesOf(stored);
    const over_at = phase === 'over' ? Math.ceil(clock()) : null;
    statement(
      `INSERT INTO watches (id, queue_arn, started_at, channel, ts, created_at, watchers, phase,
           look_at, notice_at, edit_at, over_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET
         watchers = excluded.watchers, phase = excluded.phase, look_at = excluded.look_at,
         notice_at = excluded.notice_at, edit_at = excluded.edit_at, over_at = excluded.over_at, state = excluded.state`,
    ).run(
      ...[id, queueArn, startedAt, card.channel, card.ts, createdAt, JSON.stringify(watchers), phase],
      ...[look_at, notice_at, edit_at, over_at],
      state,
    );
  }

  function read(id: string): Read | undefined {
    const text = statement('SELECT state FROM watches WHERE id = ? AND phase <> ?').get(id, 'broken')?.[
      'state'
    ];
    return typeof text === 'string' ? tried(id, text) : undefined;
  }

  function tried(id: string, text: string): Read | undefined {
    try {
      const raw: unknown = parseStored(text);
      return { stored: StoredWatch.parse(raw), raw };
    } catch (error) {
      // Nothing is due for it anymore.
      statement(
        "UPDATE watches SET phase = 'broken', look_at = NULL, notice_at = NULL, edit_at = NULL WHERE id = ?",
      ).run(id);
      metrics?.counted({ what: 'row unreadable' });
      log.error({ watch: id, err: error }, 'stored watch is unreadable; set aside');
      return undefined;
    }
  }

  function restUntil(id: string, time: number): void {
    statement(
      `UPDATE watches SET look_at = max(look_at, ?2), notice_at = max(notice_at, ?2), edit_at = max(edit_at, ?2)
         WHERE id = ?1`,
    ).run(id, time);
  }

  function updateOne(id: string, how: (stored: StoredWatch) => StoredWatch): StoredWatch | undefined {
    const before = read(id);
    if (!before) return undefined;
    const { stored, raw } = before;
    let next: StoredWatch;
    try {
      next = how(stored);
    } catch (error) {
      log.error({ watch: id, err: error }, 'could not update a watch; retrying in a minute');
      restUntil(id, clock() + 60_000);
      return undefined;
    }
    if (next !== stored) save(next, storedText(rewritten(raw, stored, next)));
    return next;
  }

  return {
    readOne: (id: string) => read(id)?.stored,
    updateOne,
    toRecord: () => ended,
    add: (stored: StoredWatch) => save(stored, storedText(stored)),
    recover: () => recover(ports, { tried, save }),
  };
}

/** Those that ended before this process began are not lost either. */
function idsOfEnded(statement: CheckedDatabase['statement']): Set<string> {
  const found = statement("SELECT id FROM watches WHERE phase NOT IN ('running', 'broken')").all();
  return new Set(found.map(({ id }) => String(id)));
}

/**
 * For a file that another version has written: a row may be due for something only that version understands, or only
 * this one may understand it. The content of the rows does not change.
 */
function recover(
  { database: { statement }, log, version }: WatchStorePorts,
  rows: {
    tried(id: string, text: string): Read | undefined;
    save(stored: StoredWatch, state: string): void;
  },
): void {
  function recoverOne(id: string): void {
    const columns = 'state, phase, look_at, notice_at, edit_at';
    const { state, phase, ...due } = statement(`SELECT ${columns} FROM watches WHERE id = ?`).get(id) ?? {};
    const before = rows.tried(id, String(state));
    if (!before) return;
    if (phase === 'broken' && isWatchedAnew(before.stored)) return;
    const isAsLeft =
      phase === before.stored.watch.phase && isDeepStrictEqual({ ...due }, dueTimesOf(before.stored));
    if (!isAsLeft) rows.save(before.stored, String(state));
    if (phase === 'broken') log.info({ watch: id }, 'a watch that was set aside is readable again');
    const strange = notificationsIn(before.raw) - before.stored.outbox.notifications.length;
    if (strange > 0)
      log.warn(
        { watch: id, notifications: strange },
        'notifications from a newer version are stored but not delivered',
      );
  }

  /** Someone clicked Watch while the row could not be read. */
  function isWatchedAnew({ watch: { queueArn, startedAt, card } }: StoredWatch): boolean {
    const sql = `SELECT 1 FROM watches WHERE channel = ? AND ts = ? AND queue_arn = ? AND started_at = ? AND ${live}`;
    return statement(sql).get(card.channel, card.ts, queueArn, startedAt) !== undefined;
  }

  const known = "'running', 'settling', 'bouncing', 'over'";
  const isOurs =
    version !== undefined && statement('SELECT version FROM writer').get()?.['version'] === version;
  const doubtful = `phase NOT IN (${known})${isOurs ? '' : ' OR notice_at IS NOT NULL OR edit_at IS NOT NULL'}`;
  for (const row of statement(`SELECT id FROM watches WHERE ${doubtful}`).all())
    recoverOne(String(row['id']));
  statement('DELETE FROM writer').run();
  statement('INSERT INTO writer VALUES (?)').run(version ?? '');
}

/** The columns take whole milliseconds only, and retries are planned between them. */
export function whole(time: number | undefined): number | null {
  return time === undefined ? null : Math.ceil(time);
}

/** The columns that say when it is due for what. */
function dueTimesOf(stored: StoredWatch) {
  return {
    look_at: whole(nextPollOf(stored)),
    notice_at: whole(nextNotificationAt(stored.outbox)),
    edit_at: whole(stored.outbox.cardUpdate?.notBefore),
  };
}

function notificationsIn(raw: unknown): number {
  const { notifications } = fieldsOf(fieldsOf(raw)['outbox']);
  return Array.isArray(notifications) ? notifications.length : 0;
}
