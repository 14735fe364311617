import type { Queue } from '../domain/queue.ts';
import { mayBeSeenIn } from './access.ts';
import type { Answer } from './answer.ts';
import type { PollAll } from './poll-all.ts';

export type OverviewDeps = { queues: readonly Queue[]; pollAll: PollAll };

/** A page of all queues that this channel may see. Each page is polled anew. */
export async function overviewOf(
  { channelId, page = 0 }: { channelId: string; page?: number },
  { queues, pollAll }: OverviewDeps,
): Promise<Answer> {
  const visible = queues.filter((queue) => mayBeSeenIn(queue, channelId));
  return { kind: 'overview', overview: await pollAll(visible), page };
}
