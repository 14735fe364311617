import type { Outcome } from '../domain/aws-error.ts';
import type { Depth } from '../domain/depth.ts';
import type { MoveTask } from '../domain/move-task.ts';
import type { Queue } from '../domain/queue.ts';

/** SQS lists no more than this many tasks of a queue. */
export const tasksListedAtMost = 10;

/**
 * Port: what the bot asks SQS. Neither call throws because of AWS or the network. A call whose signal is aborted
 * returns an AWS error.
 */
export type MoveTasks = {
  /** The newest tasks of the queue, newest first, at most `atMost` (1 to 10). One ListMessageMoveTasks call. */
  list(queue: Queue, atMost: number, signal?: AbortSignal): Promise<Outcome<MoveTask[]>>;
  /** How many messages are in the queue now. One GetQueueAttributes call. */
  depth(queue: Queue, signal?: AbortSignal): Promise<Outcome<Depth>>;
};
