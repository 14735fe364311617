import type { MoveTask } from '../move-task.ts';
import type { Action } from './action.ts';

/** SQS starts a task during the call. A later one is someone else's; clocks differ a little. */
const ownStartWithinMs = 5 * 60_000;
/** A task that started this long before the call is not its result, however much the clocks differ. */
const longBeforeMs = 60 * 60_000;

/** The task that an action started, as far as can be known. */
export function ownStartIn(tasks: readonly MoveTask[], action: Action): MoveTask | undefined {
  return tasks.find((task) => isOwnStart(task, action));
}

/** Newer than what was known before the call, with our parameters. After "not started" the time must match, too. */
function isOwnStart(task: MoveTask, action: Action): boolean {
  const { startedAt } = task;
  if (startedAt === undefined || startedAt <= (action.newestKnown ?? 0)) return false;
  const { calledAt = 0 } = action;
  // If no task was known before the call, an empty list may have hidden older ones.
  if (!action.newestKnown && startedAt < calledAt - longBeforeMs) return false;
  const isOfThatMoment = startedAt <= calledAt + ownStartWithinMs;
  if (action.state === 'not-started' && !isOfThatMoment) return false;
  return task.customRate === action.rate && task.destinationArn === action.destinationArn;
}
