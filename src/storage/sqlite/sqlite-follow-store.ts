import {
  answered,
  Following,
  followingWithTimesClamped,
  nextAnnouncementAt,
  nextQuestionAt,
  withoutAnnouncement,
} from '../../domain/following/following.ts';
import { emptyOutbox } from '../../domain/watch/outbox.ts';
import { newWatch } from '../../domain/watch/watch.ts';
import type { FollowedTask, LocalFollowStore } from '../../operations/following/follow-store.ts';
import { withFollowed } from '../../operations/watching/watches.ts';
import { rewritten } from '../rewritten.ts';
import { parseStored, storedText } from '../stored-names.ts';
import type { StoreParts } from './checked-database.ts';
import { whole } from './sqlite-watch-rows.ts';
import { type SqliteWatchStore, soonestAfter } from './sqlite-watch-store.ts';

type FollowStoreParts = StoreParts & { watches: SqliteWatchStore; newId: () => string };

/** What is known about the followed queues, in the file of the watches. */
export function createSqliteFollowStore(parts: FollowStoreParts): LocalFollowStore {
  const { database, watches } = parts;
  const { statement, transaction } = database;
  const { read, change, recover } = rows(parts);

  const due = (column: 'announcement_at' | 'question_at') => (now: number) =>
    statement(`SELECT queue_arn FROM followings WHERE ${column} <= ? ORDER BY ${column}`)
      .all(now)
      .map((row) => String(row['queue_arn']));

  return {
    read: async (queueArn) => read(queueArn),
    update: async (queueArn, how) => transaction(() => change(queueArn, how)),
    watchedCard: async ({ channel, queueArn, startedAt }) =>
      watches
        .readNow(watches.idsOf({ channel, queueArn }))
        .map(({ watch }) => watch)
        .find((watch) => watch.startedAt === startedAt && watch.phase === 'running')?.card,
    announced: async (key, task) =>
      transaction(() => {
        const { announcements } = read(task.queueArn);
        change(task.queueArn, (following) => withoutAnnouncement(following, key));
        watchForChannel(task, parts);
        // It may have become known while the card was being posted.
        const startedBy = announcements.find((one) => one.key === key)?.startedBy;
        if (startedBy !== task.followed.startedBy) nameStarter(task, startedBy, parts);
      }),
    answered: async (queueArn, startedAt, startedBy) =>
      transaction(() => {
        change(queueArn, (following) => answered(following, startedAt, startedBy));
        nameStarter({ queueArn, startedAt }, startedBy, parts);
      }),
    dueQueues: due('announcement_at'),
    questionedQueues: due('question_at'),
    nextDue: (now) => soonestAfter(now, ['announcement_at', 'question_at'], 'followings', statement),
    recover: (queueArns, now, latest) =>
      transaction(() => {
        recover();
        const left = statement(
          `DELETE FROM followings WHERE queue_arn NOT IN (SELECT value FROM json_each(?))
             AND queue_arn NOT LIKE '${aside}%'
             RETURNING queue_arn, announcement_at`,
        ).all(JSON.stringify(queueArns));
        const planned = statement(
          'SELECT queue_arn FROM followings WHERE announcement_at > ?1 OR question_at > ?1',
        ).all(now);
        for (const row of planned)
          change(String(row['queue_arn']), (stored) => followingWithTimesClamped(stored, now, latest));
        return left.flatMap((row) => (row['announcement_at'] === null ? [] : String(row['queue_arn'])));
      }),
  };
}

/**
 * A person may have come first: their watch then becomes the channel's, too. A redrive that has ended needs no watch;
 * its card is remembered for a day, because who started it may become known.
 */
function watchForChannel(
  { queueArn, startedAt, card, followed, ended }: FollowedTask,
  parts: FollowStoreParts,
): void {
  const { watches, clock, newId } = parts;
  const now = clock();
  const id = watches.liveId({ queueArn, startedAt, card });
  if (id === undefined) {
    const watch = newWatch({ id: newId(), queueArn, startedAt, card, now, followed });
    const over = ended && ({ phase: 'over', seen: ended } as const);
    watches.include({ watch: { ...watch, ...over }, outbox: emptyOutbox });
    return;
  }
  watches.change(id, (stored) => withFollowed(stored, followed, now));
}

function nameStarter(
  task: { queueArn: string; startedAt: number },
  startedBy: string | undefined,
  { watches, clock }: FollowStoreParts,
): void {
  if (startedBy === undefined) return;
  for (const id of watches.idsOfTask(task)) {
    watches.change(id, (stored) =>
      stored.watch.followed ? withFollowed(stored, { ...stored.watch.followed, startedBy }, clock()) : stored,
    );
  }
}

/** Prefix of the ARN of a queue whose row could not be read. */
const aside = 'unreadable ';

/** `raw`: what the row holds, of which `following` is what this version understands. */
type Read = { following: Following; raw?: unknown };

function rows({ database: { statement }, log, metrics, clock }: FollowStoreParts) {
  function readRow(queueArn: string): Read {
    const nothing = { following: { queueArn, announcements: [] } };
    const row = statement('SELECT state FROM followings WHERE queue_arn = ?').get(queueArn);
    const text = row?.['state'];
    if (typeof text !== 'string') return nothing;
    try {
      const raw: unknown = parseStored(text);
      return { following: Following.parse(raw), raw };
    } catch (error) {
      putAside(queueArn);
      metrics?.counted({ what: 'row unreadable' });
      log.error(
        { queue: queueArn, err: error },
        "a followed queue's stored row is unreadable; set aside and started over",
      );
      return nothing;
    }
  }

  /** It stays for a person to inspect; nothing is due for it anymore. */
  function putAside(queueArn: string): void {
    statement(
      'UPDATE followings SET queue_arn = ?, announcement_at = NULL, question_at = NULL WHERE queue_arn = ?',
    ).run(`${aside}${clock()} ${queueArn}`, queueArn);
  }

  function save(following: Following, state: unknown): void {
    statement(
      `INSERT INTO followings (queue_arn, announcement_at, state, question_at) VALUES (?, ?, ?, ?)
             ON CONFLICT (queue_arn) DO UPDATE SET announcement_at = excluded.announcement_at,
             state = excluded.state, question_at = excluded.question_at`,
    ).run(
      following.queueArn,
      whole(nextAnnouncementAt(following)),
      storedText(state),
      whole(nextQuestionAt(following)),
    );
  }

  return {
    read: (queueArn: string) => readRow(queueArn).following,
    /** A row of another version may be due for something only that version understands. Its content does not change. */
    recover(): void {
      const due = 'announcement_at IS NOT NULL OR question_at IS NOT NULL';
      for (const row of statement(`SELECT queue_arn FROM followings WHERE ${due}`).all()) {
        const { following, raw } = readRow(String(row['queue_arn']));
        if (raw !== undefined) save(following, raw);
      }
    },
    change(queueArn: string, how: (following: Following) => Following): Following {
      const { following, raw } = readRow(queueArn);
      const next = how(following);
      save(next, raw === undefined ? next : rewritten(raw, following, next));
      return next;
    },
  };
}
