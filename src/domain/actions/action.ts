import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { postFields } from '../delivery.ts';
import type { MoveTask } from '../move-task.ts';
import { readableItems } from '../readable-items.ts';

const actionStates = [
  'requested',
  'declined',
  'withdrawn',
  'expired',
  'void',
  'starting',
  'started',
  'rejected',
  'unsure',
  'not-started',
  'cancelling',
  'cancelled',
  'had-ended',
  'unknown',
] as const;

/** A state stored by a newer version is read as `unknown`; such an action is not touched. */
const ActionState = z.enum(actionStates).catch('unknown');
export type ActionState = z.infer<typeof ActionState>;

/** Where its message belongs. Places within the channel are opaque. */
const ActionPlace = z.object({
  channel: z.string(),
  /** Its thread. Absent: the channel itself. */
  thread: z.string().exactOptional(),
  /** The message, once it is posted. */
  message: z.string().exactOptional(),
  /** The channel and place where the person asked, if different. */
  askedIn: z.object({ channel: z.string(), thread: z.string().exactOptional() }).exactOptional(),
});
export type ActionPlace = z.infer<typeof ActionPlace>;

/** A depth shown to an approver because it differed from the request's. */
const Confirmation = z.object({ by: z.string(), depth: z.number(), at: z.number() });

const ActionResult = z.object({
  /** The new task's StartedTimestamp, in epoch milliseconds, once SQS lists it. */
  startedAt: z.number().exactOptional(),
  errorKind: AwsError.shape.kind.exactOptional(),
  /** AWS's or the network's code. Untrusted. */
  code: z.string().exactOptional(),
  /** What AWS said, without secrets. Untrusted. */
  detail: z.string().exactOptional(),
  /** The IAM action and the role that were used. */
  awsAction: z.string().exactOptional(),
  roleArn: z.string().exactOptional(),
  requestId: z.string().exactOptional(),
  /** Gave up: no poll could find out what happened. */
  unresolved: z.boolean().exactOptional(),
});
export type ActionResult = z.infer<typeof ActionResult>;

const voidReasons = [
  'queue-not-listed',
  'redrive-off',
  'read-only',
  'channel-not-allowed',
  'destination-not-allowed',
  'rate-not-allowed',
  'no-approvers',
  'requester-not-allowed',
  'cannot-post',
  'message-gone',
  'interrupted',
  'other',
] as const;
const VoidReason = z.enum(voidReasons).catch('other');
export type VoidReason = z.infer<typeof VoidReason>;

/**
 * Committed but not yet delivered. `request`: post its message. `update`: edit that message. `reminder`: mention the
 * approvers again in its thread. `outcome`: notify the requester in the thread. `card`: turn the message into the new
 * redrive's card, watched by requester and decider.
 */
const deliveryKinds = ['request', 'update', 'reminder', 'outcome', 'card'] as const;
const PendingDelivery = z.object({
  kind: z.enum(deliveryKinds),
  /** Its key in the message's metadata, to find the message after an uncertain delivery. */
  key: z.string(),
  ...postFields,
});
export type PendingDelivery = z.infer<typeof PendingDelivery>;
export type DeliveryKind = PendingDelivery['kind'];

/** A requested start or cancel. Times are epoch milliseconds. It contains no handle, token or message. */
export const Action = z.object({
  id: z.string(),
  /** Counts the writes; every write is conditional on it. */
  version: z.number(),
  kind: z.enum(['start', 'cancel']),
  state: ActionState,
  queueArn: z.string(),
  alias: z.string(),
  place: ActionPlace,
  requester: z.string(),
  /** Who approved, declined, withdrew or, without approvers, submitted. */
  decider: z.string().exactOptional(),
  /** Whether a second person has to approve, by the settings at the time of the request. */
  needsApproval: z.boolean(),
  reason: z.string(),
  /** Messages per second; only for a start. */
  rate: z.number().exactOptional(),
  /** Absent: back to the original source queues. */
  destinationArn: z.string().exactOptional(),
  /** StartedTimestamp of the task to cancel; only for a cancel. */
  taskStartedAt: z.number().exactOptional(),
  depthAtRequest: z.number().exactOptional(),
  depthAtDecision: z.number().exactOptional(),
  confirmation: Confirmation.exactOptional(),
  /** StartedTimestamp of the newest task known before the call; 0 if there was none. */
  newestKnown: z.number().exactOptional(),
  requestedAt: z.number(),
  expiresAt: z.number(),
  remindedAt: z.number().exactOptional(),
  /** When its message was found to be deleted and was posted again. */
  repostedAt: z.number().exactOptional(),
  decidedAt: z.number().exactOptional(),
  calledAt: z.number().exactOptional(),
  endedAt: z.number().exactOptional(),
  voidBecause: VoidReason.exactOptional(),
  /** Successful polls since it became unsure. */
  polls: z.object({ first: z.number(), last: z.number(), count: z.number() }).exactOptional(),
  /** When to poll next. Absent: no poll is needed. */
  pollAt: z.number().exactOptional(),
  result: ActionResult,
  outbox: readableItems(PendingDelivery),
});
export type Action = z.infer<typeof Action>;

/** The result of the one call. `unsure`: it may have happened. */
export type CallOutcome = {
  kind: 'accepted' | 'rejected' | 'had-ended' | 'unsure';
  result: ActionResult;
};

/** Events that only a waiting request accepts. */
export type RequestEvent =
  /** Without approvers: the message is posted, so the call can be made. */
  | { kind: 'submit'; newestKnown: number; depth?: number }
  | {
      kind: 'approve';
      by: string;
      /** By the current settings and group members. */
      isApprover: boolean;
      newestKnown: number;
      depth?: number;
      /** The depth on the clicked button, if it showed a new one. */
      confirms?: number;
    }
  | { kind: 'decline'; by: string; isApprover: boolean }
  | { kind: 'withdraw'; by: string }
  /** `isAnswered`: the requester waits for the answer and gets it in person. */
  | { kind: 'void'; because: VoidReason; isAnswered?: boolean }
  /** Its message is gone, so no one can decide. */
  | { kind: 'message-gone'; message: string }
  /** Time has passed: it may be due for a reminder, or have expired. */
  | { kind: 'time' };

export type ActionEvent =
  | RequestEvent
  | { kind: 'posted'; message: string }
  | { kind: 'answered'; outcome: CallOutcome }
  /** The call's answer is lost: the process was killed, or could not store it. */
  | { kind: 'answer-lost' }
  /** A poll that began at `askedAt`. Without `tasks` it failed. `wasCanceledBefore`: by another action. */
  | { kind: 'polled'; askedAt: number; tasks?: readonly MoveTask[]; wasCanceledBefore?: boolean };

export type Ignored =
  | { because: 'decided-already'; state: Action['state']; decider?: string }
  | { because: 'own-request' | 'not-an-approver' | 'not-the-requester' | 'depth-unknown' | 'nothing-new' };

export type Transition =
  /** To be committed. `call`: whoever commits it makes the call, once. `askAgain`: show the approver the new depth. */
  | { kind: 'changed'; action: Action; call?: Action['kind']; askAgain?: { depth: number; before: number } }
  | { kind: 'ignored'; why: Ignored };
