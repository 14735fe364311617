import * as z from 'zod';
import { answered, Following, withoutAnnouncement } from '../../domain/following/following.ts';
import { emptyOutbox } from '../../domain/watch/outbox.ts';
import { newWatch } from '../../domain/watch/watch.ts';
import type { FollowedTask, FollowStore } from '../../operations/following/follow-store.ts';
import type { HistoryStore } from '../../operations/history.ts';
import { recordEnd } from '../../operations/record-end.ts';
import { withFollowed } from '../../operations/watching/watches.ts';
import { changeRowOf, type RowKind } from './change-row.ts';
import { changeRow, readable, type StoredRun, setAsideIn } from './dynamodb-run-store.ts';
import type { DynamodbWatchesParts } from './dynamodb-watches.ts';
import { queueKeyOf, type RowKey, rowKeyOf, watchIdOf } from './watch-table.ts';

/** What is known about the followed queues, in the table of watches, shared by many processes. */
export type DynamodbFollowStore = FollowStore & {
  /** Keeps others from announcing for this queue until it is released. False: another has it. */
  hold(queueArn: string): Promise<boolean>;
  letGo(queueArn: string): Promise<void>;
};

export type DynamodbFollowStoreParts = DynamodbWatchesParts & {
  /** Where a redrive is recorded that needs no watch. */
  history?: Pick<HistoryStore, 'record'>;
  /** Who holds the row: different for each process and each event. */
  holder: string;
};

/** Longer than the function that announces may live. */
export const announcerHoldsForMs = 65_000;

const Held = z.object({
  following: Following,
  held: z.object({ by: z.string(), until: z.number() }).exactOptional(),
});
type Held = z.infer<typeof Held>;
const followRow: RowKind<Held> = { schema: Held, keptMs: () => 90 * 24 * 3_600_000 };

export function createDynamodbFollowStore(parts: DynamodbFollowStoreParts): DynamodbFollowStore {
  const { rows, clock, holder, log } = parts;

  async function change(queueArn: string, how: (held: Held) => Held): Promise<Following> {
    const nothing = { following: { queueArn, announcements: [] } };
    const key = { card: queueKeyOf(queueArn), task: 'following' };
    const said = "a followed queue's stored row is unreadable; set aside and started over";
    const onUnreadable = (error: unknown) => log.error({ queue: queueArn, card: key.card, err: error }, said);
    const changing = { rows, clock, key, kind: followRow, onUnreadable };
    const { value } = await changeRowOf(changing, (before) => how(before ?? nothing));
    return (value ?? nothing).following;
  }

  const update: FollowStore['update'] = (queueArn, how) =>
    change(queueArn, (before) => {
      const following = how(before.following);
      return following === before.following ? before : { ...before, following };
    });

  return {
    update,
    read: (queueArn) => update(queueArn, (following) => following),
    watchedCard: async (task) =>
      (await liveWatchesOf(task, parts)).find(
        ({ phase, card }) => phase === 'running' && card.channel === task.channel,
      )?.card,
    async announced(key, task) {
      if (!task.ended) await watchForChannel(task, parts);
      else if (parts.history) await recordEnd({ ...task, seen: task.ended }, { history: parts.history });
      await update(task.queueArn, (following) => withoutAnnouncement(following, key));
    },
    async answered(queueArn, startedAt, startedBy) {
      const { announcements } = await update(queueArn, (following) =>
        answered(following, startedAt, startedBy),
      );
      const isPosted = announcements.every((one) => one.startedAt !== startedAt);
      if (isPosted && startedBy !== undefined) await nameStarter({ queueArn, startedAt }, startedBy, parts);
    },
    async hold(queueArn) {
      let isHeld = true;
      await change(queueArn, (before) => {
        const { held } = before;
        isHeld = held === undefined || held.by === holder || held.until <= clock();
        return isHeld ? { ...before, held: { by: holder, until: clock() + announcerHoldsForMs } } : before;
      });
      return isHeld;
    },
    async letGo(queueArn) {
      await change(queueArn, (before) => {
        if (before.held?.by !== holder) return before;
        const { held: _, ...free } = before;
        return free;
      });
    },
  };
}

type TaskOfQueue = { queueArn: string; startedAt: number };

async function liveWatchesOf(
  { queueArn, startedAt }: TaskOfQueue,
  { rows, clock, log }: DynamodbFollowStoreParts,
): Promise<StoredRun['stored']['watch'][]> {
  return readable(await rows.live(), clock(), log)
    .map(({ shared }) => shared.stored.watch)
    .filter((watch) => watch.queueArn === queueArn && watch.startedAt === startedAt);
}

/** An earlier event has already posted the card: a new run adds the starter to it. */
async function nameStarter(
  task: TaskOfQueue,
  startedBy: string,
  parts: DynamodbFollowStoreParts,
): Promise<void> {
  const { rows, start, clock } = parts;
  for (const { card } of await liveWatchesOf(task, parts)) {
    let isNews = false;
    const { shared, version } = await changeRow(rows, rowKeyOf({ ...task, card }), clock, (before) => {
      const followed = before?.stored.watch.followed;
      isNews = followed !== undefined && followed.startedBy === undefined;
      return before && isNews
        ? { ...before, stored: withFollowed(before.stored, { ...followed, startedBy }, clock()) }
        : before;
    });
    if (shared && isNews) await start({ watch: shared.stored.watch.id, run: version });
  }
}

/** Writes the row first, then starts a run for it. A person's watch becomes the channel's, too. */
async function watchForChannel(
  task: FollowedTask,
  { rows, start, clock, log }: DynamodbFollowStoreParts,
): Promise<void> {
  const key = rowKeyOf(task);
  const { shared, version } = await changeRow(
    rows,
    key,
    clock,
    (before) => followedFrom(before, task, key, clock()),
    setAsideIn(log),
  );
  if (shared && shared.stored.watch.phase !== 'over')
    await start({ watch: shared.stored.watch.id, run: version });
}

function followedFrom(
  before: StoredRun | undefined,
  task: FollowedTask,
  key: RowKey,
  now: number,
): StoredRun {
  const { queueArn, startedAt, card, followed } = task;
  const watched = before?.stored.watch;
  if (before && watched?.phase !== 'over') {
    return { ...before, stored: withFollowed(before.stored, followed, now) };
  }
  // An earlier try began it; it has since run to its end and delivered that.
  if (before && watched?.followed) return before;
  const watch = newWatch({ id: watchIdOf(key, now), queueArn, startedAt, card, now, followed });
  return { stored: { watch, outbox: emptyOutbox }, run: 0 };
}
