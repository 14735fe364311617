import type { Json } from './json.ts';
import type { Settings } from './options.ts';
import type { Person } from './page-contract.ts';

/**
 * Where something happened, according to an interaction: the bot's own workspace and organization, whoever
 * acts.
 */
export function whereItHappened({ team }: Settings): Json {
  const { id, domain, enterpriseId, isOrgWide } = team;
  const enterprise = enterpriseId === undefined ? null : { id: enterpriseId, name: 'sandbox' };
  return {
    team: isOrgWide ? null : { id, domain, ...(enterpriseId && { enterprise_id: enterpriseId }) },
    enterprise,
    is_enterprise_install: isOrgWide ?? false,
  };
}

/** A command names the workspace it was typed in: the person's own one. */
export function whereItWasTyped({ team }: Settings, person: Person): Record<string, string> {
  return {
    ...(!person.hidesTeam && { team_id: person.teamId }),
    ...(person.enterpriseId && !person.hidesTeam && { enterprise_id: person.enterpriseId }),
    is_enterprise_install: String(team.isOrgWide ?? false),
  };
}

/** Whether a person is neither from the bot's workspace nor from its organization (Slack Connect). */
export function isStranger({ team }: Settings, { teamId, enterpriseId }: Person): boolean {
  return teamId !== team.id && (enterpriseId === undefined || enterpriseId !== team.enterpriseId);
}

/** A person of an organization in users.info. */
export function enterpriseUserOf({ id, teamId, enterpriseId }: Person): Json {
  if (enterpriseId === undefined) return {};
  return {
    enterprise_user: { id, enterprise_id: enterpriseId, enterprise_name: 'sandbox', teams: [teamId] },
  };
}
