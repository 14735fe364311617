import type { FollowStore } from './follow-store.ts';

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
