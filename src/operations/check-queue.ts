import type { CountAt } from '../domain/move-task.ts';
import { nearestQueues } from '../domain/nearest-queues.ts';
import { mayBeSeenIn, type Queue } from '../domain/queue.ts';
import { parseQueueReference, type QueueReference, queuesNamed } from '../domain/queue-reference.ts';
import { queuesMentioned } from '../domain/queues-mentioned.ts';
import { type StartsOf, startsOfTasks } from './actions/started-here.ts';
import type { CheckAnswer, NotFound } from './answer.ts';
import type { PollForPerson } from './poll-for-person.ts';

export type CheckQueueDeps = { queues: readonly Queue[]; pollForPerson: PollForPerson; startsOf?: StartsOf };

export type QueueQuestion = {
  typed: string;
  channelId: string;
  /** How many tasks, 1 to 10. */
  asked: number;
  /** Earlier counts, and the task they belong to; they are used only if that is still the newest task. */
  earlier?: readonly (CountAt & { startedAt: number })[];
};

/** Finds the queue that is meant and polls it. Only asks AWS about queues that this channel may see. */
export async function checkQueue(question: QueueQuestion, deps: CheckQueueDeps): Promise<CheckAnswer> {
  const found = findQueue(question, deps.queues);
  return 'answer' in found ? found.answer : report(found.queue, question, deps);
}

export function findQueue(
  { typed, channelId, asked }: QueueQuestion,
  queues: readonly Queue[],
): { queue: Queue } | { answer: NotFound } {
  const reference = parseQueueReference(typed);
  const named = reference ? queuesNamed(reference, queues) : [];
  const visible = named.filter((queue) => mayBeSeenIn(queue, channelId));
  const [first, second] = visible;
  if (first && !second) return { queue: first };
  if (first) return { answer: { kind: 'choice', typed, queues: visible, asked } };
  const offered = queues.filter((queue) => mayBeSeenIn(queue, channelId));
  const nearest = nearestQueues(nameIn(reference) ?? typed, offered, 3);
  const [hidden] = named;
  return {
    answer: { kind: 'unknown-queue', typed, nearest, asked, inSight: offered, ...(hidden && { hidden }) },
  };
}

/** The queue's name in an ARN or a URL. */
function nameIn(reference: QueueReference | undefined): string | undefined {
  if (reference?.kind === 'arn') return reference.arn.name;
  return reference?.kind === 'url' ? reference.name : undefined;
}

async function report(
  queue: Queue,
  { asked, earlier = [] }: QueueQuestion,
  { pollForPerson, startsOf }: CheckQueueDeps,
): Promise<CheckAnswer> {
  const { seenAt, tasks, depth, source } = await pollForPerson(queue, asked);
  if (!tasks.ok) return { kind: 'awsError', queue, awsError: tasks.awsError };
  const [newest] = tasks.value;
  const ofNewest = earlier.filter(({ startedAt }) => startedAt === newest?.startedAt);
  const starts = await startsOfTasks(queue.arn, tasks.value, startsOf);
  const report = { queue, seenAt, tasks: tasks.value, depth, source, asked, earlier: ofNewest, starts };
  return { kind: 'report', report };
}

/** The answer to a message: about its one queue, or which queues it may mean. */
export type MessageAnswer = CheckAnswer | { kind: 'mentioned'; queues: Queue[] };

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
