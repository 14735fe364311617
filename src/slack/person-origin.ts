import type { Asker } from '../operations/access.ts';
import type { BotIdentity } from './bot-identity.ts';

/** What a request shows about its person's organization. */
export type Origin = {
  verdict: 'own' | 'external' | 'unknown';
  /** The workspaces that it names as the person's. */
  teams: readonly string[];
  /** The request does not say, so Slack must be asked; `verdict` holds when Slack cannot tell. */
  isOpen: boolean;
};

/** A command names the workspace in which it was typed, and the organization that this workspace belongs to. */
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
 * Everything else names the person's primary workspace. In an organization that may be any of its workspaces, whose ids
 * say nothing; the `team` and `enterprise` of a click are where it happened, and would vouch for anybody.
 */
export function originByTeams(identity: BotIdentity, teams: readonly string[]): Origin {
  const others = teams.filter((id) => id !== identity.teamId && id !== identity.enterpriseId);
  if (teams.length > 0 && others.length === 0) return { verdict: 'own', teams, isOpen: false };
  const isSettled = teams.length > 0 && identity.enterpriseId === undefined;
  return isSettled
    ? { verdict: 'external', teams, isOpen: false }
    : { verdict: 'unknown', teams, isOpen: true };
}

/** What users.info says about a person. */
export type UserRecord = {
  team_id?: string;
  enterprise_user?: { enterprise_id?: string };
  is_stranger?: boolean;
};

/** Everybody of an organization has an `enterprise_user`; `is_stranger` is said of some of the others only. */
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

/** Who cannot be shown to be of the bot's own people counts as external, but is not called so. */
export function askerFrom(
  { userId, channelId }: Pick<Asker, 'userId' | 'channelId'>,
  verdict: Origin['verdict'],
): Asker {
  return {
    userId,
    channelId,
    isExternal: verdict !== 'own',
    ...(verdict === 'unknown' && { isUnknown: true }),
  };
}
