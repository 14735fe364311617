import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { backoffMs, isLasting, type SlackFailure, slackFailureFrom } from './slack-failure.ts';

/** The bot itself and its workspace, from auth.test. */
export type BotIdentity = {
  botId: string;
  botUserId: string;
  /** As people type it after `/invite @`. */
  botName: string;
  teamId: string;
  /** The Enterprise Grid organization of that workspace. */
  enterpriseId?: string;
  /** Ends with a slash. */
  workspaceUrl: string;
  /** The scopes that the token has. */
  scopes: readonly string[];
};

/** The token is for a whole organization, where user groups, Homes and limits belong to many workspaces. */
export class OrgWideInstallation extends Error {
  constructor() {
    super(
      'the app is installed for a whole Enterprise Grid organization, but dlq-tasks works in one workspace only. Install it in that workspace, and set SLACK_BOT_TOKEN to the token from there.',
    );
    this.name = 'OrgWideInstallation';
  }
}

/** Rejects if the token is wrong or org-wide, or if Slack does not answer. */
export async function fetchBotIdentity(client: WebClient): Promise<BotIdentity> {
  const me = await client.auth.test();
  if (me.is_enterprise_install) throw new OrgWideInstallation();
  return {
    botId: me.bot_id ?? '',
    botUserId: me.user_id ?? '',
    botName: me.user ?? 'dlq-tasks',
    teamId: me.team_id ?? '',
    workspaceUrl: me.url ?? 'https://slack.com/',
    ...(me.enterprise_id && { enterpriseId: me.enterprise_id }),
    scopes: me.response_metadata?.scopes ?? [],
  };
}

/** Retries while Slack fails or can't be reached; rejects if waiting can't help. */
export async function waitForBotIdentity(
  client: WebClient,
  onTrouble: (failure: SlackFailure) => void,
  wait: (ms: number) => Promise<unknown> = sleep,
): Promise<BotIdentity> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await fetchBotIdentity(client);
    } catch (error) {
      if (error instanceof OrgWideInstallation) throw error;
      const failure = slackFailureFrom(error);
      if (isLasting(failure)) throw error;
      onTrouble(failure);
      await wait(backoffMs(failures, failure));
    }
  }
}

const historyScopes = ['channels:history', 'groups:history', 'im:history', 'im:write'];

/** Without these, the bot can't search a thread before it posts a notification again. */
export function missingHistoryScopes({ scopes }: BotIdentity): string[] {
  return historyScopes.filter((scope) => !scopes.includes(scope));
}

/** Without it, colleagues in the organization's other workspaces can't be distinguished from external people. */
export function lacksUsersRead({ enterpriseId, scopes }: BotIdentity): boolean {
  return enterpriseId !== undefined && !scopes.includes('users:read');
}
