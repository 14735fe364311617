import { startCallIn } from '../../aws/cloudtrail-record.ts';
import { nextAnnouncementAt } from '../../domain/following/following.ts';
import type { StartCall } from '../../domain/following/start-call.ts';
import type { Queue } from '../../domain/queue.ts';
import {
  announcePending,
  type FollowedQueue,
  followedAmong,
} from '../../operations/following/announce-pending.ts';
import { type AnnounceStartPorts, announceStart, NotYet } from '../../operations/following/followed-queue.ts';
import type { Log } from '../../operations/log.ts';
import type { DynamodbFollowStore } from '../../storage/dynamodb/dynamodb-follow-store.ts';

export type StartsParts = {
  queues: () => Promise<readonly Queue[]>;
  /** For one event. */
  ports: () => Promise<Omit<AnnounceStartPorts, 'store' | 'deadline'>>;
  /** One for each event, since it may hold a lock. */
  store: () => DynamodbFollowStore;
  clock: () => number;
  log: Log;
};

/** Of the function's 60 seconds; what is left is enough for one try to post. */
const patienceMs = 35_000;
const busyMs = 1_000;

/**
 * Handles CloudTrail's events from EventBridge. Events about queues that aren't followed are ignored. It
 * throws to be called again with the same event, which is safe. It is also called on a schedule, for
 * announcements that are not delivered yet.
 */
export function createStartEventsHandler(parts: StartsParts): (event: unknown) => Promise<void> {
  return async (event) => {
    const followed = followedAmong(await parts.queues());
    if (Object(event)['detail-type'] === 'Scheduled Event') {
      for (const queue of followed) await announceWaiting(queue, parts);
      return;
    }
    const call = startCallIn(Object(event)['detail']);
    const queue = followed.find(({ arn }) => arn === call?.queueArn);
    if (call && queue) return announcedOnce(queue, call, parts);
    parts.log.info({ queue: call?.queueArn }, 'ignored an event because its queue is not followed');
  };
}

/** Announcements that failed are retried for a day, at each scheduled call. */
async function announceWaiting(queue: FollowedQueue, parts: StartsParts): Promise<void> {
  const store = parts.store();
  try {
    const next = nextAnnouncementAt(await store.read(queue.arn));
    if (next === undefined || next > parts.clock() || !(await store.hold(queue.arn))) return;
    await announcePending(queue, { ...(await parts.ports()), store });
    await store.letGo(queue.arn);
  } catch (error) {
    parts.log.error(
      { queue: queue.arn, alias: queue.alias, err: error },
      'could not announce a redrive; retrying',
    );
  }
}

async function announcedOnce(queue: FollowedQueue, call: StartCall, parts: StartsParts): Promise<void> {
  const { clock, log } = parts;
  const deadline = clock() + patienceMs;
  const [store, ports] = [parts.store(), await parts.ports()];
  try {
    while (!(await store.hold(queue.arn))) {
      if (clock() > deadline) throw new NotYet('another process is announcing for this queue');
      await ports.pause(busyMs);
    }
    await announceStart(queue, call, { ...ports, store, deadline });
  } catch (error) {
    log.error({ queue: queue.arn, alias: queue.alias, err: error }, 'could not announce a redrive; retrying');
    throw error;
  } finally {
    await store.letGo(queue.arn);
  }
}
