import type { Queue } from '../queue.ts';

/** Whether this channel may see the queue. `channels`: from the access rules; empty allows all. */
export function mayBeSeen(queue: Queue, channel: string, channels: readonly string[]): boolean {
  const allows = (list: readonly string[]) => list.length === 0 || list.includes(channel);
  return allows(queue.channels) && allows(channels);
}
