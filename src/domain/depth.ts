import * as z from 'zod';
import type { Outcome } from './aws-error.ts';

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
