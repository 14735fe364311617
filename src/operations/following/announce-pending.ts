import { type Fallback, nextTry, onItsWayMs } from '../../domain/delivery.ts';
import {
  type Announcement,
  changeAnnouncement,
  dueAnnouncements,
  withoutAnnouncement,
} from '../../domain/following/following.ts';
import type { CardPlace } from '../../domain/message-place.ts';
import { isFinished } from '../../domain/move-task.ts';
import type { Queue } from '../../domain/queue.ts';
import type { ExpectEnd } from '../history/expected-ends.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { DeliveryResult } from '../watching/notifier.ts';
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

/** Slack may reject the blocks and the metadata, one after the other. */
const mostFallbacks = 3;

/** Announces what is due, oldest first. Call it once at a time per queue. */
export async function announcePending(queue: FollowedQueue, ports: AnnouncePorts): Promise<void> {
  const following = await ports.store.read(queue.arn);
  for (const { key } of dueAnnouncements(following, ports.clock())) await announce(queue, key, ports);
}

async function announce(queue: FollowedQueue, key: string, ports: AnnouncePorts): Promise<void> {
  for (let fallbacks = 0; fallbacks < mostFallbacks; fallbacks += 1) {
    const { announcements } = await ports.store.read(queue.arn);
    const announcement = announcements.find((one) => one.key === key);
    if (!announcement || !(await isToTryAgain(queue, announcement, ports))) return;
  }
}

/** Tries once. True: try again at once, in another variant. */
async function isToTryAgain(
  queue: FollowedQueue,
  announcement: Announcement,
  ports: AnnouncePorts,
): Promise<boolean> {
  const { store, clock } = ports;
  const { key, startedAt, maybeDelivered: doubt } = announcement;
  const card = doubt
    ? undefined
    : await store.watchedCard({ channel: queue.notify, queueArn: queue.arn, startedAt });
  const begunAt = clock();
  if (card) await watchOn(card, queue, announcement, ports);
  if (card) return false;
  const begun = { maybeDelivered: true, notBefore: begunAt + onItsWayMs };
  // Committed before the post, so that after a crash the next attempt searches for the card first.
  await store.update(queue.arn, (following) =>
    changeAnnouncement(following, key, (one) => ({ ...one, ...begun })),
  );
  const result = await announceSafely(queue, announcement, doubt, ports);
  if (result.kind === 'delivered' && result.message)
    await watchOn(result.message, queue, announcement, ports);
  else await retryLater(queue, announcement, result, { ports, begunAt });
  return result.kind === 'fallback';
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

async function announceSafely(
  queue: FollowedQueue,
  { key, seen, startedBy, since, fallback = {} }: Announcement,
  doubt: boolean,
  { announcer, log }: AnnouncePorts,
): Promise<DeliveryResult> {
  try {
    const by = startedBy === undefined ? {} : { startedBy };
    return await announcer.announce({
      queue,
      channel: queue.notify,
      key,
      seen,
      since,
      fallback,
      doubt,
      ...by,
    });
  } catch (error) {
    log.error({ queue: queue.arn, err: error }, 'unexpected error while announcing; retrying');
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'retry-later', because: 'trouble', maybeDelivered: true, why };
  }
}

async function retryLater(
  queue: FollowedQueue,
  tried: Announcement,
  result: DeliveryResult,
  { ports, begunAt }: { ports: AnnouncePorts; begunAt: number },
): Promise<void> {
  const { store, clock, random, log } = ports;
  const { key, startedAt, startedBy } = tried;
  const change = (changes: Partial<Announcement>) =>
    store.update(queue.arn, (following) =>
      changeAnnouncement(following, key, (one) => ({ ...one, ...changes })),
    );
  const { maybeDelivered } = tried;
  if (result.kind === 'wait')
    return void (await change({ maybeDelivered, notBefore: clock() + result.afterMs }));
  if (result.kind === 'fallback')
    return void (await change({ maybeDelivered, notBefore: clock(), fallback: result.fallback }));
  await ports.expectEnd?.({ queueArn: queue.arn, startedAt, ...(startedBy !== undefined && { startedBy }) });
  const failure = failureOf(result);
  const facts = { queue: queue.arn, alias: queue.alias, channel: queue.notify, startedAt, why: failure.why };
  const next = nextTry(tried, failure, { now: clock(), begunAt, random: random() });
  if (!next) {
    await store.update(queue.arn, (following) => withoutAnnouncement(following, key));
    return log.error({ ...facts, watchers: [] }, 'could not announce a redrive; giving up');
  }
  const notBefore = failure.maybeDelivered ? Math.max(next.notBefore, begunAt + onItsWayMs) : next.notBefore;
  await change({ ...next, notBefore, maybeDelivered: maybeDelivered || failure.maybeDelivered });
  if (tried.failures === 0 && failure.because !== 'rate-limited')
    log.warn(facts, 'could not announce a redrive; retrying');
}

/** For a new card Slack always returns its place, and never says that it is gone. */
function failureOf(result: Exclude<DeliveryResult, { kind: 'wait' | 'fallback' }>) {
  if (result.kind === 'retry-later') return result;
  return result.kind === 'delivered'
    ? {
        because: 'trouble' as const,
        maybeDelivered: true,
        why: 'Slack did not say where it posted the message',
      }
    : { because: 'refused' as const, maybeDelivered: false, why: result.why };
}

export type ToAnnounce = Pick<Announcement, 'key' | 'seen' | 'startedBy' | 'since'> & {
  queue: Queue;
  channel: string;
  fallback: Fallback;
  /** The card may already be in the channel: it is searched for by its key, and posted only if it is not there. */
  doubt: boolean;
};

/**
 * Port: posts the card of a new task, with its `key`, in the channel that follows its queue. It answers and may throw
 * like a Notifier. `delivered` has the place of the card.
 */
export type Announcer = { announce(what: ToAnnounce): Promise<DeliveryResult> };
