import { WebClient } from '@slack/web-api';
import pLimit from 'p-limit';
import { aheadBy } from '../domain/doctor/machine-checks.ts';
import type {
  AppFinding,
  AppPart,
  AppTokenFinding,
  BotTokenFinding,
  Membership,
} from '../domain/doctor/slack-checks.ts';
import type { SlackProbe, SlackProbeGiven } from '../operations/doctor/ports.ts';
import { fetchBotIdentity, OrgWideInstallation } from './bot-identity.ts';
import { checkShortcut, commandName } from './commands.ts';
import { botEvents, botScopes } from './scopes.ts';
import { valueAt } from './signed-request.ts';
import { promptClient, promptClientOptions, type SlackConnection } from './slack-client.ts';
import { troubleFrom } from './slack-failure.ts';
import { probeSocketHost } from './socket-dispatcher.ts';

type SlackProbeOptions = SlackConnection & SlackProbeGiven & { behindProxy: boolean; clock: () => number };

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
    memberships(channels) {
      const [client, limit] = [promptClient(options), pLimit(atOnce)];
      return Promise.all(channels.map((channel) => limit(() => membershipOf(client, channel))));
    },
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

/** Whether the bot is in a channel, which it is if it may read the newest message. The message itself is ignored. */
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

/** What the app's settings lack: apps.manifest.export, and bots.info if the app's id is unknown. */
async function examineApp(options: SlackProbeOptions): Promise<AppFinding> {
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
  const client = promptClient(options);
  try {
    const { bot_id } = await client.auth.test();
    return (await client.bots.info({ bot: bot_id ?? '' })).bot?.app_id;
  } catch {
    return undefined;
  }
}

/** Where a part stands in a manifest, and its value there, or in the list there, under a key or not. */
type Part = AppPart & { at: string; key?: string; is: unknown };

/** Everything in `manifest.yml` that the bot needs. A missing part is turned off. */
const parts: readonly Part[] = [
  ...botScopes.flatMap(({ scope, why, onlyIf }) => {
    const where = 'OAuth & Permissions';
    return onlyIf === undefined
      ? [{ what: `scope ${scope}`, why, where, at: 'oauth_config.scopes.bot', is: scope }]
      : [];
  }),
  ...botEvents.map(({ event, why }) => {
    const at = 'settings.event_subscriptions.bot_events';
    return { what: `event ${event}`, why, where: 'Event Subscriptions', at, is: event };
  }),
  {
    what: `command ${commandName}`,
    why: 'to look up a queue',
    where: 'Slash Commands',
    ...{ at: 'features.slash_commands', key: 'command', is: commandName },
  },
  {
    what: `shortcut ${checkShortcut.callbackId}`,
    why: "to look up a queue from a message's menu",
    where: 'Interactivity & Shortcuts',
    ...{ at: 'features.shortcuts', key: 'callback_id', is: checkShortcut.callbackId },
  },
  {
    what: 'interactivity',
    why: 'to receive button clicks',
    where: 'Interactivity & Shortcuts',
    ...{ at: 'settings.interactivity.is_enabled', is: true },
  },
  {
    what: 'Messages tab',
    why: "to send watchers a direct message when the bot can't post in their channel",
    where: 'App Home',
    ...{ at: 'features.app_home.messages_tab_enabled', is: true },
  },
  {
    what: 'Home tab',
    why: 'to show each person the status of all queues',
    where: 'App Home',
    ...{ at: 'features.app_home.home_tab_enabled', is: true },
  },
];

function missingParts(manifest: unknown): AppPart[] {
  return parts.flatMap(({ what, why, where, at, key, is }) => {
    const found = [valueAt(manifest, ...at.split('.'))].flat();
    const isIn = found.some((one) => (key === undefined ? one : valueAt(one, key)) === is);
    return isIn ? [] : [{ what, why, where }];
  });
}
