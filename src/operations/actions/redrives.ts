import type { AwsError, Outcome } from '../../domain/aws-error.ts';
import type { Queue } from '../../domain/queue.ts';

/** Slack ids, for CloudTrail. */
export type ActingPeople = { requester: string; decider: string };

export type StartOrder = { rate: number; destinationArn?: string; people: ActingPeople };
export type CancelOrder = {
  /** StartedTimestamp of the task to cancel. */ startedAt: number;
  people: ActingPeople;
};

/** `unsure`: it may have been done. `rejected`: it was certainly not. No handle is kept. */
export type CallAnswer =
  | { kind: 'accepted'; requestId?: string }
  | { kind: 'had-ended'; awsError?: AwsError }
  | { kind: 'rejected' | 'unsure'; awsError: AwsError };

/**
 * Port: what changes a queue, as its `redrive.role`, which is assumed with the requester as source identity. No call throws
 * for anything AWS or the network does.
 */
export type Redrives = {
  /** One StartMessageMoveTask call at most: never repeated, whatever the answer. */
  start(queue: Queue, order: StartOrder): Promise<CallAnswer>;
  /** Reads the handle and cancels, only if the RUNNING task is the one that is meant. */
  cancel(queue: Queue, order: CancelOrder): Promise<CallAnswer>;
  /** ARNs of the queues that have it as their dead-letter queue, all pages. Asked as the reading role. */
  sources(queue: Queue): Promise<Outcome<readonly string[]>>;
};
