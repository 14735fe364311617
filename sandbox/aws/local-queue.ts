import { arnOf, placeOf } from './queue-place.ts';
import type { SqsCall } from './sqs-caller.ts';

/** A dead-letter queue with the queues it serves. */
export type LocalQueue = {
  arn: string;
  /** Names of its source queues. Absent: its own name without `-dlq`, or else with `-source` at the end. */
  sources?: string[];
};

/** ARNs of its source queues. */
export function sourcesOf({ arn, sources }: LocalQueue): string[] {
  const place = placeOf(arn);
  return (sources ?? [usualSource(place.name)]).map((name) => arnOf({ ...place, name }));
}

function usualSource(name: string): string {
  const suffix = name.endsWith('.fifo') ? '.fifo' : '';
  const stem = name.slice(0, name.length - suffix.length);
  return `${stem.endsWith('-dlq') ? stem.slice(0, -4) : `${stem.slice(0, 68)}-source`}${suffix}`;
}

/** After one failed receive, a message moves from a source to the dead-letter queue. */
export async function createLocalQueue(call: SqsCall, queue: LocalQueue): Promise<void> {
  const Attributes = queue.arn.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
  await call(queue.arn, 'CreateQueue', { Attributes });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queue.arn, maxReceiveCount: 1 });
  for (const source of sourcesOf(queue)) {
    await call(source, 'CreateQueue', { Attributes: { ...Attributes, RedrivePolicy } });
  }
}
