import { begun, type PostResult, putOff } from '../../domain/delivery.ts';
import {
  type Announcement,
  changeAnnouncement,
  dueAnnouncements,
  withoutAnnouncement,
} from '../../domain/following/following.ts';
import type { CardPlace } from '../../domain/message-place.ts';
import { isFinished } from '../../domain/move-task-status.ts';
import type { Queue } from '../../domain/queue.ts';
import type { ExpectEnd } from '../expected-ends.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { attempted, type WithFallback } from '../watching/notifier.ts';
import type { FollowStore } from './follow-store.ts';

export type AnnouncePorts = {
  store: FollowStore;
  announcer: Announcer;
  /** For a redrive whose card Slack doesn't accept, so no one can watch it. Absent: there is no history. */
  expectEnd?: ExpectEnd;
  clock: () => number;
  random: () => number;
  log: Log;
  metrics?: Metrics;
};

/** A queue and the channel that follows it. */
export type FollowedQueue = Queue & { notify: string };

export function followedAmong(queues: readonly Queue[]): FollowedQueue[] {
  return queues.flatMap((queue) => (queue.notify === undefined ? [] : [{ ...queue, notify: queue.notify }]));
}

/** Announces what is due, oldest first. Call it once at a time per queue. */
export async function announcePending(queue: FollowedQueue, ports: AnnouncePorts): Promise<void> {
  const following = await ports.store.read(queue.arn);
  for (const { key } of dueAnnouncements(following, ports.clock())) await announce(queue, key, ports);
}

async function announce(queue: FollowedQueue, key: string, ports: AnnouncePorts): Promise<void> {
  const { store, announcer, clock, random, log } = ports;
  const { announcements } = await store.read(queue.arn);
  const announcement = announcements.find((one) => one.key === key);
  if (!announcement) return;
  const { startedAt, startedBy, seen, since, fallback = {}, maybeDelivered: doubt } = announcement;
  const channel = queue.notify;
  const card = doubt ? undefined : await store.watchedCard({ channel, queueArn: queue.arn, startedAt });
  if (card) return watchOn(card, queue, announcement, ports);
  const change = (changes: Partial<Announcement>) =>
    store.update(queue.arn, (following) => changeAnnouncement(following, key, changes));
  // Committed before the post, so that after a crash the next attempt searches for the card first.
  await change(begun(clock()));
  const by = startedBy === undefined ? {} : { startedBy };
  const what = { queue, channel, key, seen, since, fallback, doubt, ...by };
  const onError = (err: unknown) =>
    log.error({ queue: queue.arn, err }, 'unexpected error while announcing; retrying');
  const { result, moment } = await attempted((keep) => announcer.announce({ ...what, keep }), {
    ...{ change, onError, clock, random },
  });
  if (result.kind === 'delivered') return watchOn(result.message, queue, announcement, ports);
  const isFailed = result.kind === 'retry-later';
  if (isFailed) await ports.expectEnd?.({ queueArn: queue.arn, startedAt, ...by });
  const later = putOff(announcement, result, moment);
  if (later) await change(later);
  else await store.update(queue.arn, (following) => withoutAnnouncement(following, key));
  if (!isFailed) return;
  const facts = { queue: queue.arn, alias: queue.alias, channel, startedAt, why: result.why };
  if (!later) log.error({ ...facts, watchers: [] }, 'could not announce a redrive; giving up');
  else if (announcement.failures === 0 && result.because !== 'rate-limited')
    log.warn(facts, 'could not announce a redrive; retrying');
}

/** A task that has ended has a final card and needs no watch. */
async function watchOn(
  card: CardPlace,
  queue: FollowedQueue,
  { key, startedAt, startedBy, seen }: Announcement,
  { store, log, metrics }: AnnouncePorts,
): Promise<void> {
  const followed = { ...(startedBy !== undefined && { startedBy }) };
  const task = { queueArn: queue.arn, startedAt, card };
  await store.announced(
    key,
    isFinished(seen.task)
      ? { ...task, followed: { ...followed, endedUnseen: true }, ended: seen }
      : { ...task, followed },
  );
  metrics?.counted({ what: 'task announced' });
  log.info({ queue: queue.arn, alias: queue.alias, channel: card.channel, startedAt }, 'redrive announced');
}

export type ToAnnounce = Pick<Announcement, 'key' | 'seen' | 'startedBy' | 'since'> &
  WithFallback & {
    queue: Queue;
    channel: string;
    /** The card may already be in the channel: it is searched for by its key, and posted only if it is not there. */
    doubt: boolean;
  };

/**
 * Port: posts the card of a new task, with its `key`, in the channel that follows its queue. It answers and may throw
 * like a Notifier.
 */
export type Announcer = { announce(what: ToAnnounce): Promise<PostResult> };
