import * as z from 'zod';
import type { Outcome } from './aws-error.ts';

/** The statuses that SQS documents. SQS types them as a plain string, so `UNKNOWN` is for any other. */
export const moveTaskStatuses = [
  'RUNNING',
  'COMPLETED',
  'CANCELLING',
  'CANCELLED',
  'FAILED',
  'UNKNOWN',
] as const;
/** The messages per second that SQS accepts. */
export const customRates = { lowest: 1, highest: 500 };

/** A status stored by a newer version is read as `UNKNOWN`. */
const MoveTaskStatus = z.enum(moveTaskStatuses).catch('UNKNOWN');
export type MoveTaskStatus = z.infer<typeof MoveTaskStatus>;

/**
 * One redrive, as ListMessageMoveTasks lists it. Every field except the status may be missing at any time.
 * The task handle is left out on purpose: it reveals the account, and only canceling needs it.
 */
export const MoveTask = z.object({
  status: MoveTaskStatus,
  /** The status as SQS sent it, untrusted; differs from `status` if that is `UNKNOWN`. */
  statusText: z.string(),
  /** Absent: back to the original source queue(s). */
  destinationArn: z.string().exactOptional(),
  /** Messages per second requested at the start. Absent: system optimized. */
  customRate: z.number().exactOptional(),
  /** Messages moved so far. It lags, and keeps changing for some seconds after the end. */
  moved: z.number().exactOptional(),
  /** Messages to move, counted at the start. It may be 0 for a task that moved 50, or less than `moved`. */
  toMove: z.number().exactOptional(),
  /** Only when FAILED: a code or a sentence, untrusted. */
  failureReason: z.string().exactOptional(),
  /** Epoch milliseconds. Together with the queue's ARN this identifies the task. SQS reports no end time. */
  startedAt: z.number().exactOptional(),
});
export type MoveTask = z.infer<typeof MoveTask>;

/** An unknown status counts as not finished: polling again is better than missing the end. */
export function isFinished(task: MoveTask): boolean {
  return task.status === 'COMPLETED' || task.status === 'CANCELLED' || task.status === 'FAILED';
}

/** A count at a time; two of them give a rate. */
export const CountAt = z.object({ at: z.number(), moved: z.number() });
export type CountAt = z.infer<typeof CountAt>;

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

/** How many messages a queue has; all three counts are approximate. */
export const Depth = z.object({ waiting: z.number(), inFlight: z.number(), delayed: z.number() });
export type Depth = z.infer<typeof Depth>;

/** The one queue to which a task's messages go. */
export const SourceDepth = z.object({ name: z.string(), depth: Depth });
export type SourceDepth = z.infer<typeof SourceDepth>;

/** A message that a consumer has received is in flight: it is still in the queue. */
export function allMessages({ waiting, inFlight, delayed }: Depth): number {
  return waiting + inFlight + delayed;
}

/** Empty if they could not be counted. */
export function allMessagesKnown(depth: Outcome<Depth> | undefined): { depth?: number } {
  return depth?.ok ? { depth: allMessages(depth.value) } : {};
}
