import type { Action, VoidReason } from '../../domain/actions/action.ts';
import {
  type ActingPerson,
  type MayNot,
  type Membership,
  whyMayNot,
  whyNoActor,
  whyVoid,
} from '../../domain/actions/permission.ts';
import { mayBeSeenIn, type Queue } from '../../domain/queue.ts';
import type { RedriveRules } from '../../domain/settings.ts';
import { type AccessRefusal, refusalOf } from '../access.ts';
import type { ActionPorts } from './ports.ts';

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
  | MayNot;

type Asked = { person: ActingPerson; channel: string; queue: Queue | undefined; role: ActingRole };
type Ports = Pick<ActionPorts, 'access' | 'membersOf' | 'readOnly'>;

/** Asks Slack again who is in the groups. Undefined if the person is allowed. */
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
  return whyMayNot(person, people, await membersNow(people.userGroups, membersOf));
}

/** Why a request is no longer allowed, by the settings of now. */
export function whyVoidNow(
  action: Action,
  { queueOf, readOnly, access }: Pick<ActionPorts, 'queueOf' | 'readOnly' | 'access'>,
): VoidReason | undefined {
  return whyVoid(action, { queue: queueOf(action.queueArn), readOnly, channels: access.channels });
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

async function membersNow(groups: readonly string[], membersOf: Ports['membersOf']): Promise<Membership> {
  const asked = groups.map(async (group) => {
    const members = await membersOf(group).catch(() => 'unknown' as const);
    return [group, members] as const;
  });
  return new Map(await Promise.all(asked));
}
