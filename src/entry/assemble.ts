import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
// Loaded at startup: src/slack imports it lazily, and an upgrade may have replaced the files by then.
import '../slack/lazy-handlers.ts';

import manifest from '../../package.json' with { type: 'json' };
import { createRoleAccess, type RoleAccess } from '../aws/role-access.ts';
import { createStartCalls } from '../aws/start-calls.ts';
import type { Environment } from '../config/environment.ts';
import type { Settings } from '../config/parse-settings.ts';
import { offersRedrives } from '../domain/queue.ts';
import { errorInWords } from '../domain/wording.ts';
import { createLocalEngine, type LocalEngine } from '../engine/local/local-engine.ts';
import { createPrometheusMetrics } from '../metrics/prometheus.ts';
import type { Log } from '../operations/log.ts';
import type { Metrics } from '../operations/metrics.ts';
import { measuredStartCalls } from '../operations/move-tasks.ts';
import { createSlackApp } from '../slack/app.ts';
import {
  type BotIdentity,
  lacksUsersRead,
  missingHistoryScopes,
  OrgWideInstallation,
  waitForBotIdentity,
} from '../slack/bot-identity.ts';
import { newErrorId } from '../slack/listener.ts';
import { atDebugLevel, promptClient, type SlackConnection } from '../slack/slack-client.ts';
import {
  createLogThrottle,
  reasonOf,
  type SlackFailure,
  slackFailureFrom,
  tokenCodes,
} from '../slack/slack-failure.ts';
import { SocketRefused } from '../slack/socket-receiver.ts';
import { DataFolderInUse, DataFolderUnusable } from '../storage/sqlite/open-database.ts';
import { type LocalHistory, openLocalHistory } from '../storage/sqlite/sqlite-history-store.ts';
import { openSqliteStorage } from '../storage/sqlite/sqlite-storage.ts';
import { type LocalActions, openActing } from './local-actions.ts';
import { forApp, joinParts, lookupsOf, notifierOf, type Parts } from './parts.ts';
import { behindProxy, endIn } from './process.ts';
import { createReadiness, createSlackCheck, type Readiness } from './readiness.ts';
import { createSteadyClock } from './steady-clock.ts';
import { healthAnswers, transportsFor } from './transports.ts';

/** How long work in progress may take once the process has to end. */
const patienceMs = 25_000;

/** Assembles the bot and starts it: asks Slack who it is, resumes the watches and opens the transports. */
export async function startBot(environment: Environment, settings: Settings, log: Log) {
  const clock = createSteadyClock({
    onStep: (byMs) =>
      log.warn({ byMs }, 'the system clock changed; the bot adjusts slowly, or at once after a restart'),
  });
  const readiness = createReadiness({ clock });
  const isOverSocket = environment.mode.kind === 'socket';
  const metrics = createPrometheusMetrics({
    ...readiness,
    socketConnected: isOverSocket ? readiness.socketConnected : undefined,
  });
  const health = healthAnswers({ notReadyBecause: readiness.notReadyBecause, metrics });
  const transports = transportsFor({ environment, health, log, metrics, behindProxy, clock });
  readiness.socketMode(transports.socket);
  // Opened early, so that /readyz can say why the bot is not ready; later if another process still has the port.
  const openEarly = await transports.open().catch(() => undefined);
  const aws = createRoleAccess({ clock });
  const parts = await joinParts({
    ...environment,
    settings,
    aws,
    log,
    clock,
    metrics,
    acts: offersRedrives(settings.queues) && !environment.readOnly,
    identityOf: (connection) => identityOnceSlackAnswers(connection, { readiness, log, clock }),
  });
  let actions: LocalActions | undefined;
  const lookups = lookupsOf(parts, () => actions);
  const { watcher, history } = await openWatching(parts, { environment, aws, metrics, lookups });
  actions = await openActing({
    ...{ environment, settings, parts, aws, watches: watcher, expectEnd: watcher.expectEnd, metrics },
  });
  warnOfMissingScopes(parts.identity, log);
  const app = createSlackApp({
    ...forApp(parts),
    history: { history, ...(actions && { actions }) },
    ...{ receiver: transports.receiver, watches: watcher, startsOf: lookups.startsOf, newErrorId },
    ...(actions && { actions, knowsActionWords: offersRedrives(settings.queues) }),
  });
  const port = openEarly ?? (await transports.open());
  await transports.receive();
  watcher.start();
  actions?.start();
  const whyFrom = (error: unknown) => reasonOf(slackFailureFrom(error));
  const slack = createSlackCheck({ ask: () => parts.client.auth.test(), whyFrom, clock, log });
  slack.start();
  readiness.running({ watcher, slack, ...(actions && { actions }) });
  const ready = () =>
    log.info({ port, queues: settings.queues.length, mode: environment.mode.kind }, 'ready');
  void transports.connected.then(ready);
  return {
    port,
    /** Resolves with the reason when Slack no longer lets the bot connect; Socket Mode only. */
    lost: transports.lost,
    /** Takes no new work, and resolves when all work in progress is finished. */
    async stop(): Promise<void> {
      readiness.ending();
      slack.stop();
      const transportsClosed = transports.close();
      await endIn(patienceMs, app.settled());
      await endIn(patienceMs, transportsClosed);
      await endIn(patienceMs, actions?.stop() ?? Promise.resolve());
      await watcher.stop();
      history.close();
      aws.stop();
    },
  };
}

