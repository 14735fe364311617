import type { AwsError } from '../domain/aws-error.ts';
import { awsErrorInBrief } from '../domain/explain-aws-error.ts';
import { allMessages, isFinished } from '../domain/move-task.ts';
import { mayBeSeenIn, type Queue } from '../domain/queue.ts';
import type { Answer, Overview, OverviewRow } from './answer.ts';
import type { PollAll } from './poll-all.ts';

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
