import { WebClient } from '@slack/web-api';
import pLimit from 'p-limit';
import type { Membership } from '../domain/doctor/channel-checks.ts';
import { aheadBy } from '../domain/doctor/machine-checks.ts';
import type { AppTokenFinding, BotTokenFinding } from '../domain/doctor/slack-checks.ts';
import type { SlackProbe } from '../operations/doctor/ports.ts';
import { type AppProbeOptions, examineApp } from './app-probe.ts';
import { fetchBotIdentity, OrgWideInstallation } from './bot-identity.ts';
import { botScopes } from './scopes.ts';
import { promptClient, promptClientOptions } from './slack-client.ts';
import { troubleFrom } from './slack-failure.ts';
import { probeSocketHost } from './socket-dispatcher.ts';

type SlackProbeOptions = AppProbeOptions & { behindProxy: boolean; clock: () => number };

/**
 * Asks Slack over its Web API: auth.test, conversations.history, the app's settings, and for Socket Mode
 * apps.connections.open, whose address is also tried.
 */
export function createSlackProbe(options: SlackProbeOptions): SlackProbe {
  const { apiUrl, appToken } = options;
  return {
    apiUrl,
    botToken: () => testBotToken(options),
    app: () => examineApp(options),
    memberships: (channels) => membershipsOf(promptClient(options), channels),
    ...(appToken !== undefined && { appToken: () => testAppToken(appToken, options) }),
  };
}

async function testBotToken(options: SlackProbeOptions) {
  let aheadMs: number | undefined;
  const datedFetch: typeof fetch = async (...request) => {
    const response = await fetch(...request);
    aheadMs = aheadBy(response.headers.get('date'), options.clock()) ?? aheadMs;
    return response;
  };
  const client = new WebClient(options.botToken, { ...promptClientOptions(options), fetch: datedFetch });
  const found = await botTokenFound(client, options.usesUserGroups);
  return { found, ...(aheadMs !== undefined && { aheadMs }) };
}

async function botTokenFound(client: WebClient, usesUserGroups: boolean): Promise<BotTokenFinding> {
  try {
    const { botName, workspaceUrl, scopes, enterpriseId } = await fetchBotIdentity(client);
    const isOnGrid = enterpriseId !== undefined;
    const needed = botScopes.filter(
      ({ onlyIf, onGridOnly }) => (onlyIf === undefined || usesUserGroups) && (!onGridOnly || isOnGrid),
    );
    const missingScopes = needed.filter(({ scope }) => !scopes.includes(scope));
    return { ok: true, botName, workspaceUrl, ...(scopes.length > 0 && { missingScopes }) };
  } catch (error) {
    if (error instanceof OrgWideInstallation) return { ok: false, trouble: { kind: 'org-wide' } };
    return { ok: false, trouble: troubleFrom(error) };
  }
}

async function testAppToken(appToken: string, options: SlackProbeOptions): Promise<AppTokenFinding> {
  try {
    const { url } = await new WebClient(appToken, promptClientOptions(options)).apps.connections.open({});
    return { ok: true, ...(url !== undefined && { socket: await probeSocketHost(url, options) }) };
  } catch (error) {
    return { ok: false, trouble: troubleFrom(error) };
  }
}

/** Slack allows about 50 of these calls a minute. */
const atOnce = 3;

/** Whether the bot is in each channel, which it is if it may read the newest message. The message itself is ignored. */
function membershipsOf(client: WebClient, channels: readonly string[]): Promise<Membership[]> {
  const limit = pLimit(atOnce);
  return Promise.all(channels.map((channel) => limit(() => membershipOf(client, channel))));
}

async function membershipOf(client: WebClient, channel: string): Promise<Membership> {
  try {
    await client.conversations.history({ channel, limit: 1 });
    return { channel, answer: 'in' };
  } catch (error) {
    const trouble = troubleFrom(error);
    if (trouble.kind === 'rate-limited') return { channel, answer: { code: 'asked too often' } };
    if (trouble.code === 'not_in_channel') return { channel, answer: 'not-in' };
    if (trouble.code === 'channel_not_found') return { channel, answer: 'not-found' };
    return { channel, answer: { code: trouble.code } };
  }
}
