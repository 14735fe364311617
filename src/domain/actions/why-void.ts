import { allows, mayBeSeenIn, type Queue } from '../queue.ts';
import type { Action, VoidReason } from './action.ts';

export type CurrentSettings = {
  queue: Queue | undefined;
  readOnly: boolean;
  /** From the access rules; empty allows all. */
  channels: readonly string[];
};

/** Why a request is no longer allowed: the settings may have changed since it was made. */
export function whyVoid(
  action: Action,
  { queue, readOnly, channels }: CurrentSettings,
): VoidReason | undefined {
  if (readOnly) return 'read-only';
  if (!queue) return 'queue-not-listed';
  const rules = queue.redrive;
  if (!rules) return 'redrive-off';
  const places = [action.place.channel, action.place.askedIn?.channel ?? action.place.channel];
  if (!places.every((channel) => mayBeSeenIn(queue, channel) && allows(channels, channel)))
    return 'channel-not-allowed';
  if (action.kind === 'cancel') return undefined;
  if (action.needsApproval && !rules.approvers) return 'no-approvers';
  if ((action.rate ?? Infinity) > rules.messagesPerSecond.max) return 'rate-not-allowed';
  const { destinationArn } = action;
  const isListed = destinationArn === undefined || rules.destinations.includes(destinationArn);
  return isListed ? undefined : 'destination-not-allowed';
}
