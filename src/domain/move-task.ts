/** The statuses SQS documents; it types them as a plain string, so `UNKNOWN` stands for any other. */
export const moveTaskStatuses = [
  'RUNNING',
  'COMPLETED',
  'CANCELLING',
  'CANCELLED',
  'FAILED',
  'UNKNOWN',
] as const;
export type MoveTaskStatus = (typeof moveTaskStatuses)[number];

/**
 * One redrive, as ListMessageMoveTasks lists it. Every field but the status may be missing at any time.
 * The task handle is left out on purpose: it names the account and only cancelling needs it.
 */
export type MoveTask = {
  status: MoveTaskStatus;
  /** SQS's own word for the status, untrusted; differs from `status` when that is `UNKNOWN`. */
  statusText: string;
  /** Absent: back to the original source queue(s). */
  destinationArn?: string;
  /** Messages a second that the start asked for, 1 to 500. Absent: system optimised. */
  customRate?: number;
  /** Messages moved so far. It lags, and goes on changing for some seconds after the end. */
  moved?: number;
  /** Messages to move, counted at the start. It may be 0 on a task that moved 50, or smaller than `moved`. */
  toMove?: number;
  /** Only when FAILED: a code or a sentence, untrusted. */
  failureReason?: string;
  /** Epoch milliseconds. With the queue's ARN it is the task's identity. SQS tells no end time. */
  startedAt?: number;
};

/** An unknown status counts as not finished: it is better to look again than to miss the end. */
export function isFinished(task: MoveTask): boolean {
  return task.status === 'COMPLETED' || task.status === 'CANCELLED' || task.status === 'FAILED';
}
