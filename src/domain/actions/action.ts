import * as z from 'zod';
import { deliveryFields } from '../delivery.ts';
import { understood } from '../understood.ts';

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
/** A state that a newer version stored is unknown to this one, which then leaves the action alone. */
const ActionState = z.enum(actionStates).catch('unknown');
export type ActionState = z.infer<typeof ActionState>;

/** Where its message is asked for. Within the channel a place is opaque. */
const ActionPlace = z.object({
  channel: z.string(),
  /** The thread it belongs into. Absent: the channel itself. */
  thread: z.string().exactOptional(),
  /** The message itself, once it is posted. */
  message: z.string().exactOptional(),
  /** The channel and place where the person asked, when that is another one. */
  askedIn: z.object({ channel: z.string(), thread: z.string().exactOptional() }).exactOptional(),
});
export type ActionPlace = z.infer<typeof ActionPlace>;

/** A depth that an approver was shown, because it differed from the one of the request. */
const Confirmation = z.object({ by: z.string(), depth: z.number(), at: z.number() });

/** What became of the one call, and of the polls after it. */
const ActionResult = z.object({
  /** The new task's StartedTimestamp, epoch milliseconds, once SQS lists it. */
  startedAt: z.number().exactOptional(),
  /** AWS's or the network's code. Untrusted. */
  code: z.string().exactOptional(),
  /** What AWS said, without secrets. Untrusted. */
  detail: z.string().exactOptional(),
  /** The IAM action and the role that were tried. */
  awsAction: z.string().exactOptional(),
  roleArn: z.string().exactOptional(),
  requestId: z.string().exactOptional(),
  /** It was given up: no poll could tell what became of it. */
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
  'interrupted',
  'other',
] as const;
const VoidReason = z.enum(voidReasons).catch('other');
export type VoidReason = z.infer<typeof VoidReason>;

/**
 * What is committed and not yet delivered. `request`: post its message. `update`: edit that message. `reminder`: mention
 * the approvers once more in its thread. `outcome`: tell the requester in the thread. `card`: make the message the new
 * redrive's card, watched by requester and decider.
 */
const deliveryKinds = ['request', 'update', 'reminder', 'outcome', 'card'] as const;
const PendingDelivery = z.object({
  kind: z.enum(deliveryKinds),
  /** Names it in the message's metadata, so that it is found again after a doubt. */
  key: z.string(),
  /** A try has begun and its result is not known. */
  maybeDelivered: z.boolean(),
  ...deliveryFields,
});
export type PendingDelivery = z.infer<typeof PendingDelivery>;
export type DeliveryKind = PendingDelivery['kind'];

/** A requested start or cancel. Times are epoch milliseconds. It holds no handle, token or message. */
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
  /** Whether a second person has to approve, by the settings of the moment of the request. */
  needsApproval: z.boolean(),
  reason: z.string(),
  /** Messages a second; only of a start. */
  rate: z.number().exactOptional(),
  /** Absent: back to the original source queues. */
  destinationArn: z.string().exactOptional(),
  /** StartedTimestamp of the task to cancel; only of a cancel. */
  taskStartedAt: z.number().exactOptional(),
  depthAtRequest: z.number().exactOptional(),
  depthAtDecision: z.number().exactOptional(),
  confirmation: Confirmation.exactOptional(),
  /** StartedTimestamp of the newest task that was known before the call; 0 where none was listed. */
  newestKnown: z.number().exactOptional(),
  requestedAt: z.number(),
  expiresAt: z.number(),
  remindedAt: z.number().exactOptional(),
  decidedAt: z.number().exactOptional(),
  calledAt: z.number().exactOptional(),
  endedAt: z.number().exactOptional(),
  voidBecause: VoidReason.exactOptional(),
  /** Successful polls since it became unsure. */
  polls: z.object({ first: z.number(), last: z.number(), count: z.number() }).exactOptional(),
  /** When to poll next. Absent: there is nothing to find out. */
  pollAt: z.number().exactOptional(),
  result: ActionResult,
  outbox: understood(PendingDelivery),
});
export type Action = z.infer<typeof Action>;

/** Its queue takes no other action meanwhile, and redrives of it are not announced as started elsewhere. */
export function isOpen({ state, pollAt }: Action): boolean {
  if (state === 'started') return pollAt !== undefined;
  return state === 'requested' || state === 'starting' || state === 'unsure' || state === 'cancelling';
}

/** When something is to be done about it: remind, expire, poll or deliver. Nothing: it waits for nobody, or for a person. */
export function nextDueAt(action: Action): number | undefined {
  const { state, pollAt, outbox } = action;
  const times = [
    ...(state === 'requested'
      ? [action.remindedAt === undefined ? reminderAt(action) : action.expiresAt]
      : []),
    ...(state === 'starting' || state === 'cancelling' ? [action.calledAt ?? action.requestedAt] : []),
    ...(pollAt === undefined ? [] : [pollAt]),
    ...outbox.map(({ notBefore }) => notBefore),
  ];
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Half-way to its expiry. Without approvers there is nobody to remind. */
export function reminderAt({ requestedAt, expiresAt, needsApproval }: Action): number {
  return needsApproval ? requestedAt + (expiresAt - requestedAt) / 2 : expiresAt;
}
