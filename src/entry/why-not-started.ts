import type { Environment } from '../config/environment.ts';
import { errorInWords } from '../domain/error-words.ts';
import { OrgWideInstallation } from '../slack/bot-identity.ts';
import { reasonOf, tokenCodes } from '../slack/retrying.ts';
import { type SlackFailure, slackFailureFrom } from '../slack/slack-failure.ts';
import { SocketRefused } from '../slack/socket-receiver.ts';
import { DataFolderInUse, DataFolderUnusable } from '../storage/sqlite/open-database.ts';

/** One line for the operator: why the bot could not start, and what to do. */
export function whyNotStarted(error: unknown, environment: Environment): string {
  if (error instanceof DataFolderInUse || error instanceof OrgWideInstallation) return error.message;
  if (error instanceof DataFolderUnusable) return `the data folder cannot be used: ${error.message}`;
  if (error instanceof SocketRefused) return whyNoSocket(error.code);
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  if (syscall === 'listen' || syscall === 'getaddrinfo') return whyNoPort(error, environment);
  if (code === 'slack_webapi_platform_error') return whyNoSlack(slackFailureFrom(error));
  return `it could not start: ${errorInWords(error) || String(error)}`;
}

function whyNoPort(error: unknown, { port: mainPort, host, metricsPort }: Environment): string {
  const { code, port = mainPort } = error as { code?: unknown; port?: number };
  const variable = port === metricsPort && port !== mainPort ? 'DLQ_TASKS_METRICS_PORT' : 'PORT';
  if (host !== undefined && ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'].includes(String(code)))
    return `this machine has no address ${host} (${code}). Set DLQ_TASKS_HOST to one that it has, or leave it out.`;
  if (code === 'EADDRINUSE') return `port ${port} is taken. Set ${variable} to a free one.`;
  if (code === 'EACCES') return `port ${port} may not be used. Set ${variable} to one above 1023.`;
  return `port ${port} cannot be used (${code}). Set ${variable} to another one.`;
}

function whyNoSocket(code: string): string {
  if (tokenCodes.includes(code)) return wrongToken('SLACK_APP_TOKEN', code);
  return `Slack refuses Socket Mode (${code}). Check that it is switched on in the app's settings, and that SLACK_APP_TOKEN has the scope connections:write.`;
}

function whyNoSlack(failure: SlackFailure): string {
  const why = reasonOf(failure);
  if (tokenCodes.includes(why)) return wrongToken('SLACK_BOT_TOKEN', why);
  return `Slack refuses SLACK_BOT_TOKEN (${why}). Install the app again with the scopes of manifest.yml.`;
}

function wrongToken(variable: string, code: string): string {
  return `Slack does not accept ${variable} (${code}). Copy the token anew from the app's settings.`;
}
