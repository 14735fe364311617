import * as z from 'zod';

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
