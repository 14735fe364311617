import * as z from 'zod';
import type { MoveTask } from '../move-task.ts';
import { TaskStart, taskStartIn } from './start-call.ts';

/** A pending question who started a task. Plain data; every time is epoch milliseconds. */
export const StarterQuestion = TaskStart.omit({ queueArn: true }).extend({ askAt: z.number() });
export type StarterQuestion = z.infer<typeof StarterQuestion>;

const minute = 60_000;
/** CloudTrail usually lists a call after about five minutes, and rarely after more than fifteen. */
const askedAfter = [0.5, 2, 5, 9, 15].map((minutes) => minutes * minute);

/** For a task that is older than that, ask only once. */
export function questionAbout(startedAt: number, tasks: readonly MoveTask[], now: number): StarterQuestion {
  return { ...taskStartIn(tasks, startedAt), askAt: nextAskAt(startedAt, now) ?? now };
}

/** Undefined if it is not worth asking again. */
export function askAgainLater(question: StarterQuestion, now: number): StarterQuestion | undefined {
  const askAt = nextAskAt(question.startedAt, now);
  return askAt === undefined ? undefined : { ...question, askAt };
}

function nextAskAt(startedAt: number, now: number): number | undefined {
  return askedAfter.map((after) => startedAt + after).find((at) => at > now);
}
