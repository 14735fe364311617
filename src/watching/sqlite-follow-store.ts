import type { DatabaseSync } from 'node:sqlite';
import { type Following, nextAnnouncementAt, withoutAnnouncement } from '../domain/following/following.ts';
import { showIfChanged, undecided } from '../domain/watch/draft.ts';
import { emptyOutbox, remember } from '../domain/watch/outbox.ts';
import { newWatch } from '../domain/watch/watch.ts';
import type { FollowedTask, FollowStore } from '../operations/following/follow-store.ts';
import type { Log } from '../operations/log.ts';
import { inTransaction } from './group-commit.ts';
import { parseFollowing } from './kept-following.ts';
import type { SqliteWatchStore } from './sqlite-watch-store.ts';

/** What is known of the followed queues, in the file of the watches. */
export type SqliteFollowStore = FollowStore & {
  /** Queues with something to announce, the longest waiting first. */
  dueQueues(now: number): string[];
  /** When the next announcement after `now` is due. */
  nextDue(now: number): number | undefined;
  /** A queue that is followed again later begins anew. */
  forgetAllBut(queueArns: readonly string[]): void;
};

export type FollowStoreParts = {
  database: DatabaseSync;
  watches: SqliteWatchStore;
  log: Log;
  clock: () => number;
  newId: () => string;
};

export function createSqliteFollowStore(parts: FollowStoreParts): SqliteFollowStore {
  const { database, watches } = parts;
  const { read, save } = rows(parts);

  function change(queueArn: string, how: (following: Following) => Following): Following {
    const next = how(read(queueArn));
    save(next);
    return next;
  }

  return {
    read: async (queueArn) => read(queueArn),
    update: async (queueArn, how) => inTransaction(database, () => change(queueArn, how)),
    watchedCard: async ({ channel, queueArn, startedAt }) =>
      watches
        .readNow(watches.idsOf({ channel, queueArn }))
        .map(({ watch }) => watch)
        .find((watch) => watch.startedAt === startedAt && watch.phase === 'running')?.card,
    announced: async (queueArn, key, task) =>
      inTransaction(database, () => {
        change(queueArn, (following) => withoutAnnouncement(following, key));
        if (task) watchForChannel(task, parts);
      }),
    dueQueues: (now) =>
      database
        .prepare('SELECT queue_arn FROM followings WHERE announcement_at <= ? ORDER BY announcement_at')
        .all(now)
        .map((row) => String(row['queue_arn'])),
    nextDue: (now) => {
      const soonest = 'SELECT min(announcement_at) AS at FROM followings WHERE announcement_at > ?';
      const at = database.prepare(soonest).get(now)?.['at'];
      return typeof at === 'number' ? at : undefined;
    },
    forgetAllBut: (queueArns) =>
      void database
        .prepare('DELETE FROM followings WHERE queue_arn NOT IN (SELECT value FROM json_each(?))')
        .run(JSON.stringify(queueArns)),
  };
}

/** A person may have been quicker: then their watch becomes the channel's, too. */
function watchForChannel(
  { queueArn, startedAt, card, followed }: FollowedTask,
  parts: FollowStoreParts,
): void {
  const { watches, clock, newId } = parts;
  const now = clock();
  const id = watches.liveId({ queueArn, startedAt, card });
  if (id === undefined) {
    const watch = newWatch({ id: newId(), queueArn, startedAt, card, now, followed });
    watches.add({ watch, outbox: emptyOutbox });
    return;
  }
  watches.change(id, ({ watch, outbox }) => {
    const shown = showIfChanged(undecided({ ...watch, followed }), now);
    return { watch: shown.watch, outbox: remember(outbox, shown.tell, now) };
  });
}

function rows({ database, log }: FollowStoreParts) {
  return {
    read(queueArn: string): Following {
      const nothing = { queueArn, announcements: [] };
      const text = database.prepare('SELECT state FROM followings WHERE queue_arn = ?').get(queueArn)?.[
        'state'
      ];
      if (typeof text !== 'string') return nothing;
      try {
        return parseFollowing(text);
      } catch (error) {
        log.error(
          { queue: queueArn, err: error },
          'what is kept of a followed queue cannot be read; it begins anew',
        );
        return nothing;
      }
    },
    save(following: Following): void {
      const at = nextAnnouncementAt(following);
      database
        .prepare(
          `INSERT INTO followings VALUES (?, ?, ?) ON CONFLICT (queue_arn) DO UPDATE SET
             announcement_at = excluded.announcement_at, state = excluded.state`,
        )
        .run(following.queueArn, at === undefined ? null : Math.ceil(at), JSON.stringify(following));
    },
  };
}
