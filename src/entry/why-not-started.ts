import type { Environment } from '../config/environment.ts';
import { type SlackFailure, slackFailureFrom } from '../slack/slack-failure.ts';
import { SocketRefused } from '../slack/socket-receiver.ts';
import { DataFolderInUse } from '../watching/open-database.ts';

const tokenCodes = ['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'account_inactive'];

/** One line for the operator: what kept the bot from starting, and what to do. */
export function whyNotStarted(error: unknown, environment: Environment): string {
  if (error instanceof DataFolderInUse) return error.message;
  if (error instanceof SocketRefused) return whyNoSocket(error.code);
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  if (syscall === 'listen') return whyNoPort(String(code), environment.port);
  if (typeof syscall === 'string') {
    return `the data folder ${environment.dataFolder} cannot be used (${code}). Set DLQ_TASKS_DATA to one the bot may write to.`;
  }
  if (typeof code === 'string' && code.startsWith('slack_webapi_')) {
    return whyNoSlack(slackFailureFrom(error), environment);
  }
  return `it could not start: ${error instanceof Error ? error.message : String(error)}`;
}

function whyNoPort(code: string, port: number): string {
  if (code === 'EADDRINUSE') return `port ${port} is taken. Set PORT to a free one.`;
  if (code === 'EACCES') return `port ${port} may not be used. Set PORT to one above 1023.`;
  return `port ${port} cannot be used (${code}). Set PORT to another one.`;
}

function whyNoSocket(code: string): string {
  if (tokenCodes.includes(code)) return wrongToken('SLACK_APP_TOKEN', code);
  return `Slack refuses Socket Mode (${code}). Check that it is switched on in the app's settings, and that SLACK_APP_TOKEN has the scope connections:write.`;
}

function whyNoSlack(failure: SlackFailure, { slackApiUrl }: Environment): string {
  switch (failure.kind) {
    case 'refused':
      return tokenCodes.includes(failure.code)
        ? wrongToken('SLACK_BOT_TOKEN', failure.code)
        : `Slack refuses SLACK_BOT_TOKEN (${failure.code}). Install the app again with the scopes of manifest.yml.`;
    case 'rate-limited':
      return `Slack takes no more calls for ${failure.retryAfterSeconds} s. Start the bot again then.`;
    case 'in-doubt':
      return `Slack cannot be reached at ${slackApiUrl} (${failure.code}). Check the network and SLACK_API_URL.`;
  }
}

function wrongToken(variable: string, code: string): string {
  return `Slack does not accept ${variable} (${code}). Copy the token anew from the app's settings.`;
}
