import { type StartCall, startCallIn } from '../domain/following/start-call.ts';
import type { Queue } from '../domain/queue.ts';
import type { FollowedQueue } from '../operations/following/announce-pending.ts';
import { type AnnounceStartPorts, announceStart, NotYet } from '../operations/following/announce-start.ts';
import type { Log } from '../operations/log.ts';
import type { SharedFollowStore } from '../watching/shared-follow-store.ts';

export type StartsParts = {
  queueOf: (arn: string) => Promise<Queue | undefined>;
  /** For one event. */
  ports: () => Promise<Omit<AnnounceStartPorts, 'store' | 'deadline'>>;
  /** Made for one event, since it may hold. */
  store: () => SharedFollowStore;
  clock: () => number;
  log: Log;
};

/** Of the 60 seconds that the function may take; one try to post takes no longer than what is left then. */
const patienceMs = 35_000;
const busyMs = 1_000;

/**
 * Hears what CloudTrail tells EventBridge. What does not concern a followed queue is done at once. It throws when it is to
 * be called again with the same event, which does no harm.
 */
export function createStarts(parts: StartsParts): (event: unknown) => Promise<void> {
  return async (event) => {
    const call = startCallIn(Object(event)['detail']);
    const queue = call && (await parts.queueOf(call.queueArn));
    if (!call || queue?.notify === undefined) {
      parts.log.info({ queue: call?.queueArn }, 'an event is left alone: nobody follows what it tells of');
      return;
    }
    await announcedOnce({ ...queue, notify: queue.notify }, call, parts);
  };
}

async function announcedOnce(queue: FollowedQueue, call: StartCall, parts: StartsParts): Promise<void> {
  const { clock, log } = parts;
  const deadline = clock() + patienceMs;
  const [store, ports] = [parts.store(), await parts.ports()];
  try {
    while (!(await store.hold(queue.arn))) {
      if (clock() > deadline) throw new NotYet('another process announces for the queue');
      await ports.pause(busyMs);
    }
    await announceStart(queue, call, { ...ports, store, deadline });
  } catch (error) {
    log.error({ queue: queue.arn, alias: queue.alias, err: error }, 'a task is not announced yet');
    throw error;
  } finally {
    await store.letGo(queue.arn);
  }
}
