import { allows, mayBeSeenIn, type Queue } from '../queue.ts';
import type { AccessRules } from '../settings.ts';
import type { Action, ActionResult, ActionState, PendingDelivery, VoidReason } from './action.ts';

/** The code of a call that the bot did not make, because the settings no longer allow it. */
export const notAllowed = 'NotAllowed';

/** Meanwhile its queue accepts no other action, and its redrives are not announced as started elsewhere. */
export function isOpen({ state, pollAt }: Action): boolean {
  if (state === 'started') return pollAt !== undefined;
  return state === 'requested' || state === 'starting' || state === 'unsure' || state === 'cancelling';
}

/** When the next reminder, expiry, poll or delivery is due. Undefined: it is done, or waits for a person. */
export function nextDueAt(action: Action): number | undefined {
  const { state, pollAt } = action;
  const times = [
    ...(state === 'requested'
      ? [action.remindedAt === undefined ? reminderAt(action) : action.expiresAt]
      : []),
    ...(state === 'starting' || state === 'cancelling' ? [action.calledAt ?? action.requestedAt] : []),
    ...(pollAt === undefined ? [] : [pollAt]),
    ...nextDeliveries(action).map(({ notBefore }) => notBefore),
  ];
  return times.length === 0 ? undefined : Math.min(...times);
}

/** The request's message comes first; everything else is posted in its thread, or edits it. */
export function nextDeliveries({ outbox }: Action): readonly PendingDelivery[] {
  const request = outbox.find(({ kind }) => kind === 'request');
  return request ? [request] : outbox;
}

/** Halfway to its expiry. Without approvers, there is no one to remind. */
export function reminderAt({ requestedAt, expiresAt, needsApproval }: Action): number {
  return needsApproval ? requestedAt + (expiresAt - requestedAt) / 2 : expiresAt;
}

/** Who said no. All but `aws` mean that SQS was not even asked to do it. */
export type Rejection = 'aws' | 'not-reached' | 'aws-in-trouble' | 'own-credentials' | 'settings';

export function rejectionOf({ code, errorKind, awsAction = '' }: ActionResult): Rejection {
  if (code === notAllowed) return 'settings';
  switch (errorKind) {
    case 'credentials-missing':
    case 'credentials-invalid':
    case 'session-expired':
      return 'own-credentials';
    case 'unreachable':
      return 'not-reached';
    case 'throttled':
    case 'aws-failed':
      return awsAction.startsWith('sts:') ? 'aws-in-trouble' : 'aws';
    default:
      return 'aws';
  }
}

export const stateInBrief: Record<ActionState, string> = {
  requested: 'requested',
  declined: 'declined',
  withdrawn: 'withdrawn',
  expired: 'expired',
  void: 'void',
  starting: 'starting',
  started: 'started',
  rejected: 'rejected by AWS',
  unsure: "unsure: AWS's answer was lost",
  'not-started': 'not started',
  cancelling: 'canceling',
  cancelled: 'canceled',
  'had-ended': 'had already ended or been canceled',
  unknown: 'written by a newer version',
};

type CurrentSettings = {
  queueOf: (arn: string) => Queue | undefined;
  readOnly: boolean;
  access: Pick<AccessRules, 'channels'>;
};

/** Why a request is no longer allowed: the settings may have changed since it was made. */
export function whyVoid(
  action: Action,
  { queueOf, readOnly, access }: CurrentSettings,
): VoidReason | undefined {
  if (readOnly) return 'read-only';
  const queue = queueOf(action.queueArn);
  if (!queue) return 'queue-not-listed';
  const rules = queue.redrive;
  if (!rules) return 'redrive-off';
  const places = [action.place.channel, action.place.askedIn?.channel ?? action.place.channel];
  if (!places.every((channel) => mayBeSeenIn(queue, channel) && allows(access.channels, channel)))
    return 'channel-not-allowed';
  if (action.kind === 'cancel') return undefined;
  if (action.needsApproval && !rules.approvers) return 'no-approvers';
  if ((action.rate ?? Infinity) > rules.messagesPerSecond.max) return 'rate-not-allowed';
  const { destinationArn } = action;
  const isListed = destinationArn === undefined || rules.destinations.includes(destinationArn);
  return isListed ? undefined : 'destination-not-allowed';
}
