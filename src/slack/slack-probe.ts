import { WebClient } from '@slack/web-api';
import pLimit from 'p-limit';
import type { AppFinding, AppPart } from '../domain/doctor/app-checks.ts';
import type { Membership } from '../domain/doctor/channel-checks.ts';
import { aheadBy } from '../domain/doctor/machine-checks.ts';
import type { AppTokenFinding, BotTokenFinding } from '../domain/doctor/slack-checks.ts';
import type { SlackProbe, SlackProbeGiven } from '../operations/doctor/ports.ts';
import { fetchBotIdentity, OrgWideInstallation } from './bot-identity.ts';
import { checkShortcut, commandName } from './commands.ts';
import { botEvents, botScopes } from './scopes.ts';
import { valueAt } from './signed-request.ts';
import { promptClient, promptClientOptions, type SlackConnection } from './slack-client.ts';
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

type AppProbeOptions = SlackConnection & SlackProbeGiven;

/** What the app's settings lack: apps.manifest.export, and bots.info if the app's id is unknown. */
async function examineApp(options: AppProbeOptions): Promise<AppFinding> {
  const { configToken, appId, appToken } = options;
  if (configToken === undefined) return { kind: 'no-token' };
  const app_id = appId ?? /^xapp-\d+-(A[A-Z0-9]+)-/.exec(appToken ?? '')?.[1] ?? (await idOfOwnApp(options));
  if (app_id === undefined) return { kind: 'no-app-id' };
  try {
    const client = new WebClient(configToken, promptClientOptions(options));
    const { manifest } = await client.apps.manifest.export({ app_id });
    return { kind: 'seen', missing: missingParts(manifest) };
  } catch (error) {
    return { kind: 'not-shown', trouble: troubleFrom(error) };
  }
}

/** Needs the scope users:read, which the token may not have. */
async function idOfOwnApp(options: SlackConnection): Promise<string | undefined> {
  const client = new WebClient(options.botToken, promptClientOptions(options));
  try {
    const { bot_id } = await client.auth.test();
    return (await client.bots.info({ bot: bot_id ?? '' })).bot?.app_id;
  } catch {
    return undefined;
  }
}

type Part = AppPart & { isIn(manifest: unknown): boolean };

/** Everything in `manifest.yml` that the bot needs. A missing part is turned off. */
const parts: readonly Part[] = [
  ...botScopes.flatMap(({ scope, why, onlyIf }) =>
    onlyIf === undefined
      ? [listed(`scope ${scope}`, why, 'OAuth & Permissions', ['oauth_config', 'scopes', 'bot'], scope)]
      : [],
  ),
  ...botEvents.map(({ event, why }) =>
    listed(
      `event ${event}`,
      why,
      'Event Subscriptions',
      ['settings', 'event_subscriptions', 'bot_events'],
      event,
    ),
  ),
  {
    what: `command ${commandName}`,
    why: 'to look up a queue',
    where: 'Slash Commands',
    isIn: (manifest) =>
      valuesOf('command', valueAt(manifest, 'features', 'slash_commands')).includes(commandName),
  },
  {
    what: `shortcut ${checkShortcut.callbackId}`,
    why: "to look up a queue from a message's menu",
    where: 'Interactivity & Shortcuts',
    isIn: (manifest) =>
      valuesOf('callback_id', valueAt(manifest, 'features', 'shortcuts')).includes(checkShortcut.callbackId),
  },
  {
    what: 'interactivity',
    why: 'to receive button clicks',
    where: 'Interactivity & Shortcuts',
    isIn: (manifest) => valueAt(manifest, 'settings', 'interactivity', 'is_enabled') === true,
  },
  {
    what: 'Messages tab',
    why: "to send watchers a direct message when the bot can't post in their channel",
    where: 'App Home',
    isIn: (manifest) => valueAt(manifest, 'features', 'app_home', 'messages_tab_enabled') === true,
  },
  {
    what: 'Home tab',
    why: 'to show each person the status of all queues',
    where: 'App Home',
    isIn: (manifest) => valueAt(manifest, 'features', 'app_home', 'home_tab_enabled') === true,
  },
];

function listed(what: string, why: string, where: string, path: string[], name: string): Part {
  return { what, why, where, isIn: (manifest) => listOf(valueAt(manifest, ...path)).includes(name) };
}

function missingParts(manifest: unknown): AppPart[] {
  return parts.flatMap(({ isIn, ...part }) => (isIn(manifest) ? [] : [part]));
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function valuesOf(key: string, value: unknown): unknown[] {
  return listOf(value).map((one) => valueAt(one, key));
}
