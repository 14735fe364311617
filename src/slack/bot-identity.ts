import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { backoffMs, isLasting } from './retrying.ts';
import { type SlackFailure, slackFailureFrom } from './slack-failure.ts';

/** The bot itself and the workspace it lives in, as auth.test tells. */
export type BotIdentity = {
  botId: string;
  botUserId: string;
  /** As people type it after `/invite @`. */
  botName: string;
  teamId: string;
  enterpriseId?: string;
  /** Ends with a slash. */
  workspaceUrl: string;
  /** The scopes that the token really has. */
  scopes: readonly string[];
};

/** Rejects when the token is wrong or Slack does not answer. */
export async function fetchBotIdentity(client: WebClient): Promise<BotIdentity> {
  const me = await client.auth.test();
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

/** Asks for as long as Slack is in trouble, or cannot be reached; rejects when waiting cannot help. */
export async function waitForBotIdentity(
  client: WebClient,
  onTrouble: (failure: SlackFailure) => void,
  wait: (ms: number) => Promise<unknown> = sleep,
): Promise<BotIdentity> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await fetchBotIdentity(client);
    } catch (error) {
      const failure = slackFailureFrom(error);
      if (isLasting(failure)) throw error;
      onTrouble(failure);
      await wait(backoffMs(failures, failure));
    }
  }
}

const historyScopes = ['channels:history', 'groups:history', 'im:history', 'im:write'];

/** Without these a thread cannot be searched before a notice is repeated. */
export function missingHistoryScopes({ scopes }: BotIdentity): string[] {
  return historyScopes.filter((scope) => !scopes.includes(scope));
}

/**
 * Another workspace than the bot's means Slack Connect; an unnamed one is taken as foreign. `enterpriseId` must be that
 * of whoever acts: the one of a click is the app's own, and would vouch for anybody.
 */
export function isExternal(
  identity: BotIdentity,
  teamId: string | undefined,
  enterpriseId?: string | null,
): boolean {
  if (teamId === identity.teamId || (teamId !== undefined && teamId === identity.enterpriseId)) return false;
  return identity.enterpriseId === undefined || enterpriseId !== identity.enterpriseId;
}
