import { mayBeSeenIn, type Queue } from '../domain/queue.ts';
import { queuesMentioned } from '../domain/queues-mentioned.ts';
import type { Answer } from './answer.ts';
import { type CheckQueueDeps, checkQueue } from './check-queue.ts';

/** The answer to a message: about its one queue, or which queues it may mean. */
export type MessageAnswer = Answer | { kind: 'mentioned'; queues: Queue[] };

/**
 * Finds the queues that a message mentions, among those this channel may see. If there is only one and it is certain,
 * polls it.
 */
export async function checkMessage(
  { texts, channelId }: { texts: readonly string[]; channelId: string },
  deps: CheckQueueDeps,
): Promise<MessageAnswer> {
  const visible = deps.queues.filter((queue) => mayBeSeenIn(queue, channelId));
  const { queues, isCertain } = queuesMentioned(texts, visible);
  const [first] = queues;
  if (first && isCertain) return checkQueue({ typed: first.arn, channelId, asked: 1 }, deps);
  return { kind: 'mentioned', queues };
}
