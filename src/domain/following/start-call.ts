import * as z from 'zod';
import type { MoveTask } from '../move-task.ts';

/** A StartMessageMoveTask call that SQS accepted, as CloudTrail recorded it. `at`: epoch milliseconds, truncated to seconds. */
export type StartCall = { queueArn: string; at: number; by?: string };

/** What identifies a task, and its predecessor if that is known. */
export const TaskStart = z.object({
  queueArn: z.string(),
  startedAt: z.number(),
  previousStartedAt: z.number().exactOptional(),
});
export type TaskStart = z.infer<typeof TaskStart>;

const second = 1000;
/** A task begins when it is requested, but the two times come from two clocks, and one is truncated to seconds. */
const earlierAtMost = 60 * second;
const laterAtMost = 3 * second;

/**
 * The call that started the task: the last one before it, unless it may have started the predecessor. No name is
 * better than a wrong one.
 */
export function startCallOf(calls: readonly StartCall[], task: TaskStart): StartCall | undefined {
  return calls.filter((call) => mayHaveBegun(call, task)).toSorted((one, other) => other.at - one.at)[0];
}

function mayHaveBegun(
  { queueArn, at }: Pick<StartCall, 'queueArn' | 'at'>,
  { previousStartedAt, ...task }: TaskStart,
): boolean {
  const { from, to } = startSpan(task.startedAt);
  const isPredecessors = previousStartedAt !== undefined && at <= startSpan(previousStartedAt).to;
  return queueArn === task.queueArn && at >= from && at <= to && !isPredecessors;
}

/** When the task of this call began, if it is among these tasks of its queue. */
export function startBy(call: StartCall, tasks: readonly MoveTask[]): number | undefined {
  const { queueArn } = call;
  return tasks
    .flatMap(({ startedAt }) => startedAt ?? [])
    .find((startedAt) => mayHaveBegun(call, { ...taskStartIn(tasks, startedAt), queueArn }));
}

/** A start with the one before it, so that their calls are not mixed up. */
export function taskStartIn(tasks: readonly MoveTask[], startedAt: number): Omit<TaskStart, 'queueArn'> {
  const earlier = tasks.flatMap((task) => task.startedAt ?? []).filter((start) => start < startedAt);
  return { startedAt, ...(earlier.length > 0 && { previousStartedAt: Math.max(...earlier) }) };
}

/** Whether the newest known task, begun at `knownUpTo`, is the one of this call, or a later one. */
export function isKnown({ at }: StartCall, knownUpTo: number | undefined): boolean {
  return knownUpTo !== undefined && knownUpTo >= at - laterAtMost;
}

/** Tasks that began then or earlier can't belong to this call. */
export function justBefore({ at }: StartCall): number {
  return at - laterAtMost - 1;
}

/** When a task that began then may have been requested. */
export function startSpan(startedAt: number): { from: number; to: number } {
  return { from: startedAt - earlierAtMost, to: startedAt + laterAtMost };
}
