import type { Following } from '../../domain/following/following.ts';
import type { CardPlace } from '../../domain/message-place.ts';
import type { Followed, ObservedTask } from '../../domain/watch/watch.ts';

/** `ended`: how it was last seen, if it no longer needs a watch. */
export type FollowedTask = {
  queueArn: string;
  startedAt: number;
  card: CardPlace;
  followed: Followed;
  ended?: ObservedTask;
};

/** Port: where an engine stores what it knows about the followed queues. Promises resolve once that is durable. */
export type FollowStore = {
  /** A queue that was never stored is returned empty. */
  read(queueArn: string): Promise<Following>;
  update(queueArn: string, how: (following: Following) => Following): Promise<Following>;
  /** The card of this task in the channel, if there is one with a live watch. */
  watchedCard(of: { channel: string; queueArn: string; startedAt: number }): Promise<CardPlace | undefined>;
  /** In one commit: the announcement is done, and the channel watches the task on its card unless it has ended. */
  announced(key: string, task: FollowedTask): Promise<void>;
  /** In one commit: the question who started the task is answered, and its card says who, if that is known. */
  answered(queueArn: string, startedAt: number, startedBy?: string): Promise<void>;
};

/** Port: what one process knows about the followed queues, and what is due. */
export type LocalFollowStore = FollowStore & {
  /** Queues with something to announce, the longest waiting first. */
  dueQueues(now: number): string[];
  /** Queues with a question that is due. */
  questionedQueues(now: number): string[];
  /** When the next announcement or question after `now` is due. */
  nextDue(now: number): number | undefined;
  /**
   * At a start: a queue that is followed again later starts over, and what was stored while the clock was ahead waits no
   * longer than until `latest`. Returns the queues that are no longer followed but had something to announce.
   */
  recover(queueArns: readonly string[], now: number, latest: number): string[];
};
