import { phrase } from '../wording.ts';
import { type Check, faultCheck, okCheck, unprovenCheck } from './check.ts';

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
  const accepted = okCheck(
    'Slack',
    botToken.variable,
    phrase`accepted by Slack: ${botName} in ${workspaceUrl}`,
  );
  return [accepted, ...scopeChecks(missingScopes)];
}

function scopeChecks(missing: readonly NeededScope[] | undefined): Check[] {
  if (!missing) {
    const finding = phrase`Slack didn't say which scopes the token has.`;
    return [
      unprovenCheck(
        'Slack',
        'scopes',
        finding,
        phrase`Compare OAuth & Permissions in the app's settings with manifest.yml.`,
      ),
    ];
  }
  if (missing.length === 0) return [okCheck('Slack', 'scopes', phrase`the token has all required scopes`)];
  return missing.map(({ scope, why }) =>
    faultCheck(
      'Slack',
      `scope ${scope}`,
      [...phrase`The token doesn't have it. It is needed `, why, '.'],
      phrase`Add it under OAuth & Permissions in the app's settings, then reinstall the app.`,
    ),
  );
}

export function appTokenChecks(finding: AppTokenFinding, apiUrl: string): Check[] {
  if (!finding.ok) return [refusedAppTokenCheck(finding.trouble, apiUrl)];
  const accepted = okCheck('Slack', appToken.variable, phrase`accepted by Slack for Socket Mode`);
  return [accepted, ...(finding.socket ? [socketCheck(finding.socket)] : [])];
}

function socketCheck(finding: SocketFinding): Check {
  const { host } = finding;
  const remedy = phrase`Check the network, the proxy, and the firewall: Socket Mode needs this host as well as the Web API.`;
  if ('code' in finding && /proxy/i.test(finding.code)) {
    return faultCheck(
      'Slack',
      'Socket Mode',
      phrase`Couldn't reach ${host} (${finding.code}).`,
      phrase`Allow the proxy to connect to ${host}: Socket Mode needs it as well as the Web API. Or add it to NO_PROXY.`,
    );
  }
  if ('code' in finding) {
    return faultCheck('Slack', 'Socket Mode', phrase`Couldn't reach ${host} (${finding.code}).`, remedy);
  }
  if (finding.status < 500) return okCheck('Slack', 'Socket Mode', phrase`${host} is reachable`);
  const said = phrase`${host} returned HTTP ${finding.status}.`;
  return unprovenCheck('Slack', 'Socket Mode', said, remedy);
}

function refusedAppTokenCheck(trouble: SlackTrouble, apiUrl: string): Check {
  if (trouble.kind === 'refused' && trouble.code === 'missing_scope') {
    return faultCheck('Slack', appToken.variable, phrase`It doesn't have the scope ${'connections:write'}.`, [
      appToken.remedy,
    ]);
  }
  return troubleCheck(appToken, trouble, apiUrl);
}

export function signingSecretCheck(): Check {
  return okCheck(
    'Slack',
    'SLACK_SIGNING_SECRET',
    phrase`is set; only a request from Slack can show that it belongs to this app`,
  );
}

function troubleCheck({ variable, remedy }: Token, trouble: TokenTrouble, apiUrl: string): Check {
  switch (trouble.kind) {
    case 'refused':
      return faultCheck('Slack', variable, phrase`Slack rejected it (${trouble.code}).`, [remedy]);
    case 'rate-limited':
      return unprovenCheck(
        'Slack',
        variable,
        phrase`Slack is rate-limiting the bot.`,
        phrase`Try again in ${trouble.retryAfterSeconds ?? 60} seconds.`,
      );
    case 'org-wide':
      return faultCheck(
        'Slack',
        variable,
        phrase`The app is installed for a whole Enterprise Grid organization, but the bot works in one workspace only.`,
        phrase`Install it in that workspace and use the token from there.`,
      );
    case 'unreachable':
      return faultCheck(
        'Slack',
        variable,
        phrase`Couldn't reach Slack at ${apiUrl} (${trouble.code}).`,
        phrase`Check the network, the proxy, the firewall, and SLACK_API_URL.`,
      );
  }
}
