import { allows, mayBeSeenIn, type Queue } from '../queue.ts';
import type { People } from '../settings.ts';
import type { Action, VoidReason } from './action.ts';

/** A person, from a Slack request, before any lookup. */
export type ActingPerson = {
  id: string;
  /** From the bot's own workspace or Enterprise Grid organization, from another one, or not known. */
  home: 'own' | 'other' | 'unknown';
  kind: 'person' | 'bot' | 'workflow';
};

/** The current members of a user group; `unknown`: Slack could not say. */
export type Membership = ReadonlyMap<string, readonly string[] | 'unknown'>;

export type MayNot =
  | { because: 'bot' | 'workflow' | 'external-person' | 'home-unknown' }
  /** Slack could not say who is in a group, so the answer is no. */
  | { because: 'groups-unknown' }
  | { because: 'not-listed'; people: People };

/** Only people of the bot's own organization may act, whatever `access.externalPeople` says. */
export function whyNoActor({ home, kind }: ActingPerson): MayNot | undefined {
  if (kind !== 'person') return { because: kind };
  if (home === 'unknown') return { because: 'home-unknown' };
  return home === 'other' ? { because: 'external-person' } : undefined;
}

/** Undefined if the person is allowed. An empty list allows no one. */
export function whyMayNot(person: ActingPerson, people: People, members: Membership): MayNot | undefined {
  const why = whyNoActor(person);
  if (why) return why;
  if (people.users.includes(person.id)) return undefined;
  const groups = people.userGroups.map((group) => members.get(group) ?? 'unknown');
  if (groups.some((group) => group !== 'unknown' && group.includes(person.id))) return undefined;
  return groups.includes('unknown') ? { because: 'groups-unknown' } : { because: 'not-listed', people };
}

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
