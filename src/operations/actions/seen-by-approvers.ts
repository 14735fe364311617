import type { Action } from '../../domain/actions/action.ts';
import type { RedriveRules } from '../../domain/actions/redrive-settings.ts';
import type { ActionPorts } from './ports.ts';

/** True only if it is known: the channel is private, and none of those who may approve the request is in it. */
export async function isUnseenByApprovers(
  { requester, place }: Action,
  { approvers }: RedriveRules,
  { membersOfPrivate, membersOf }: Pick<ActionPorts, 'membersOfPrivate' | 'membersOf'>,
): Promise<boolean> {
  const present = await membersOfPrivate?.(place.channel);
  if (!present || !approvers) return false;
  try {
    const groups = await Promise.all(approvers.userGroups.map((group) => membersOf(group)));
    const who = [...approvers.users, ...groups.flat()].filter((person) => person !== requester);
    return !who.some((person) => present.includes(person));
  } catch {
    return false;
  }
}
