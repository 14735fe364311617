import type { Outcome } from './aws-error.ts';

/** How many messages a queue holds; SQS calls all three approximate. */
export type Depth = { waiting: number; inFlight: number; delayed: number };

/** One that somebody is looking at is in flight, and has neither gone nor come back. */
export function allMessages({ waiting, inFlight, delayed }: Depth): number {
  return waiting + inFlight + delayed;
}

/** Nothing where they could not be counted. */
export function allMessagesKnown(depth: Outcome<Depth> | undefined): { depth?: number } {
  return depth?.ok ? { depth: allMessages(depth.value) } : {};
}
