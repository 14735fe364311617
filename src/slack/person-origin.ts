import type { Person } from '../operations/access.ts';
import type { BotIdentity } from './bot-identity.ts';

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
