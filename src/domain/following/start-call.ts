import * as z from 'zod';
import type { MoveTask } from '../move-task.ts';

/** A StartMessageMoveTask that SQS took, as CloudTrail records it. `at`: epoch milliseconds, cut to the second. */
export type StartCall = { queueArn: string; at: number; by?: string };

/** What tells one task from all others, and from its predecessor when that is known. */
export const TaskStart = z.object({
  queueArn: z.string(),
  startedAt: z.number(),
  previousStartedAt: z.number().exactOptional(),
});
export type TaskStart = z.infer<typeof TaskStart>;

const second = 1000;
/** A task begins when it is asked for. Two clocks tell the times, and one of them is cut to the second. */
const earlierAtMost = 60 * second;
const laterAtMost = 3 * second;

/** The call that began the task: the last one before it, and none that may have begun its predecessor: better no name than a wrong one. */
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

/** When the task began that is of this call, if it is among these of its queue. */
export function startBy(call: StartCall, tasks: readonly MoveTask[]): number | undefined {
  const { queueArn } = call;
  return tasks
    .flatMap(({ startedAt }) => startedAt ?? [])
    .find((startedAt) => mayHaveBegun(call, { ...taskStartIn(tasks, startedAt), queueArn }));
}

/** A start with the one before it, whose call is not to be taken for its own. */
export function taskStartIn(tasks: readonly MoveTask[], startedAt: number): Omit<TaskStart, 'queueArn'> {
  const earlier = tasks.flatMap((task) => task.startedAt ?? []).filter((start) => start < startedAt);
  return { startedAt, ...(earlier.length > 0 && { previousStartedAt: Math.max(...earlier) }) };
}

/** Whether a task that is known to have begun at `knownUpTo` or before is the one of this call, or a later one. */
export function isKnown({ at }: StartCall, knownUpTo: number | undefined): boolean {
  return knownUpTo !== undefined && knownUpTo >= at - laterAtMost;
}

/** No task that began then or earlier is of this call. */
export function justBefore({ at }: StartCall): number {
  return at - laterAtMost - 1;
}

/** When a task that began then may have been asked for. */
export function startSpan(startedAt: number): { from: number; to: number } {
  return { from: startedAt - earlierAtMost, to: startedAt + laterAtMost };
}
