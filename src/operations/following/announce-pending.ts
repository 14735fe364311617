import { nextTry } from '../../domain/delivery.ts';
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

/** A post whose line is gone, as after a kill, may arrive this much later: until then it is looked for in vain. */
const onItsWay = 3_000;
/** Slack may have something against the blocks and the metadata, one after the other. */
const mostForms = 3;

/** Announces what is due, oldest first. One call at a time for each queue. */
export async function announcePending(queue: FollowedQueue, ports: AnnouncePorts): Promise<void> {
  const following = await ports.store.read(queue.arn);
  for (const { key } of dueAnnouncements(following, ports.clock())) await announce(queue, key, ports);
}

async function announce(queue: FollowedQueue, key: string, ports: AnnouncePorts): Promise<void> {
  for (let forms = 0; forms < mostForms; forms += 1) {
    const { announcements } = await ports.store.read(queue.arn);
    const announcement = announcements.find((one) => one.key === key);
    if (!announcement || !(await isToTryAgain(queue, announcement, ports))) return;
  }
}

/** Tries once. Whether it is to be tried again at once, in another form. */
async function isToTryAgain(
  queue: FollowedQueue,
  announcement: Announcement,
  ports: AnnouncePorts,
): Promise<boolean> {
  const { store, clock } = ports;
  const { key, startedAt, maybeTold: doubt } = announcement;
  const card = doubt
    ? undefined
    : await store.watchedCard({ channel: queue.notify, queueArn: queue.arn, startedAt });
  const begunAt = clock();
  if (card) await watchOn(card, queue, announcement, ports);
  if (card) return false;
  const begun = { maybeTold: true, notBefore: begunAt + onItsWay };
  // Committed before the post, so that after a crash the next try looks for the card first.
  await store.update(queue.arn, (following) =>
    changeAnnouncement(following, key, (one) => ({ ...one, ...begun })),
  );
  const told = await announceSafely(queue, announcement, doubt, ports);
  if (told.kind === 'told' && told.message) await watchOn(told.message, queue, announcement, ports);
  else await putOff(queue, announcement, told, { ports, begunAt });
  return told.kind === 'again';
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
  { key, seen, startedBy, since, form = {} }: Announcement,
  doubt: boolean,
  { announcer, log }: AnnouncePorts,
): Promise<Told> {
  try {
    const by = startedBy === undefined ? {} : { startedBy };
    return await announcer.announce({ queue, channel: queue.notify, key, seen, since, form, doubt, ...by });
  } catch (error) {
    log.error({ queue: queue.arn, err: error }, 'announcing failed unexpectedly');
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'later', because: 'trouble', maybeTold: true, why };
  }
}

async function putOff(
  queue: FollowedQueue,
  tried: Announcement,
  told: Told,
  { ports, begunAt }: { ports: AnnouncePorts; begunAt: number },
): Promise<void> {
  const { store, clock, random, log } = ports;
  const { key, startedAt } = tried;
  const change = (changes: Partial<Announcement>) =>
    store.update(queue.arn, (following) =>
      changeAnnouncement(following, key, (one) => ({ ...one, ...changes })),
    );
  const { maybeTold } = tried;
  if (told.kind === 'wait') return void (await change({ maybeTold, notBefore: clock() + told.afterMs }));
  if (told.kind === 'again') return void (await change({ maybeTold, notBefore: clock(), form: told.form }));
  const failure = failureOf(told);
  const facts = { queue: queue.arn, alias: queue.alias, channel: queue.notify, startedAt, why: failure.why };
  const next = nextTry(tried, failure, { now: clock(), begunAt, random: random() });
  if (!next) {
    await store.update(queue.arn, (following) => withoutAnnouncement(following, key));
    return log.error({ ...facts, watchers: [] }, 'a task could not be announced and is dropped');
  }
  const notBefore = failure.maybeTold ? Math.max(next.notBefore, begunAt + onItsWay) : next.notBefore;
  await change({ ...next, notBefore, maybeTold: maybeTold || failure.maybeTold });
  if (tried.failures === 0 && failure.because !== 'rate-limited')
    log.warn(facts, 'a task could not be announced and is tried again');
}

/** Of a card that is not there yet Slack always says where it stands, and never that it is gone. */
function failureOf(told: Exclude<Told, { kind: 'wait' | 'again' }>) {
  if (told.kind === 'later') return told;
  return told.kind === 'told'
    ? { because: 'trouble' as const, maybeTold: true, why: 'Slack did not say where it stands' }
    : { because: 'refused' as const, maybeTold: false, why: told.why };
}
