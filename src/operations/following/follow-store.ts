import type { Following } from '../../domain/following/following.ts';
import type { CardPlace, Followed } from '../../domain/watch/watch.ts';

export type FollowedTask = { queueArn: string; startedAt: number; card: CardPlace; followed: Followed };

/** Port: where an engine keeps what it knows of the followed queues. Each promise resolves once that is durable. */
export type FollowStore = {
  /** One that was never kept knows nothing. */
  read(queueArn: string): Promise<Following>;
  update(queueArn: string, how: (following: Following) => Following): Promise<Following>;
  /** Where the channel has a card of this task already, with a live watch. */
  watchedCard(of: { channel: string; queueArn: string; startedAt: number }): Promise<CardPlace | undefined>;
  /** In one commit: nothing is left to announce, and with `task` the channel watches it on its card from now on. */
  announced(queueArn: string, key: string, task?: FollowedTask): Promise<void>;
};
