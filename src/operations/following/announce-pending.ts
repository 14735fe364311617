import {
  type Announcement,
  changeAnnouncement,
  dueAnnouncements,
  withoutAnnouncement,
} from '../../domain/following/following.ts';
import { isFinished } from '../../domain/move-task.ts';
import type { Queue } from '../../domain/queue.ts';
import type { CardPlace } from '../../domain/watch/watch.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { fewestTries } from '../watching/tell-pending.ts';
import type { Told } from '../watching/teller.ts';
import type { Announcer } from './announcer.ts';
import type { FollowStore } from './follow-store.ts';

export type AnnouncePorts = {
  store: FollowStore;
  announcer: Announcer;
  clock: () => number;
  random: () => number;
  log: Log;
  metrics?: Metrics;
};

/** A queue with the channel that follows it. */
export type FollowedQueue = Queue & { notify: string };

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
/** What could not be told for a day is no news any more. */
const outlives = 24 * hour;
/** A post whose line is gone, as after a kill, may arrive this much later: until then it is looked for in vain. */
const onItsWay = 3 * second;

/** Announces what is due, oldest first. One call at a time for each queue. */
export async function announcePending(queue: FollowedQueue, ports: AnnouncePorts): Promise<void> {
  const following = await ports.store.read(queue.arn);
  for (const one of dueAnnouncements(following, ports.clock())) await announce(queue, one, ports);
}

async function announce(
  queue: FollowedQueue,
  announcement: Announcement,
  ports: AnnouncePorts,
): Promise<void> {
  const { store } = ports;
  const { key, startedAt, maybeTold: doubt } = announcement;
  const card = doubt
    ? undefined
    : await store.watchedCard({ channel: queue.notify, queueArn: queue.arn, startedAt });
  if (card) return watchOn(card, queue, announcement, ports);
  const begun = { maybeTold: true, notBefore: ports.clock() + onItsWay };
  // Committed before the post, so that after a crash the next try looks for the card first.
  await store.update(queue.arn, (following) =>
    changeAnnouncement(following, key, (one) => ({ ...one, ...begun })),
  );
  const told = await announceSafely(queue, announcement, doubt, ports);
  if (told.kind === 'told' && told.message) return watchOn(told.message, queue, announcement, ports);
  await postponed(queue, announcement, told, ports);
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
  log.info({ queue: queue.arn, alias: queue.alias, channel: card.channel, startedAt }, 'a task is announced');
}

async function announceSafely(
  queue: FollowedQueue,
  { key, seen, startedBy, since }: Announcement,
  doubt: boolean,
  { announcer, log }: AnnouncePorts,
): Promise<Told> {
  try {
    const by = startedBy === undefined ? {} : { startedBy };
    return await announcer.announce({ queue, channel: queue.notify, key, seen, since, doubt, ...by });
  } catch (error) {
    log.error({ queue: queue.arn, err: error }, 'announcing failed unexpectedly');
    return { kind: 'later', maybeTold: true, why: error instanceof Error ? error.message : String(error) };
  }
}

async function postponed(
  queue: FollowedQueue,
  tried: Announcement,
  told: Told,
  { store, clock, random, log }: AnnouncePorts,
): Promise<void> {
  const { key, failures, since, startedAt } = tried;
  const facts = { queue: queue.arn, alias: queue.alias, channel: queue.notify, startedAt };
  const why = told.kind === 'told' ? 'Slack did not say where it stands' : told.why;
  const isRefused = told.kind === 'never' && told.because === 'refused';
  if (isRefused || (clock() - since > outlives && failures >= fewestTries)) {
    await store.update(queue.arn, (following) => withoutAnnouncement(following, key));
    return log.error({ ...facts, why }, 'a task could not be announced and is dropped');
  }
  if (told.kind === 'never')
    log.warn({ ...facts, why }, 'a task waits to be announced: is the bot in that channel?');
  const maybeTold = tried.maybeTold || (told.kind !== 'never' && (told.kind === 'told' || told.maybeTold));
  const notBefore = clock() + waitFor(told, failures, random());
  await store.update(queue.arn, (following) =>
    changeAnnouncement(following, key, (one) => ({ ...one, maybeTold, notBefore, failures: failures + 1 })),
  );
}

/** As Slack asks, or twice as long after each failure; a closed channel is not opened within seconds. */
function waitFor(told: Told, failures: number, random: number): number {
  if (told.kind === 'later' && told.afterMs !== undefined)
    return Math.max(second, Math.min(told.afterMs, hour));
  const [first, longest] = told.kind === 'never' ? [minute, hour] : [second, 10 * minute];
  return Math.min(longest, first * 2 ** Math.min(failures, 20)) * (0.75 + random / 2);
}
