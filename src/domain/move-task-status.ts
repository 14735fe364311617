/** The statuses that SQS documents. SQS types them as a plain string, so `UNKNOWN` is for any other. */
export const moveTaskStatuses = [
  'RUNNING',
  'COMPLETED',
  'CANCELLING',
  'CANCELLED',
  'FAILED',
  'UNKNOWN',
] as const;
export type MoveTaskStatus = (typeof moveTaskStatuses)[number];

/** An unknown status counts as not finished: polling again is better than missing the end. */
export function isFinished({ status }: { status: MoveTaskStatus }): boolean {
  return status === 'COMPLETED' || status === 'CANCELLED' || status === 'FAILED';
}
