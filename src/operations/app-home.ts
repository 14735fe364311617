import { mayBeSeenIn, type Queue } from '../domain/queue.ts';
import { appHomeId } from './access.ts';
import type { Overview } from './answer.ts';
import type { PollAll } from './poll-all.ts';
import type { Watches, WatchView } from './watching/watches.ts';

export type AppHomeDeps = { queues: readonly Queue[]; pollAll: PollAll; watches?: Watches };

export type WatchedQueue = { watch: WatchView; queue: Queue };

export type AppHome = {
  overview: Overview;
  page: number;
  /** Some queues are for certain channels only and left out here, because it is not known who is in those channels. */
  leavesOut: boolean;
  /** The person's own watches; absent where the bot can't watch. */
  watches?: WatchedQueue[];
};

export async function appHomeOf(
  { userId, page }: { userId: string; page: number },
  { queues, pollAll, watches }: AppHomeDeps,
): Promise<AppHome> {
  const visible = queues.filter((queue) => mayBeSeenIn(queue, appHomeId));
  const [overview, mine] = await Promise.all([pollAll(visible), watches?.list({ user: userId })]);
  const watched = mine && { watches: withQueues(mine, queues) };
  return { overview, page, leavesOut: visible.length < queues.length, ...watched };
}

export function withQueues(watches: readonly WatchView[], queues: readonly Queue[]): WatchedQueue[] {
  return watches.flatMap((watch) => {
    const queue = queues.find(({ arn }) => arn === watch.queueArn);
    return queue ? [{ watch, queue }] : [];
  });
}
