import type { AwsError, Outcome } from '../../domain/aws-error.ts';
import type { Queue } from '../../domain/queue.ts';

/** Slack ids, for CloudTrail. */
export type ActingPeople = { requester: string; decider: string };

export type StartOrder = { rate: number; destinationArn?: string; people: ActingPeople };
export type CancelOrder = {
  /** StartedTimestamp of the task to cancel. */ startedAt: number;
  people: ActingPeople;
};

/** `unsure`: it may have happened. `rejected`: it certainly did not. No handle is stored. */
export type CallAnswer =
  | { kind: 'accepted'; requestId?: string }
  | { kind: 'had-ended'; awsError?: AwsError }
  | { kind: 'rejected' | 'unsure'; awsError: AwsError };

/**
 * Port: what changes a queue. Uses its `redrive.role`, assumed with the requester as source identity. No call throws
 * because of AWS or the network.
 */
export type Redrives = {
  /** At most one StartMessageMoveTask call: never retried, whatever the answer. */
  start(queue: Queue, order: StartOrder): Promise<CallAnswer>;
  /** Reads the handle and cancels, but only if the RUNNING task is the expected one. */
  cancel(queue: Queue, order: CancelOrder): Promise<CallAnswer>;
  /** ARNs of the queues that use it as their dead-letter queue, all pages. Asked as the reading role. */
  sources(queue: Queue): Promise<Outcome<readonly string[]>>;
};
