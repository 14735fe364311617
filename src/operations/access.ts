import { allows, mayBeSeenIn, type Queue } from '../domain/queue.ts';
import type { AccessRules } from '../domain/settings.ts';
import type { Watch } from '../domain/watch/watch.ts';

export type Person = {
  userId: string;
  channelId: string;
  /** From another organization (Slack Connect), or not known to be from the bot's own. */
  isExternal: boolean;
  /** It is not known which organization the person is from. */
  isUnknown?: true;
};

/** In place of a channel id in the app's Home. It is not a valid channel id, so no rule can allow it. */
export const appHomeId = 'home';

/** Port: the members of a Slack user group. Rejects if Slack can't say. */
export type GroupMembers = (groupId: string) => Promise<readonly string[]>;

export type AccessRefusal =
  | { reason: 'external-person' }
  /** Slack does not say where the person is from. */
  | { reason: 'unknown-home' }
  | { reason: 'channel'; allowed: readonly string[] }
  /** In the app's Home, where Slack does not tell which channels a person is in. */
  | { reason: 'app-home'; allowed: readonly string[] }
  | { reason: 'person'; userGroups: readonly string[] }
  | { reason: 'groups-unknown' };

export async function refusalOf(
  person: Person,
  rules: AccessRules,
  membersOf: GroupMembers,
): Promise<AccessRefusal | undefined> {
  if (person.isExternal && !rules.externalPeople) {
    return { reason: person.isUnknown ? 'unknown-home' : 'external-person' };
  }
  if (!allows(rules.channels, person.channelId)) {
    return { reason: person.channelId === appHomeId ? 'app-home' : 'channel', allowed: rules.channels };
  }
  const isOpen = rules.users.length === 0 && rules.userGroups.length === 0;
  if (isOpen || rules.users.includes(person.userId)) return undefined;
  const isMember = await isInGroups(person.userId, rules.userGroups, membersOf);
  if (isMember === 'unknown') return { reason: 'groups-unknown' };
  return isMember ? undefined : { reason: 'person', userGroups: rules.userGroups };
}

/** Whether a person is in any of these groups; `unknown` if that depends on one of which Slack can't say. */
export async function isInGroups(
  userId: string,
  userGroups: readonly string[],
  membersOf: GroupMembers,
): Promise<boolean | 'unknown'> {
  const asked = await Promise.allSettled(userGroups.map((group) => membersOf(group)));
  if (asked.some((group) => group.status === 'fulfilled' && group.value.includes(userId))) return true;
  return asked.some(({ status }) => status === 'rejected') ? 'unknown' : false;
}

/** Where the settings allow watches. `channels`: from the access rules; empty allows all. */
export type WatchRules = { queueOf: (arn: string) => Queue | undefined; channels: readonly string[] };

export type WatchForbidden =
  | 'the queue is not listed'
  | 'the queue is for other channels'
  | 'the bot is for other channels';

/** Why a watch must end, for the log: the settings may have changed since it began. */
export function whyForbidden(
  { queueArn, card }: Pick<Watch, 'queueArn'> & { card: { channel: string } },
  { queueOf, channels }: WatchRules,
): WatchForbidden | undefined {
  const queue = queueOf(queueArn);
  if (!queue) return 'the queue is not listed';
  if (!mayBeSeenIn(queue, card.channel)) return 'the queue is for other channels';
  return allows(channels, card.channel) ? undefined : 'the bot is for other channels';
}
