import { nextAnnouncementAt } from '../../domain/following/following.ts';
import { isKnown, justBefore, type StartCall, startBy } from '../../domain/following/start-call.ts';
import { type AnnouncePorts, announcePending, type FollowedQueue } from './announce-pending.ts';
import { type PollFollowedPorts, pollFollowedQueue } from './poll-followed-queue.ts';

export type AnnounceStartPorts = AnnouncePorts &
  PollFollowedPorts & {
    /** Epoch milliseconds: what is not done by then is left to another attempt. */
    deadline: number;
    pause: (ms: number) => Promise<unknown>;
  };

/** Not possible yet; retry later. */
export class NotYet extends Error {
  override name = 'NotYet';
}

/**
 * Someone has started a task of a followed queue: its card is posted and watched before this resolves. Repeated calls
 * for the same start, one at a time, make one card. Rejects if it should be retried.
 */
export async function announceStart(
  queue: FollowedQueue,
  call: StartCall,
  ports: AnnounceStartPorts,
): Promise<void> {
  const { store } = ports;
  // For a queue that is new to the bot, older tasks are not news.
  await store.update(queue.arn, (following) =>
    following.knownUpTo === undefined ? { ...following, knownUpTo: justBefore(call) } : following,
  );
  const polled = await pollFollowedQueue(queue, ports);
  if (!polled.ok) throw new NotYet(`polling the queue failed: ${polled.awsError.kind}`);
  const { knownUpTo } = await store.read(queue.arn);
  if (!isKnown(call, knownUpTo)) throw new NotYet('SQS does not list the task yet');
  const startedAt = startBy(call, polled.value);
  if (startedAt !== undefined && call.by !== undefined) await store.answered(queue.arn, startedAt, call.by);
  await announceAll(queue, ports);
}

async function announceAll(queue: FollowedQueue, ports: AnnounceStartPorts): Promise<void> {
  const { store, clock, deadline, pause } = ports;
  for (;;) {
    await announcePending(queue, ports);
    const next = nextAnnouncementAt(await store.read(queue.arn));
    if (next === undefined) return;
    if (next > deadline) throw new NotYet('the card could not be posted yet');
    await pause(Math.max(next - clock(), 100));
  }
}
