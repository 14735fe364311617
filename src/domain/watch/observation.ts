import type { AwsError, Outcome } from '../aws-error.ts';
import { allMessagesKnown } from '../depth.ts';
import type { Depth, MoveTask, SourceDepth } from '../move-task.ts';
import { isFinished } from '../move-task-status.ts';
import { tasksListedAtMost } from '../sqs-limits.ts';
import type { NewerTask, Watch } from './watch.ts';

export type QueuePoll = {
  /** When it was sent, epoch milliseconds. */
  at: number;
  calls: number;
  found: { ok: true; tasks: readonly MoveTask[] } | { ok: false; awsError: AwsError };
  /** Absent: not requested. */
  depth?: Outcome<Depth>;
  /** How many messages wait in the queue that a running task's messages go to; absent: not known. */
  source?: SourceDepth & { startedAt: number };
};

type Seeing = { at: number; calls: number };
/** `depth`: all messages in the queue, approximate. Absent: not requested, or not known. */
type Listing = Seeing & { position: number; newer?: NewerTask; depth?: number; source?: SourceDepth };

export type Observation =
  | (Listing & { kind: 'seen'; task: MoveTask })
  | (Listing & { kind: 'absent' })
  | (Seeing & { kind: 'error'; awsError: AwsError });

export function observationOf(
  { at, calls, found, depth, source }: QueuePoll,
  startedAt: number,
): Observation {
  if (!found.ok) return { kind: 'error', at, calls, awsError: found.awsError };
  const newer = newestAfter(found.tasks, startedAt);
  const position = positionOf(found.tasks, startedAt);
  const task = found.tasks[position];
  const listing = {
    at,
    calls,
    // Not found behind newer ones: request the maximum next time. Not found at all: the newest is enough.
    position: task ? position : newer ? tasksListedAtMost - 1 : 0,
    ...(newer && { newer }),
    ...allMessagesKnown(depth),
    ...(source?.startedAt === startedAt && { source: { name: source.name, depth: source.depth } }),
  };
  return task ? { kind: 'seen', ...listing, task } : { kind: 'absent', ...listing };
}

/** Whether a longer list might hold the task: the list was full and shows newer ones only. */
export function mayBeFurtherBack(tasks: readonly MoveTask[], startedAt: number, asked: number): boolean {
  return (
    asked < tasksListedAtMost &&
    tasks.length >= asked &&
    positionOf(tasks, startedAt) < 0 &&
    newestAfter(tasks, startedAt) !== undefined
  );
}

/** The depth is shown on the card and matters once the task has ended; without the task nothing is shown. */
export function depthMatters(
  { phase, startedAt }: Pick<Watch, 'phase' | 'startedAt'>,
  tasks: readonly MoveTask[],
): boolean {
  return phase !== 'running' || positionOf(tasks, startedAt) >= 0;
}

function positionOf(tasks: readonly MoveTask[], startedAt: number): number {
  return tasks.findIndex((task) => task.startedAt === startedAt);
}

function newestAfter(tasks: readonly MoveTask[], startedAt: number): NewerTask | undefined {
  const later = tasks.filter((task) => (task.startedAt ?? 0) > startedAt);
  const unfinished = later.find((task) => !isFinished(task));
  const newest = unfinished ?? later[0];
  return newest && { startedAt: newest.startedAt ?? 0, finished: unfinished === undefined };
}
