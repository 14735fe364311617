import type { Queue } from '../queue.ts';
import type { AccessRules } from '../settings.ts';
import { howMany, phrase } from '../wording.ts';
import { about, type Check } from './check.ts';

export type SlackTrouble =
  | { kind: 'refused'; code: string }
  | { kind: 'rate-limited'; retryAfterSeconds?: number }
  | { kind: 'unreachable'; code: string };

/** `org-wide`: the token is for a whole Enterprise Grid organization. */
type TokenTrouble = SlackTrouble | { kind: 'org-wide' };

type NeededScope = { scope: string; why: string };

/** What auth.test said about the bot token. `missingScopes` is absent if Slack did not list the scopes. */
export type BotTokenFinding =
  | { ok: true; botName: string; workspaceUrl: string; missingScopes?: readonly NeededScope[] }
  | { ok: false; trouble: TokenTrouble };

/** What Socket Mode's host answered: an HTTP status, or why there was no answer. */
type SocketFinding = { host: string; status: number } | { host: string; code: string };

/** What apps.connections.open said about the app token, and what the host it named answered. */
export type AppTokenFinding = { ok: true; socket?: SocketFinding } | { ok: false; trouble: SlackTrouble };

type Token = { variable: string; remedy: string };

const botToken: Token = {
  variable: 'SLACK_BOT_TOKEN',
  remedy:
    "Copy the Bot User OAuth Token again from OAuth & Permissions in the app's settings. If it is gone, reinstall the app.",
};

const appToken: Token = {
  variable: 'SLACK_APP_TOKEN',
  remedy:
    "Generate an app-level token with the scope connections:write under Basic Information in the app's settings.",
};

export function botTokenChecks(finding: BotTokenFinding, apiUrl: string): Check[] {
  if (!finding.ok) return [troubleCheck(botToken, finding.trouble, apiUrl)];
  const { botName, workspaceUrl, missingScopes } = finding;
  const accepted = phrase`accepted by Slack: ${botName} in ${workspaceUrl}`;
  return [about('Slack', botToken.variable).ok(accepted), ...scopeChecks(missingScopes)];
}

function scopeChecks(missing: readonly NeededScope[] | undefined): Check[] {
  const { ok, unproven } = about('Slack', 'scopes');
  if (!missing) {
    return [
      unproven(
        phrase`Slack didn't say which scopes the token has.`,
        phrase`Compare OAuth & Permissions in the app's settings with manifest.yml.`,
      ),
    ];
  }
  if (missing.length === 0) return [ok(phrase`the token has all required scopes`)];
  return missing.map(({ scope, why }) =>
    about('Slack', `scope ${scope}`).fault(
      [...phrase`The token doesn't have it. It is needed `, why, '.'],
      phrase`Add it under OAuth & Permissions in the app's settings, then reinstall the app.`,
    ),
  );
}

export function appTokenChecks(finding: AppTokenFinding, apiUrl: string): Check[] {
  if (!finding.ok) return [refusedAppTokenCheck(finding.trouble, apiUrl)];
  const accepted = about('Slack', appToken.variable).ok(phrase`accepted by Slack for Socket Mode`);
  return [accepted, ...(finding.socket ? [socketCheck(finding.socket)] : [])];
}

function socketCheck(finding: SocketFinding): Check {
  const { host } = finding;
  const { ok, fault, unproven } = about('Slack', 'Socket Mode');
  const remedy = phrase`Check the network, the proxy, and the firewall: Socket Mode needs this host as well as the Web API.`;
  if ('code' in finding && /proxy/i.test(finding.code)) {
    return fault(
      phrase`Couldn't reach ${host} (${finding.code}).`,
      phrase`Allow the proxy to connect to ${host}: Socket Mode needs it as well as the Web API. Or add it to NO_PROXY.`,
    );
  }
  if ('code' in finding) return fault(phrase`Couldn't reach ${host} (${finding.code}).`, remedy);
  if (finding.status < 500) return ok(phrase`${host} is reachable`);
  return unproven(phrase`${host} returned HTTP ${finding.status}.`, remedy);
}

function refusedAppTokenCheck(trouble: SlackTrouble, apiUrl: string): Check {
  if (trouble.kind === 'refused' && trouble.code === 'missing_scope') {
    const finding = phrase`It doesn't have the scope ${'connections:write'}.`;
    return about('Slack', appToken.variable).fault(finding, [appToken.remedy]);
  }
  return troubleCheck(appToken, trouble, apiUrl);
}

export function signingSecretCheck(): Check {
  return about('Slack', 'SLACK_SIGNING_SECRET').ok(
    phrase`is set; only a request from Slack can show that it belongs to this app`,
  );
}

