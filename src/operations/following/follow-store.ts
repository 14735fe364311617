import type { Following } from '../../domain/following/following.ts';
import type { CardPlace } from '../../domain/message-place.ts';
import type { Followed, ObservedTask } from '../../domain/watch/watch.ts';

/** `ended`: how it was last seen, when it needs no watch any more. */
export type FollowedTask = {
  queueArn: string;
  startedAt: number;
  card: CardPlace;
  followed: Followed;
  ended?: ObservedTask;
};

/** Port: where an engine keeps what it knows of the followed queues. Each promise resolves once that is durable. */
export type FollowStore = {
  /** One that was never kept knows nothing. */
  read(queueArn: string): Promise<Following>;
  update(queueArn: string, how: (following: Following) => Following): Promise<Following>;
  /** Where the channel has a card of this task already, with a live watch. */
  watchedCard(of: { channel: string; queueArn: string; startedAt: number }): Promise<CardPlace | undefined>;
  /** In one commit: nothing is left to announce, and the channel watches the task on its card, if it has not ended. */
  announced(key: string, task: FollowedTask): Promise<void>;
  /** In one commit: who began the task is no question any more, and its card says who, if that is known. */
  answered(queueArn: string, startedAt: number, startedBy?: string): Promise<void>;
};
