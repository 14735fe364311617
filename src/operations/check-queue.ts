import type { AwsError, Outcome } from '../domain/aws-error.ts';
import type { CountAt, Depth, MoveTask, SourceDepth } from '../domain/move-task.ts';
import { mayBeSeenIn, type Queue } from '../domain/queue.ts';
import { nearestQueues, parseQueueReference, queuesNamed } from '../domain/queue-reference.ts';
import { queuesMentioned } from '../domain/queues-mentioned.ts';
import type { CardState } from '../domain/watch/notification.ts';
import type { StartedHere, StartsOf } from './actions/started-here.ts';
import type { PollForPerson } from './move-tasks.ts';

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
  if ('answer' in found) return found.answer;
  const { queue } = found;
  const { asked, earlier = [] } = question;
  const { seenAt, tasks, depth, source } = await deps.pollForPerson(queue, asked);
  if (!tasks.ok) return { kind: 'awsError', queue, awsError: tasks.awsError };
  const startedAts = tasks.value.flatMap(({ startedAt }) => startedAt ?? []);
  const starts = startedAts.length === 0 ? undefined : await deps.startsOf?.(queue.arn, startedAts);
  const ofNewest = earlier.filter(({ startedAt }) => startedAt === tasks.value[0]?.startedAt);
  const report = { queue, seenAt, tasks: tasks.value, depth, source, asked, earlier: ofNewest, starts };
  return { kind: 'report', report };
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
  const nearest = nearestQueues(reference?.name ?? typed, offered, 3);
  const [hidden] = named;
  return {
    answer: { kind: 'unknown-queue', typed, nearest, asked, inSight: offered, ...(hidden && { hidden }) },
  };
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

export type QueueReport = {
  queue: Queue;
  /** When the poll began, epoch milliseconds: the time of the observation. */
  seenAt: number;
  /** Newest first. */
  tasks: MoveTask[];
  depth: Outcome<Depth>;
  source?: SourceDepth | undefined;
  /** How many tasks were requested: 1 is a card, more is a table. */
  asked: number;
  /** Counts of the newest task from earlier observations, oldest first. */
  earlier: readonly CountAt[];
  /** The starts of those tasks that were started in Slack, by StartedTimestamp. */
  starts?: ReadonlyMap<number, StartedHere> | undefined;
};

type CardWatch = Pick<
  CardState,
  'watchers' | 'followed' | 'startedBy' | 'newer' | 'cannotPoll' | 'notListed' | 'forbidden'
>;

export type CardContent = {
  queue: Queue;
  /** When the poll began, epoch milliseconds: the time of the observation. */
  seenAt: number;
  task?: MoveTask | undefined;
  depth?: Outcome<Depth> | undefined;
  /** How many messages are where those of the task go, where that may be asked. */
  source?: SourceDepth | undefined;
  earlier: readonly CountAt[];
  asked: number;
  watch?: CardWatch;
  /** The start that began the task, if it was started in Slack: who and why. */
  startedHere?: StartedHere | undefined;
};

export function newestOf({ tasks, starts, ...report }: QueueReport): CardContent {
  const [task] = tasks;
  const startedHere = task?.startedAt === undefined ? undefined : starts?.get(task.startedAt);
  return { ...report, task, startedHere };
}

/** The card as its watch stores it, with one number for all messages in the DLQ. */
export function watchedCard(
  { depth: waiting, ...watch }: Omit<CardState, 'queueArn' | 'final'>,
  queue: Queue,
): CardContent {
  const { task, seenAt, earlier, source } = watch;
  const depth: CardContent['depth'] =
    waiting === undefined ? undefined : { ok: true, value: { waiting, inFlight: 0, delayed: 0 } };
  return { queue, task, seenAt, earlier, asked: 1, watch, depth, source };
}

export type OverviewRow = {
  queue: Queue;
  task?: MoveTask | undefined;
  depth?: Depth;
  awsError?: AwsError;
  depthError?: AwsError;
};
export type Overview = { rows: OverviewRow[]; seenAt: number };

/** `hidden`: the person typed a queue that this channel may not see. Only the log may say so. */
export type UnknownQueue = {
  kind: 'unknown-queue';
  typed: string;
  nearest: Queue[];
  asked: number;
  inSight: readonly Queue[];
  hidden?: Queue;
};

/** What was typed means no queue, or more than one. */
export type NotFound = { kind: 'choice'; typed: string; queues: Queue[]; asked: number } | UnknownQueue;

export type NoReport = NotFound | { kind: 'awsError'; queue: Queue; awsError: AwsError };
export type CheckAnswer = { kind: 'report'; report: QueueReport } | NoReport;

/** An operation's answer. Reports and overviews are for the channel, everything else for the person who asked. */
export type Answer =
  | CheckAnswer
  | { kind: 'overview'; overview: Overview; page: number }
  | { kind: 'watched'; card: CardContent };
