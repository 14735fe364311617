import type { CountAt, MoveTask } from './move-task.ts';
import { isFinished } from './move-task-status.ts';

/** How far a task is, in numbers that can be shown as they are: finite, never negative, never over 100%. */
export type Progress = {
  /** 0 to 1. Absent if it can't be stated honestly. */
  share?: number;
  moved?: number;
  toMove?: number;
  /** Why the share is absent or the numbers look odd. */
  oddity?: 'no-counts-yet' | 'total-unknown' | 'moved-more-than-counted' | 'nothing-to-move';
  /** Messages per second. */
  rate?: number;
  secondsLeft?: number;
};

/** A mean over a shorter time says little, because counters lag by some seconds. */
const shortestSpanMs = 3_000;

/** SQS stops a task after 36 hours; more than a year is not a useful forecast. */
const longestSaidSeconds = 366 * 24 * 3_600;

export function progressOf(task: MoveTask, now: number, earlier: readonly CountAt[] = []): Progress {
  const { moved, toMove } = task;
  const isRunning = task.status === 'RUNNING';
  const rate = isRunning ? rateOf(task, now, earlier) : undefined;
  const left = (toMove ?? 0) - (moved ?? 0);
  const secondsLeft = rate && left > 0 ? left / rate : undefined;
  return {
    ...shareOf(task),
    ...(moved !== undefined && { moved }),
    ...(toMove !== undefined && { toMove }),
    ...(rate && { rate }),
    ...(secondsLeft !== undefined && secondsLeft <= longestSaidSeconds && { secondsLeft }),
  };
}

function shareOf(task: MoveTask): Pick<Progress, 'share' | 'oddity'> {
  const { moved, toMove } = task;
  if (moved === undefined && toMove === undefined) return { oddity: 'no-counts-yet' };
  if (toMove === undefined) return { oddity: 'total-unknown' };
  if (toMove === 0) return moved ? { oddity: 'total-unknown' } : { oddity: 'nothing-to-move' };
  if (moved === undefined) return { oddity: 'no-counts-yet' };
  if (moved > toMove) {
    return { ...(isFinished(task) && { share: 1 }), oddity: 'moved-more-than-counted' };
  }
  return { share: moved / toMove };
}

/** From the oldest earlier count if there is one, or else the mean since the start. Undefined or 0: nothing to show. */
function rateOf(task: MoveTask, now: number, earlier: readonly CountAt[]): number | undefined {
  if (task.moved === undefined) return undefined;
  const moved = task.moved;
  const since = earlier.find((count) => now - count.at >= shortestSpanMs && count.moved <= moved);
  const origin = since ?? (task.startedAt === undefined ? undefined : { at: task.startedAt, moved: 0 });
  if (!origin || now - origin.at < shortestSpanMs) return undefined;
  return ((moved - origin.moved) * 1000) / (now - origin.at);
}
