import * as z from 'zod';

/** The statuses SQS documents; it types them as a plain string, so `UNKNOWN` stands for any other. */
export const moveTaskStatuses = [
  'RUNNING',
  'COMPLETED',
  'CANCELLING',
  'CANCELLED',
  'FAILED',
  'UNKNOWN',
] as const;
/** A status that a newer version stored is unknown to this one. */
const MoveTaskStatus = z.enum(moveTaskStatuses).catch('UNKNOWN');
export type MoveTaskStatus = z.infer<typeof MoveTaskStatus>;

/**
 * One redrive, as ListMessageMoveTasks lists it. Every field but the status may be missing at any time.
 * The task handle is left out on purpose: it names the account and only cancelling needs it.
 */
export const MoveTask = z.object({
  status: MoveTaskStatus,
  /** SQS's own word for the status, untrusted; differs from `status` when that is `UNKNOWN`. */
  statusText: z.string(),
  /** Absent: back to the original source queue(s). */
  destinationArn: z.string().exactOptional(),
  /** Messages a second that the start asked for, 1 to 500. Absent: system optimised. */
  customRate: z.number().exactOptional(),
  /** Messages moved so far. It lags, and goes on changing for some seconds after the end. */
  moved: z.number().exactOptional(),
  /** Messages to move, counted at the start. It may be 0 on a task that moved 50, or smaller than `moved`. */
  toMove: z.number().exactOptional(),
  /** Only when FAILED: a code or a sentence, untrusted. */
  failureReason: z.string().exactOptional(),
  /** Epoch milliseconds. With the queue's ARN it is the task's identity. SQS tells no end time. */
  startedAt: z.number().exactOptional(),
});
export type MoveTask = z.infer<typeof MoveTask>;

/** An unknown status counts as not finished: it is better to look again than to miss the end. */
export function isFinished(task: MoveTask): boolean {
  return task.status === 'COMPLETED' || task.status === 'CANCELLED' || task.status === 'FAILED';
}
