import type { ConversationsMembersResponse, WebClient } from '@slack/web-api';
import type { GroupMembers, Person } from '../operations/access.ts';
import type { MembersOfPrivate } from '../operations/actions/ports.ts';
import { createExpiring, lasting, RecentMap } from '../operations/expiring.ts';
import type { Log } from '../operations/log.ts';
import { within } from '../operations/within.ts';
import type { BotIdentity } from './bot-identity.ts';
import { slackFailureFrom } from './slack-failure.ts';

export type Origin = {
  verdict: 'own' | 'external' | 'unknown';
  teams: readonly string[];
  /** The request does not say, so Slack must be asked; `verdict` is used if Slack can't say. */
  isOpen: boolean;
};

/** A command names the workspace it was typed in, and that workspace's organization. */
export function originOfCommand(
  identity: BotIdentity,
  teamId: string | undefined,
  enterpriseId: string | undefined,
): Origin {
  const teams = teamId === undefined ? [] : [teamId];
  const isOfOrganization = identity.enterpriseId !== undefined && enterpriseId === identity.enterpriseId;
  if (isOfOrganization) return { verdict: 'own', teams, isOpen: false };
  const origin = originByTeams(identity, teams);
  return origin.verdict === 'unknown' && teamId !== undefined
    ? { verdict: 'external', teams, isOpen: false }
    : origin;
}

/**
 * All other requests name the person's primary workspace. In an organization that may be any of its workspaces, whose
 * ids reveal nothing; the `team` and `enterprise` of a click are where it happened, not where the person is from.
 */
export function originByTeams(identity: BotIdentity, teams: readonly string[]): Origin {
  const others = teams.filter((id) => id !== identity.teamId && id !== identity.enterpriseId);
  if (teams.length > 0 && others.length === 0) return { verdict: 'own', teams, isOpen: false };
  const isSettled = teams.length > 0 && identity.enterpriseId === undefined;
  return isSettled
    ? { verdict: 'external', teams, isOpen: false }
    : { verdict: 'unknown', teams, isOpen: true };
}

export type UserRecord = {
  team_id?: string;
  enterprise_user?: { enterprise_id?: string };
  is_stranger?: boolean;
};

/** Everyone in an organization has an `enterprise_user`; `is_stranger` is set for only some of the others. */
export function verdictByRecord(
  identity: BotIdentity,
  { team_id: teamId, enterprise_user: enterpriseUser, is_stranger: isStranger }: UserRecord,
): Origin['verdict'] {
  const enterpriseId = enterpriseUser?.enterprise_id;
  if (isStranger) return 'external';
  if (identity.enterpriseId !== undefined && enterpriseId === identity.enterpriseId) return 'own';
  if (teamId === undefined) return enterpriseId === undefined ? 'unknown' : 'external';
  return teamId === identity.teamId || teamId === identity.enterpriseId ? 'own' : 'external';
}

/** A person whose organization can't be proven counts as external, but is not told that they are. */
export function personFrom(
  { userId, channelId }: Pick<Person, 'userId' | 'channelId'>,
  verdict: Origin['verdict'],
): Person {
  return {
    userId,
    channelId,
    isExternal: verdict !== 'own',
    ...(verdict === 'unknown' && { isUnknown: true }),
  };
}

export type OriginResolverDeps = { client: WebClient; identity: BotIdentity; clock: () => number; log: Log };

/** Who asks, as far as the request itself shows it. */
export type Asked = {
  /** For the log: `command`, or the id of the button. */
  what: string;
  person: Person;
  /** What the request itself shows about where the person is from. */
  origin?: Origin;
};

/** Finds out which organization the person behind a request belongs to. It never rejects. */
export type ResolveOrigin = <R extends Asked>(request: R) => Promise<R>;

const anHour = 60 * 60_000;
const aDay = 24 * anHour;
/** The most that a waiting person, or a search that must be answered within 3 s, waits for this. */
const answerWithinMs = 1_500;
const remembered = 5_000;

/**
 * If the request does not say, an earlier command may have, or else users.info does, which needs the scope
 * users:read. A signed command from the bot's own organization proves it for the person who typed it, and for
 * the workspace it was typed in.
 */
export function createOriginResolver({ client, identity, clock, log }: OriginResolverDeps): ResolveOrigin {
  const ownPeople = new RecentMap<true>(remembered);
  const ownTeams = new RecentMap<true>(remembered);
  const records = createExpiring<Origin['verdict']>({ clock, lifeOf: lasting(anHour, aDay) });

  function learn({ person, what, origin }: Asked): void {
    if (what !== 'command' || person.isExternal) return;
    ownPeople.set(person.userId, true);
    for (const team of origin?.teams ?? []) ownTeams.set(team, true);
  }

  function isKnown({ person, origin }: Asked): boolean {
    const teams = origin?.teams ?? [];
    return ownPeople.has(person.userId) || (teams.length > 0 && teams.every((team) => ownTeams.has(team)));
  }

  async function asked(userId: string): Promise<Origin['verdict']> {
    const reading = records.get(userId, async () => {
      const { user } = await client.users.info({ user: userId });
      return verdictByRecord(identity, user ?? {});
    });
    try {
      return await within(answerWithinMs, reading, () => {
        throw new Error(`no answer within ${answerWithinMs} ms`);
      });
    } catch (error) {
      log.debug(
        { user: userId, ...slackFailureFrom(error) },
        'could not tell which organization a person is from',
      );
      return 'unknown';
    }
  }

  return async (request) => {
    learn(request);
    if (!request.origin?.isOpen) return request;
    const found = isKnown(request) ? 'own' : await asked(request.person.userId);
    const verdict = found === 'unknown' ? request.origin.verdict : found;
    return { ...request, person: personFrom(request.person, verdict) };
  };
}

const fiveMinutes = 5 * 60_000;

/**
 * Asks Slack who is in a group, at most every five minutes. While Slack can't say, its last answer is used for an hour.
 */
export function slackGroupMembers(client: WebClient, clock: () => number): GroupMembers {
  const members = createExpiring<readonly string[]>({ clock, lifeOf: lasting(fiveMinutes, anHour) });
  const now = groupMembersNow(client);
  return (groupId) => members.get(groupId, () => now(groupId));
}

/** The same without the cache: a person who was just removed must not act anymore. */
export function groupMembersNow(client: WebClient): GroupMembers {
  return async (groupId) => (await client.usergroups.users.list({ usergroup: groupId })).users ?? [];
}

/** Who is in a private channel. Without the scope `groups:read`, and for any other channel, Slack doesn't say. */
export function membersOfPrivate(client: WebClient, log: Log): MembersOfPrivate {
  return async (channel) => {
    try {
      const { channel: about } = await client.conversations.info({ channel });
      if (!about?.is_private) return undefined;
      const present: string[] = [];
      for await (const page of client.paginate('conversations.members', { channel, limit: 1_000 }))
        present.push(...((page as ConversationsMembersResponse).members ?? []));
      return present;
    } catch (error) {
      log.debug({ channel, ...slackFailureFrom(error) }, 'could not find out who is in a channel');
      return undefined;
    }
  };
}
