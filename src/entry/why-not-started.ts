import type { Environment } from '../config/environment.ts';
import { DataFolderInUse } from '../watching/open-database.ts';

const tokenCodes = ['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'account_inactive'];

/** One line for the operator: what kept the bot from starting, and what to do. */
export function whyNotStarted(error: unknown, { port, slackApiUrl, mode }: Environment): string {
  const code = codeOf(error);
  if (tokenCodes.includes(code)) {
    const variable = isAboutAppToken(error) ? 'SLACK_APP_TOKEN' : 'SLACK_BOT_TOKEN';
    return `Slack does not accept ${variable} (${code}). Copy the token anew from the app's settings.`;
  }
  if (code === 'missing_scope' || code === 'not_allowed_token_type') {
    return `Slack refuses a token (${code}). ${mode.kind === 'socket' ? 'SLACK_APP_TOKEN needs the scope connections:write.' : 'Install the app again with the scopes of manifest.yml.'}`;
  }
  if (code === 'EADDRINUSE') return `port ${port} is taken. Set PORT to a free one.`;
  if (code === 'EACCES') return `port ${port} may not be used. Set PORT to one above 1023.`;
  if (error instanceof DataFolderInUse) return error.message;
  if (/^(E[A-Z]+|slack_webapi_request_error|slack_webapi_http_error|TimeoutError)$/.test(code)) {
    return `Slack cannot be reached at ${slackApiUrl} (${code}). Check the network and SLACK_API_URL.`;
  }
  return `it could not start: ${error instanceof Error ? error.message : String(error)}`;
}

function codeOf(error: unknown): string {
  const { data, code, original, cause } = (error ?? {}) as Record<string, unknown>;
  const deeper = (original as { cause?: { code?: unknown } } | undefined)?.cause?.code;
  return String(
    (data as { error?: unknown } | undefined)?.error ??
      deeper ??
      (cause as { code?: unknown } | undefined)?.code ??
      code ??
      '',
  );
}

/** Set by the Socket Mode receiver's own call. */
function isAboutAppToken(error: unknown): boolean {
  return error instanceof Error && /apps\.connections\.open|socket/i.test(`${error.stack}`);
}
