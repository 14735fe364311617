import type { Outcome } from '../../domain/aws-error.ts';
import type { StartCall } from '../../domain/following/start-call.ts';
import type { Queue } from '../../domain/queue.ts';

/** Epoch milliseconds. */
export type Span = { from: number; to: number };

/**
 * Port: the calls that started tasks of any queue in the account and region of `queue`, as far as CloudTrail has recorded
 * them: it is minutes late. Asked as the queue's role.
 */
export type StartCalls = { find(queue: Queue, span: Span): Promise<Outcome<StartCall[]>> };
