import type { Outcome } from './aws-error.ts';
import type { Depth } from './move-task.ts';

/** A message that a consumer has received is in flight: it is still in the queue. */
export function allMessages({ waiting, inFlight, delayed }: Depth): number {
  return waiting + inFlight + delayed;
}

/** Empty if they could not be counted. */
export function allMessagesKnown(depth: Outcome<Depth> | undefined): { depth?: number } {
  return depth?.ok ? { depth: allMessages(depth.value) } : {};
}
