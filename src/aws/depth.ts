import type { Depth } from '../domain/depth.ts';
import { count } from './clean-tasks.ts';

export const depthAttributes = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** SQS sends counts as text. Without the count of waiting messages there is no depth. */
export function depthOf(attributes: unknown): Depth | undefined {
  if (typeof attributes !== 'object' || attributes === null) return undefined;
  const [waiting, inFlight, delayed] = depthAttributes.map((name) => count(Reflect.get(attributes, name)));
  return waiting === undefined ? undefined : { waiting, inFlight: inFlight ?? 0, delayed: delayed ?? 0 };
}