function troubleCheck({ variable, remedy }: Token, trouble: TokenTrouble, apiUrl: string): Check {
  const { fault, unproven } = about('Slack', variable);
  switch (trouble.kind) {
    case 'refused':
      return fault(phrase`Slack rejected it (${trouble.code}).`, [remedy]);
    case 'rate-limited':
      return unproven(
        phrase`Slack is rate-limiting the bot.`,
        phrase`Try again in ${trouble.retryAfterSeconds ?? 60} seconds.`,
      );
    case 'org-wide':
      return fault(
        phrase`The app is installed for a whole Enterprise Grid organization, but the bot works in one workspace only.`,
        phrase`Install it in that workspace and use the token from there.`,
      );
    case 'unreachable':
      return fault(
        phrase`Couldn't reach Slack at ${apiUrl} (${trouble.code}).`,
        phrase`Check the network, the proxy, the firewall, and SLACK_API_URL.`,
      );
  }
}

/** A part of the app's settings that the bot needs. `where`: its page. */
export type AppPart = { what: string; why: string; where: string };

/** What Slack says about the app's settings. That needs a token of the person who created the app. */
export type AppFinding =
  | { kind: 'seen'; missing: readonly AppPart[] }
  | { kind: 'no-token' }
  | { kind: 'no-app-id' }
  | { kind: 'not-shown'; trouble: SlackTrouble };

const byHand = phrase`, or compare its App Manifest with ${'dlq-tasks manifest'}.`;

export function appChecks(finding: AppFinding): Check[] {
  const { ok, unproven } = about('Slack', 'app');
  switch (finding.kind) {
    case 'seen':
      return finding.missing.length === 0
        ? [ok(phrase`has all required events, shortcuts, and tabs`)]
        : finding.missing.map(missingCheck);
    case 'no-token':
      return [
        unproven(phrase`Only an app configuration token can read its events, shortcuts, and tabs.`, [
          ...phrase`For this run, set ${'SLACK_APP_CONFIG_TOKEN'} to one from api.slack.com/apps`,
          ...byHand,
        ]),
      ];
    case 'no-app-id':
      return [
        unproven(phrase`Slack didn't say which app the bot token belongs to.`, [
          ...phrase`Set ${'SLACK_APP_ID'} to the App ID under Basic Information in the app's settings`,
          ...byHand,
        ]),
      ];
    case 'not-shown': {
      const { trouble } = finding;
      const why = trouble.kind === 'rate-limited' ? trouble.kind : trouble.code;
      return [
        unproven(phrase`Couldn't read its settings from Slack (${why}).`, [
          ...phrase`Create a new ${'SLACK_APP_CONFIG_TOKEN'}: they expire after 12 hours`,
          ...byHand,
        ]),
      ];
    }
  }
}

function missingCheck({ what, why, where }: AppPart): Check {
  return about('Slack', what).fault(
    [...phrase`The app doesn't have it. It is needed `, why, '.'],
    phrase`Add it under ${where} in the app's settings, or paste the output of ${'dlq-tasks manifest'} under App Manifest.`,
  );
}

export type Membership = { channel: string; answer: 'in' | 'not-in' | 'not-found' | { code: string } };

export function channelsNamed(
  queues: readonly Queue[],
  { channels }: Pick<AccessRules, 'channels'>,
): Map<string, string> {
  const uses = new Map<string, string>();
  const add = (channel: string, use: string) => uses.set(channel, uses.get(channel) ?? use);
  for (const { notify, alias } of queues) if (notify !== undefined) add(notify, `notify of ${alias}`);
  for (const { redrive } of queues)
    if (redrive?.channel !== undefined) add(redrive.channel, 'redrive.channel');
  for (const queue of queues)
    for (const channel of queue.channels) add(channel, `channels of ${queue.alias}`);
  for (const channel of channels) add(channel, 'access.channels');
  return uses;
}

export function channelChecks(
  memberships: readonly Membership[],
  uses: ReadonlyMap<string, string>,
  botName: string,
): Check[] {
  const inside = memberships.filter(({ answer }) => answer === 'in').length;
  const some = howMany(inside, 'channel');
  return [
    ...(inside > 0 ? [about('Slack', 'channels').ok([`the bot is in ${some} from the settings`])] : []),
    ...memberships.flatMap((one) => checkOf(one, uses.get(one.channel) ?? '', botName)),
  ];
}

function checkOf({ channel, answer }: Membership, use: string, botName: string): Check[] {
  const { fault, unproven } = about('Slack', `channel ${channel}`);
  const invite = phrase`${`/invite @${botName}`}`;
  if (answer === 'in') return [];
  if (answer === 'not-in') {
    const finding = phrase`The bot is not in it (${use}) and can't post cards there.`;
    return [fault(finding, phrase`Type ${invite} there.`)];
  }
  if (answer === 'not-found') {
    const finding = phrase`The bot can't find it (${use}): the id is wrong, or the channel is private and the bot is not in it.`;
    return [fault(finding, phrase`Type ${invite} there, or correct the settings.`)];
  }
  const finding = phrase`Couldn't check whether the bot is in it (${answer.code}).`;
  return [unproven(finding, phrase`Fix the other Slack problems, and run this again.`)];
}
