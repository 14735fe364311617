import { WebClient } from '@slack/web-api';
import type { AppFinding, AppPart } from '../domain/doctor/app-checks.ts';
import type { SlackProbeGiven } from '../operations/doctor/ports.ts';
import { checkShortcut, commandName } from './commands.ts';
import { botEvents, botScopes } from './scopes.ts';
import { valueAt } from './signed-request.ts';
import { promptClientOptions, type SlackConnection } from './slack-client.ts';
import { troubleFrom } from './slack-failure.ts';

export type AppProbeOptions = SlackConnection & SlackProbeGiven;

/** What the app's settings lack: apps.manifest.export, and bots.info if the app's id is unknown. */
export async function examineApp(options: AppProbeOptions): Promise<AppFinding> {
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
