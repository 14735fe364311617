import * as z from 'zod';
import { moveTaskStatuses } from './move-task-status.ts';

/** A status stored by a newer version is read as `UNKNOWN`. */
const MoveTaskStatus = z.enum(moveTaskStatuses).catch('UNKNOWN');

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

/** A count at a time; two of them give a rate. */
export const CountAt = z.object({ at: z.number(), moved: z.number() });
export type CountAt = z.infer<typeof CountAt>;

/** How many messages a queue has; all three counts are approximate. */
export const Depth = z.object({ waiting: z.number(), inFlight: z.number(), delayed: z.number() });
export type Depth = z.infer<typeof Depth>;

/** The one queue to which a task's messages go. */
export const SourceDepth = z.object({ name: z.string(), depth: Depth });
export type SourceDepth = z.infer<typeof SourceDepth>;
