import { mayBeSeenIn, type Queue } from '../../domain/queue.ts';
import type { People, RedriveRules } from '../../domain/settings.ts';
import { type AccessRefusal, isInGroups, refusalOf } from '../access.ts';
import type { ActionPorts } from './ports.ts';

/** A person, from a Slack request, before any lookup. */
export type ActingPerson = {
  id: string;
  /** From the bot's own workspace or Enterprise Grid organization, from another one, or not known. */
  home: 'own' | 'other' | 'unknown';
  kind: 'person' | 'bot' | 'workflow';
};

export type ActingRole = 'requester' | 'approver' | 'either';

export type ActionRefusal =
  /** Nobody is: the bot is read-only, or redrives are off for this queue. */
  | { because: 'read-only' }
  /** Without `why` the settings have no `redrive`. */
  | { because: 'redrive-off'; why?: Queue['noRedrive'] & string }
  /** Where a request would be posted, no approver could see it. */
  | { because: 'direct-message' }
  /** The channel may not see the queue: answered as if it were not listed. */
  | { because: 'hidden' }
  | { because: 'no-access'; refusal: AccessRefusal }
  | { because: 'bot' | 'workflow' | 'external-person' | 'home-unknown' }
  /** Slack could not say who is in a group, so the answer is no. */
  | { because: 'groups-unknown' }
  | { because: 'not-listed'; people: People };

type Asked = { person: ActingPerson; channel: string; queue: Queue | undefined; role: ActingRole };
type Ports = Pick<ActionPorts, 'access' | 'membersOf' | 'readOnly'>;

/** Asks Slack again who is in the groups. Undefined if the person is allowed. An empty list allows no one. */
export async function refusalToAct(asked: Asked, ports: Ports): Promise<ActionRefusal | undefined> {
  const { person, channel, queue, role } = asked;
  const { access, membersOf, readOnly } = ports;
  if (!queue || !mayBeSeenIn(queue, channel)) return { because: 'hidden' };
  if (readOnly) return { because: 'read-only' };
  if (!queue.redrive) return redriveIsOff(queue);
  const noActor = whyNoActor(person);
  if (noActor) return noActor;
  const asAnyone = { userId: person.id, channelId: channel, isExternal: false };
  const refusal = await refusalOf(asAnyone, access, membersOf);
  if (refusal) return { because: 'no-access', refusal };
  const people = peopleOf(queue.redrive, role);
  if (people.users.includes(person.id)) return undefined;
  const isMember = await isInGroups(person.id, people.userGroups, membersOf);
  if (isMember === 'unknown') return { because: 'groups-unknown' };
  return isMember ? undefined : { because: 'not-listed', people };
}

/** Only people of the bot's own organization may act, whatever `access.externalPeople` says. */
function whyNoActor({ home, kind }: ActingPerson): ActionRefusal | undefined {
  if (kind !== 'person') return { because: kind };
  if (home === 'unknown') return { because: 'home-unknown' };
  return home === 'other' ? { because: 'external-person' } : undefined;
}

export function redriveIsOff({ noRedrive: why }: Queue): ActionRefusal {
  return { because: 'redrive-off', ...(why !== undefined && { why }) };
}

function peopleOf({ requesters, approvers }: RedriveRules, role: ActingRole) {
  const nobody = { users: [], userGroups: [] };
  if (role === 'requester') return requesters;
  if (role === 'approver') return approvers ?? nobody;
  const both = [requesters, approvers ?? nobody];
  return {
    users: both.flatMap(({ users }) => users),
    userGroups: [...new Set(both.flatMap(({ userGroups }) => userGroups))],
  };
}
