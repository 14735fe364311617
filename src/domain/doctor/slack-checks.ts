import { phrase } from '../phrase.ts';
import { type Check, isOpen, isRight, isWrong } from './check.ts';

/** Why Slack did not do what it was asked. */
export type SlackTrouble =
  | { kind: 'refused'; code: string }
  | { kind: 'rate-limited'; retryAfterSeconds?: number }
  | { kind: 'unreachable'; code: string };

/** `org-wide`: the token is for a whole Enterprise Grid organization. */
type TokenTrouble = SlackTrouble | { kind: 'org-wide' };

type NeededScope = { scope: string; why: string };

/** What auth.test said about the bot token. `missingScopes` is absent when Slack does not tell the scopes. */
export type BotTokenFinding =
  | { ok: true; botName: string; workspaceUrl: string; missingScopes?: readonly NeededScope[] }
  | { ok: false; trouble: TokenTrouble };

/** What the host of the sockets said: an HTTP status, or why there was no answer. */
type SocketFinding = { host: string; status: number } | { host: string; code: string };

/** What apps.connections.open said about the app token, and then the host that it named. */
export type AppTokenFinding = { ok: true; socket?: SocketFinding } | { ok: false; trouble: SlackTrouble };

type Token = { variable: string; remedy: string };

const botToken: Token = {
  variable: 'SLACK_BOT_TOKEN',
  remedy:
    "Copy the Bot User OAuth Token anew from OAuth & Permissions of the app's settings. If it is gone, install the app again.",
};

const appToken: Token = {
  variable: 'SLACK_APP_TOKEN',
  remedy:
    "Generate an app-level token with the scope connections:write under Basic Information of the app's settings.",
};

export function botTokenChecks(finding: BotTokenFinding, apiUrl: string): Check[] {
  if (!finding.ok) return [troubleCheck(botToken, finding.trouble, apiUrl)];
  const { botName, workspaceUrl, missingScopes } = finding;
  const accepted = isRight(
    'Slack',
    botToken.variable,
    phrase`Slack accepts it: ${botName} in ${workspaceUrl}`,
  );
  return [accepted, ...scopeChecks(missingScopes)];
}

function scopeChecks(missing: readonly NeededScope[] | undefined): Check[] {
  if (!missing) {
    const finding = phrase`Slack does not tell which scopes the token has.`;
    return [
      isOpen(
        'Slack',
        'scopes',
        finding,
        phrase`Compare OAuth & Permissions of the app's settings with manifest.yml.`,
      ),
    ];
  }
  if (missing.length === 0) return [isRight('Slack', 'scopes', phrase`the token has all that are needed`)];
  return missing.map(({ scope, why }) =>
    isWrong(
      'Slack',
      `scope ${scope}`,
      [...phrase`The token lacks it. It is needed `, why, '.'],
      phrase`Add it under OAuth & Permissions of the app's settings, then install the app again.`,
    ),
  );
}

export function appTokenChecks(finding: AppTokenFinding, apiUrl: string): Check[] {
  if (!finding.ok) return [refusedAppTokenCheck(finding.trouble, apiUrl)];
  const accepted = isRight('Slack', appToken.variable, phrase`Slack would open a connection with it`);
  return [accepted, ...(finding.socket ? [socketCheck(finding.socket)] : [])];
}

function socketCheck(finding: SocketFinding): Check {
  const { host } = finding;
  const remedy = phrase`Check the network, a proxy or firewall on the way: Socket Mode needs this host beside the Web API.`;
  if ('code' in finding && /proxy/i.test(finding.code)) {
    return isWrong(
      'Slack',
      'Socket Mode',
      phrase`${host} cannot be reached (${finding.code}).`,
      phrase`Let the proxy connect to ${host}, too: Socket Mode needs it beside the Web API. Or name it in NO_PROXY.`,
    );
  }
  if ('code' in finding) {
    return isWrong('Slack', 'Socket Mode', phrase`${host} cannot be reached (${finding.code}).`, remedy);
  }
  if (finding.status < 500) return isRight('Slack', 'Socket Mode', phrase`${host} answers`);
  const said = phrase`${host} answers HTTP ${finding.status}.`;
  return isOpen('Slack', 'Socket Mode', said, remedy);
}

function refusedAppTokenCheck(trouble: SlackTrouble, apiUrl: string): Check {
  if (trouble.kind === 'refused' && trouble.code === 'missing_scope') {
    return isWrong('Slack', appToken.variable, phrase`It lacks the scope ${'connections:write'}.`, [
      appToken.remedy,
    ]);
  }
  return troubleCheck(appToken, trouble, apiUrl);
}

export function signingSecretCheck(): Check {
  return isRight(
    'Slack',
    'SLACK_SIGNING_SECRET',
    phrase`is set; only a request from Slack can prove that it is this app's`,
  );
}

function troubleCheck({ variable, remedy }: Token, trouble: TokenTrouble, apiUrl: string): Check {
  switch (trouble.kind) {
    case 'refused':
      return isWrong('Slack', variable, phrase`Slack does not accept it (${trouble.code}).`, [remedy]);
    case 'rate-limited':
      return isOpen(
        'Slack',
        variable,
        phrase`Slack is being asked too often.`,
        phrase`Try again in ${trouble.retryAfterSeconds ?? 60} seconds.`,
      );
    case 'org-wide':
      return isWrong(
        'Slack',
        variable,
        phrase`The app is installed for a whole Enterprise Grid organization, and the bot works in one workspace only.`,
        phrase`Install it in that workspace, and take the token from there.`,
      );
    case 'unreachable':
      return isWrong(
        'Slack',
        variable,
        phrase`Slack cannot be reached at ${apiUrl} (${trouble.code}).`,
        phrase`Check the network, a proxy or firewall on the way, and SLACK_API_URL.`,
      );
  }
}
