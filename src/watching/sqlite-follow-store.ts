import {
  answered,
  Following,
  followingWithNothingAhead,
  nextAnnouncementAt,
  nextQuestionAt,
  withoutAnnouncement,
} from '../domain/following/following.ts';
import { emptyOutbox } from '../domain/watch/outbox.ts';
import { newWatch } from '../domain/watch/watch.ts';
import type { FollowedTask, FollowStore } from '../operations/following/follow-store.ts';
import type { Log } from '../operations/log.ts';
import type { KeptDatabase } from './kept-database.ts';
import type { SqliteWatchStore } from './sqlite-watch-store.ts';
import { withFollowed } from './watch-changes.ts';

/** What is known of the followed queues, in the file of the watches. */
export type SqliteFollowStore = FollowStore & {
  /** Queues with something to announce, the longest waiting first. */
  dueQueues(now: number): string[];
  /** Queues with a question that is due. */
  questionedQueues(now: number): string[];
  /** When the next announcement or question after `now` is due. */
  nextDue(now: number): number | undefined;
  /**
   * At a start: a queue that is followed again later begins anew, and what was kept while the clock was ahead waits no
   * longer than until `latest`.
   */
  takeUp(queueArns: readonly string[], now: number, latest: number): void;
};

export type FollowStoreParts = {
  database: KeptDatabase;
  watches: SqliteWatchStore;
  log: Log;
  clock: () => number;
  newId: () => string;
};

export function createSqliteFollowStore(parts: FollowStoreParts): SqliteFollowStore {
  const { database, watches } = parts;
  const { statement, transaction } = database;
  const { read, save } = rows(parts);

  function change(queueArn: string, how: (following: Following) => Following): Following {
    const next = how(read(queueArn));
    save(next);
    return next;
  }

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
        // It may have become known while the card was on its way.
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
    nextDue: (now) => {
      const times = ['announcement_at', 'question_at']
        .map((column) => `SELECT min(${column}) AS at FROM followings WHERE ${column} > ?`)
        .map((soonest) => statement(soonest).get(now)?.['at'])
        .filter((at) => typeof at === 'number');
      return times.length > 0 ? Math.min(...times) : undefined;
    },
    takeUp: (queueArns, now, latest) =>
      transaction(() => {
        statement('DELETE FROM followings WHERE queue_arn NOT IN (SELECT value FROM json_each(?))').run(
          JSON.stringify(queueArns),
        );
        const planned = statement(
          'SELECT queue_arn FROM followings WHERE announcement_at > ?1 OR question_at > ?1',
        ).all(now);
        for (const row of planned)
          change(String(row['queue_arn']), (kept) => followingWithNothingAhead(kept, now, latest));
      }),
  };
}

/**
 * A person may have been quicker: then their watch becomes the channel's, too. What has ended needs no watch; its card
 * is remembered for a day, since who started it may become known.
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
  watches.change(id, (kept) => withFollowed(kept, followed, now));
}

function nameStarter(
  task: { queueArn: string; startedAt: number },
  startedBy: string | undefined,
  { watches, clock }: FollowStoreParts,
): void {
  if (startedBy === undefined) return;
  for (const id of watches.idsOfTask(task)) {
    watches.change(id, (kept) =>
      kept.watch.followed ? withFollowed(kept, { ...kept.watch.followed, startedBy }, clock()) : kept,
    );
  }
}

function rows({ database: { statement }, log }: FollowStoreParts) {
  return {
    read(queueArn: string): Following {
      const nothing = { queueArn, announcements: [] };
      const text = statement('SELECT state FROM followings WHERE queue_arn = ?').get(queueArn)?.['state'];
      if (typeof text !== 'string') return nothing;
      try {
        return Following.parse(JSON.parse(text));
      } catch (error) {
        log.error(
          { queue: queueArn, err: error },
          'what is kept of a followed queue cannot be read; it begins anew',
        );
        return nothing;
      }
    },
    save(following: Following): void {
      statement(
        `INSERT INTO followings (queue_arn, announcement_at, state, question_at) VALUES (?, ?, ?, ?)
             ON CONFLICT (queue_arn) DO UPDATE SET announcement_at = excluded.announcement_at,
             state = excluded.state, question_at = excluded.question_at`,
      ).run(
        following.queueArn,
        whole(nextAnnouncementAt(following)),
        JSON.stringify(following),
        whole(nextQuestionAt(following)),
      );
    },
  };
}

function whole(time: number | undefined): number | null {
  return time === undefined ? null : Math.ceil(time);
}
