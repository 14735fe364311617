import type { Outcome } from '../domain/aws-error.ts';
import type { Depth } from '../domain/depth.ts';
import type { MoveTask } from '../domain/move-task.ts';
import type { Queue } from '../domain/queue.ts';

/** SQS lists no more than this many tasks of a queue. */
export const tasksListedAtMost = 10;

/**
 * Port: what the bot asks AWS. Neither call throws for anything AWS or the network does. A call whose signal is aborted
 * is given up, and answers with a problem.
 */
export type MoveTasks = {
  /** The newest tasks of the queue, newest first, at most `atMost` (1 to 10). One ListMessageMoveTasks call. */
  list(queue: Queue, atMost: number, signal?: AbortSignal): Promise<Outcome<MoveTask[]>>;
  /** How many messages the queue holds now. One GetQueueAttributes call. */
  depth(queue: Queue, signal?: AbortSignal): Promise<Outcome<Depth>>;
};
