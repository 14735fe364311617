import type { Queue } from '../domain/queue.ts';
import { queuesMentioned } from '../domain/queues-mentioned.ts';
import { mayBeSeenIn } from './access.ts';
import type { Answer } from './answer.ts';
import { type CheckQueueDeps, checkQueue } from './check-queue.ts';

/** What an operation on a message wants said: the answer about its one queue, or which queues it mentions. */
export type MessageAnswer = Answer | { kind: 'mentioned'; queues: Queue[] };

/** Finds the queues that a message speaks of, among those this channel may see, and looks at the only one. */
export async function checkMessage(
  { texts, channelId }: { texts: readonly string[]; channelId: string },
  deps: CheckQueueDeps,
): Promise<MessageAnswer> {
  const visible = deps.queues.filter((queue) => mayBeSeenIn(queue, channelId));
  const mentioned = queuesMentioned(texts, visible);
  const [first, second] = mentioned;
  if (first && !second) return checkQueue({ typed: first.arn, channelId, asked: 1 }, deps);
  if (first) return { kind: 'mentioned', queues: mentioned };
  const [elsewhere] = queuesMentioned(texts, deps.queues);
  if (elsewhere) return { kind: 'refused', refusal: { reason: 'queue-elsewhere', queue: elsewhere } };
  return { kind: 'mentioned', queues: [] };
}
