import type { AwsError, Outcome } from '../domain/aws-error.ts';
import type { CountAt, Depth, MoveTask, SourceDepth } from '../domain/move-task.ts';
import type { Queue } from '../domain/queue.ts';
import type { CardState } from '../domain/watch/notification.ts';
import type { StartedHere } from './actions/started-here.ts';

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
