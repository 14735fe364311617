import pLimit, { type LimitFunction } from 'p-limit';
import type { AwsError, Outcome } from '../domain/aws-error.ts';
import { allMessages } from '../domain/depth.ts';
import { awsErrorInBrief } from '../domain/explain-aws-error.ts';
import { isFinished } from '../domain/move-task-status.ts';
import { mayBeSeenIn, type Queue } from '../domain/queue.ts';
import type { Role } from '../domain/settings.ts';
import { appHomeId } from './access.ts';
import type { Answer, Overview, OverviewRow } from './check-queue.ts';
import type { MoveTasks } from './move-tasks.ts';
import type { Watches, WatchView } from './watching/watches.ts';
import { aborted } from './within.ts';

/** Queues of one account for which the same thing is unknown for the same reason. */
export type Trouble = { unknown: 'tasks' | 'depth'; awsError: AwsError; queues: Queue[] };

export type OverviewParts = {
  running: OverviewRow[];
  /** Their last task began within a day and failed, newest first. SQS does not say when it ended. */
  failed: OverviewRow[];
  /** Most queues first. */
  troubles: Trouble[];
  /** They have messages; the fullest first. */
  waiting: OverviewRow[];
  /** Empty, with nothing running. */
  quiet: Queue[];
};

const dayMs = 24 * 60 * 60 * 1000;

export function partsOf({ rows, seenAt }: Overview): OverviewParts {
  const byName = rows.toSorted((a, b) => compareNames(a.queue, b.queue));
  const of = (part: Part) => byName.filter((row) => partOf(row, seenAt) === part);
  return {
    running: of('running'),
    failed: of('failed').sort((a, b) => (b.task?.startedAt ?? seenAt) - (a.task?.startedAt ?? seenAt)),
    troubles: folded(of('troubled')),
    waiting: of('waiting').sort((a, b) => messagesIn(b) - messagesIn(a)),
    quiet: of('quiet').map(({ queue }) => queue),
  };
}

type Part = 'running' | 'failed' | 'troubled' | 'waiting' | 'quiet';

function partOf(row: OverviewRow, now: number): Part {
  const { task, depth, awsError } = row;
  if (task && !isFinished(task)) return 'running';
  if (task?.status === 'FAILED' && now - (task.startedAt ?? now) < dayMs) return 'failed';
  if (awsError || !depth) return 'troubled';
  return messagesIn(row) > 0 ? 'waiting' : 'quiet';
}

/** Those in flight are in the DLQ too. */
export function messagesIn({ depth }: OverviewRow): number {
  return depth ? allMessages(depth) : 0;
}

function folded(rows: OverviewRow[]): Trouble[] {
  const troubles = new Map<string, Trouble>();
  for (const { queue, awsError, depthError } of rows) {
    const cause = awsError ?? depthError;
    if (!cause) continue;
    const unknown = awsError ? 'tasks' : 'depth';
    const key = JSON.stringify([queue.account, unknown, awsErrorInBrief(cause)]);
    const trouble = troubles.get(key) ?? { unknown, awsError: cause, queues: [] };
    trouble.queues.push(queue);
    troubles.set(key, trouble);
  }
  return [...troubles.values()].sort((a, b) => b.queues.length - a.queues.length);
}

function compareNames(a: Queue, b: Queue): number {
  return a.alias.localeCompare(b.alias, 'en', { numeric: true }) || a.arn.localeCompare(b.arn);
}

export type OverviewDeps = { queues: readonly Queue[]; pollAll: PollAll };

/** A page of all queues that this channel may see. Each page is polled again. */
export async function overviewOf(
  { channelId, page = 0 }: { channelId: string; page?: number },
  { queues, pollAll }: OverviewDeps,
): Promise<Answer> {
  const visible = queues.filter((queue) => mayBeSeenIn(queue, channelId));
  return { kind: 'overview', overview: await pollAll(visible), page };
}

export type AppHomeDeps = { queues: readonly Queue[]; pollAll: PollAll; watches?: Watches };

export type WatchedQueue = { watch: WatchView; queue: Queue };

export type AppHome = {
  overview: Overview;
  page: number;
  /** Some queues are for certain channels only and left out here, because it is not known who is in those channels. */
  leavesOut: boolean;
  /** The person's own watches; absent where the bot can't watch. */
  watches?: WatchedQueue[];
};

export async function appHomeOf(
  { userId, page }: { userId: string; page: number },
  { queues, pollAll, watches }: AppHomeDeps,
): Promise<AppHome> {
  const visible = queues.filter((queue) => mayBeSeenIn(queue, appHomeId));
  const [overview, mine] = await Promise.all([pollAll(visible), watches?.list({ user: userId })]);
  const watched = mine && { watches: withQueues(mine, queues) };
  return { overview, page, leavesOut: visible.length < queues.length, ...watched };
}

export function withQueues(watches: readonly WatchView[], queues: readonly Queue[]): WatchedQueue[] {
  return watches.flatMap((watch) => {
    const queue = queues.find(({ arn }) => arn === watch.queueArn);
    return queue ? [{ watch, queue }] : [];
  });
}

export type PollAllDeps = {
  moveTasks: MoveTasks;
  clock: () => number;
  /** Aborts when no one is waiting any longer. */
  patience?: () => AbortSignal;
};

/** One row per queue. A queue that is slow or denied affects only its own row. */
export type PollAll = (queues: readonly Queue[]) => Promise<Overview>;

/** Calls at once, shared by all overviews of the process. */
const callsAtOnce = 120;
/** So that a slow account does not use them all. */
const callsAtOnceToOneRole = 8;
/** Leaves one of five seconds for Slack. */
const fourSeconds = () => AbortSignal.timeout(4_000);

export function createPollAll({ moveTasks, clock, patience = fourSeconds }: PollAllDeps): PollAll {
  const inTurn = createTurns();

  return async (queues) => {
    const seenAt = clock();
    const signal = patience();
    const late = aborted(signal);

    const asked = <T>(queue: Queue, action: string, call: () => Promise<Outcome<T>>): Promise<Outcome<T>> => {
      const { role, region } = queue;
      const error = { kind: 'unreachable', service: 'SQS', code: 'NoAnswerYet', detail: '' } as const;
      const noAnswer = { ok: false, awsError: { ...error, action, roleArn: role.arn, region } } as const;
      const called = inTurn(queue.role, async () => (signal.aborted ? noAnswer : call()));
      return Promise.race([called, late.then(() => noAnswer)]);
    };
    const rowOf = async (queue: Queue): Promise<OverviewRow> => {
      const [tasks, depth] = await Promise.all([
        asked(queue, 'sqs:ListMessageMoveTasks', () => moveTasks.list(queue, 1, signal)),
        asked(queue, 'sqs:GetQueueAttributes', () => moveTasks.depth(queue, signal)),
      ]);
      const [task] = tasks.ok ? tasks.value : [];
      return {
        queue,
        task,
        ...(!tasks.ok && { awsError: tasks.awsError }),
        ...(depth.ok ? { depth: depth.value } : { depthError: depth.awsError }),
      };
    };
    return { rows: await Promise.all(queues.map(rowOf)), seenAt };
  };
}

function createTurns() {
  const overall = pLimit(callsAtOnce);
  const ofRole = new Map<string, LimitFunction>();
  return <T>(role: Role, work: () => Promise<T>): Promise<T> => {
    const limit = ofRole.get(role.arn) ?? pLimit(callsAtOnceToOneRole);
    ofRole.set(role.arn, limit);
    return limit(() => overall(work));
  };
}
