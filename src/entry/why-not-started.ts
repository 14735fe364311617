import type { Environment } from '../config/environment.ts';
import { errorInWords } from '../domain/error-words.ts';
import { OrgWideInstallation } from '../slack/bot-identity.ts';
import { reasonOf, type SlackFailure, slackFailureFrom, tokenCodes } from '../slack/slack-failure.ts';
import { SocketRefused } from '../slack/socket-receiver.ts';
import { DataFolderInUse, DataFolderUnusable } from '../storage/sqlite/open-database.ts';

/** One line for the operator: why the bot could not start, and what to do. */
export function whyNotStarted(error: unknown, environment: Environment): string {
  if (error instanceof DataFolderInUse || error instanceof OrgWideInstallation) return error.message;
  if (error instanceof DataFolderUnusable) return `can't use the data folder: ${error.message}`;
  if (error instanceof SocketRefused) return whyNoSocket(error.code);
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  if (syscall === 'listen' || syscall === 'getaddrinfo') return whyNoPort(error, environment);
  if (code === 'slack_webapi_platform_error') return whyNoSlack(slackFailureFrom(error));
  return `could not start: ${errorInWords(error) || String(error)}`;
}

function whyNoPort(error: unknown, { port: mainPort, host, metricsPort }: Environment): string {
  const { code, port = mainPort } = error as { code?: unknown; port?: number };
  const variable = port === metricsPort && port !== mainPort ? 'DLQ_TASKS_METRICS_PORT' : 'PORT';
  if (host !== undefined && ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'].includes(String(code)))
    return `this machine has no address ${host} (${code}). Set DLQ_TASKS_HOST to an address of this machine, or remove it.`;
  if (code === 'EADDRINUSE') return `port ${port} is already in use. Set ${variable} to a free port.`;
  if (code === 'EACCES') return `no permission to use port ${port}. Set ${variable} to a port above 1023.`;
  return `can't use port ${port} (${code}). Set ${variable} to another port.`;
}

function whyNoSocket(code: string): string {
  if (tokenCodes.includes(code)) return wrongToken('SLACK_APP_TOKEN', code);
  return `Slack refused Socket Mode (${code}). Check that it is turned on in the app's settings, and that SLACK_APP_TOKEN has the scope connections:write.`;
}

function whyNoSlack(failure: SlackFailure): string {
  const why = reasonOf(failure);
  if (tokenCodes.includes(why)) return wrongToken('SLACK_BOT_TOKEN', why);
  return `Slack rejected SLACK_BOT_TOKEN (${why}). Reinstall the app with the scopes in manifest.yml.`;
}

function wrongToken(variable: string, code: string): string {
  return `Slack rejected ${variable} (${code}). Copy the token again from the app's settings.`;
}