type ForWatching = {
  environment: Pick<Environment, 'dataFolder'>;
  aws: RoleAccess;
  metrics: Metrics;
  lookups: ReturnType<typeof lookupsOf>;
};

async function openWatching(
  parts: Parts,
  { environment, aws, metrics, lookups }: ForWatching,
): Promise<{ watcher: LocalEngine; history: LocalHistory }> {
  const { queueOf, moveTasks, settings, log, clock } = parts;
  const { queues, watch, access } = settings;
  const startCalls = measuredStartCalls(createStartCalls(aws), metrics, clock);
  const announcer = notifierOf(parts, lookups.startsOf);
  const { isStartingHere, startOf } = lookups;
  const file = join(environment.dataFolder, 'watches.sqlite');
  const storage = await openSqliteStorage({
    file,
    log,
    clock,
    metrics,
    newId: randomUUID,
    version: manifest.version,
  });
  const history = await openLocalHistory({ ...environment, log, clock });
  const watcher = createLocalEngine({
    ...{ storage, moveTasks, queueOf, log, metrics, clock },
    notifier: announcer,
    ended: { history, startOf, isUsable: history.isUsable },
    settings: watch,
    allowedChannels: access.channels,
    following: { queues, everySeconds: watch.followEverySeconds, announcer, startCalls, isStartingHere },
  });
  return { watcher, history };
}

async function identityOnceSlackAnswers(
  connection: SlackConnection,
  { readiness, log, clock }: { readiness: Pick<Readiness, 'waitingForSlack'>; log: Log; clock: () => number },
): Promise<BotIdentity> {
  const { apiUrl, logger } = connection;
  const client = promptClient({ ...connection, logger: atDebugLevel(logger) });
  const throttle = createLogThrottle(clock);
  const identity = await waitForBotIdentity(client, (failure) => {
    const why = reasonOf(failure);
    readiness.waitingForSlack(why);
    if (throttle.isDue(why)) log.warn({ why, apiUrl }, 'waiting for Slack to answer auth.test; retrying');
  });
  readiness.waitingForSlack(undefined);
  return identity;
}

function warnOfMissingScopes(identity: BotIdentity, log: Log): void {
  const missing = missingHistoryScopes(identity);
  if (missing.length > 0) {
    log.warn(
      { missing },
      "without these scopes, a notification may be posted twice when Slack's answer is lost",
    );
  }
  if (lacksUsersRead(identity)) {
    log.warn(
      { missing: ['users:read'], enterprise: identity.enterpriseId },
      "without this scope, colleagues in the organization's other workspaces are not recognized until they type a command",
    );
  }
}

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
