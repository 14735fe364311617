import { join } from 'node:path';
import { createRoleAccess } from '../aws/role-access.ts';
import { createStartCalls } from '../aws/start-calls.ts';
import type { Environment } from '../config/environment.ts';
import type { Settings } from '../config/parse-settings.ts';
import { createPrometheusMetrics } from '../metrics/prometheus.ts';
import type { Log } from '../operations/log.ts';
import { measuredStartCalls } from '../operations/measured-move-tasks.ts';
import { quietly } from '../slack/bolt-logger.ts';
import { type Home, missingHistoryScopes, waitForHome } from '../slack/home.ts';
import { createLogThrottle, reasonOf } from '../slack/retrying.ts';
import { promptClient, type SlackConnection } from '../slack/slack-client.ts';
import { slackFailureFrom } from '../slack/slack-failure.ts';
import { type LocalWatcher, openLocalWatcher } from '../watching/local-watcher.ts';
import { appOf } from './app-of.ts';
import { behindProxy } from './behind-proxy.ts';
import { type Doors, doorsFor } from './doors.ts';
import { healthAnswers } from './health.ts';
import { joinParts, tellerOf } from './parts.ts';
import { endIn } from './shutdown.ts';
import { createSlackPulse, type SlackPulse } from './slack-pulse.ts';
import { createSteadyClock } from './steady-clock.ts';
import { createVitals, type Vitals } from './vitals.ts';

/** The longest that what is in hand may take once the process is told to end. */
const patienceMs = 25_000;

export type RunningBot = {
  /** Where it listens. */
  port: number;
  /** Resolves with the reason when Slack lets the bot in no more; Socket Mode only. */
  lost: Promise<string>;
  /** Takes nothing new, and resolves when all that is in hand is finished. */
  stop(): Promise<void>;
};

/** Joins the parts and starts them: Slack is asked who we are, the watches are taken up, and the doors open. */
export async function startBot(environment: Environment, settings: Settings, log: Log): Promise<RunningBot> {
  const clock = createSteadyClock({
    onStep: (byMs) =>
      log.warn(
        { byMs },
        "the machine's clock was set; the bot's time follows slowly, or at once when restarted",
      ),
  });
  const vitals = createVitals({ clock });
  const isOverSocket = environment.mode.kind === 'socket';
  const metrics = createPrometheusMetrics({
    ...vitals,
    socketConnected: isOverSocket ? vitals.socketConnected : undefined,
  });
  const health = healthAnswers({ notReadyBecause: vitals.notReadyBecause, metrics });
  const doors = doorsFor({ environment, health, log, metrics, behindProxy, clock });
  vitals.socketMode(doors.socket);
  // Open early to say that the bot is not ready; while another process has the port, later.
  const openEarly = await doors.open().catch(() => undefined);
  const aws = createRoleAccess({ clock });
  const parts = await joinParts({
    ...environment,
    settings,
    aws,
    log,
    clock,
    metrics,
    homeOf: (connection) => homeOnceSlackAnswers(connection, { vitals, log, clock }),
  });
  const { client, queueOf, moveTasks } = parts;
  const { queues, watch } = settings;
  const startCalls = measuredStartCalls(createStartCalls(aws), metrics, clock);
  const teller = tellerOf(parts);
  const watcher = await openLocalWatcher({
    file: join(environment.dataFolder, 'watches.sqlite'),
    moveTasks,
    teller,
    settings: watch,
    queueOf,
    allowedChannels: settings.access.channels,
    following: { queues, everySeconds: watch.followEverySeconds, announcer: teller, startCalls },
    log,
    metrics,
    clock,
  });
  warnOfMissingScopes(missingHistoryScopes(parts.home), log);
  const app = appOf(parts, { receiver: doors.receiver, watches: watcher });
  const port = openEarly ?? (await doors.open());
  await doors.receive();
  watcher.start();
  const whyFrom = (error: unknown) => reasonOf(slackFailureFrom(error));
  const slack = createSlackPulse({ ask: () => client.auth.test(), whyFrom, clock, log });
  slack.start();
  vitals.running({ watcher, slack });
  const ready = () => log.info({ port, queues: queues.length, mode: environment.mode.kind }, 'ready');
  void doors.connected.then(ready);
  return {
    port,
    lost: doors.lost,
    stop: () => end({ vitals, slack, doors, app, watcher, aws }),
  };
}

type Parts = {
  vitals: Pick<Vitals, 'ending'>;
  slack: Pick<SlackPulse, 'stop'>;
  doors: Pick<Doors, 'close'>;
  app: { settled(): Promise<void> };
  watcher: Pick<LocalWatcher, 'stop'>;
  aws: { stop(): void };
};

async function end({ vitals, slack, doors, app, watcher, aws }: Parts): Promise<void> {
  vitals.ending();
  slack.stop();
  const doorsClosed = doors.close();
  await endIn(patienceMs, app.settled());
  await endIn(patienceMs, doorsClosed);
  await watcher.stop();
  aws.stop();
}

/** Asks Slack who we are until it says so. */
async function homeOnceSlackAnswers(
  connection: SlackConnection,
  { vitals, log, clock }: { vitals: Pick<Vitals, 'waitingForSlack'>; log: Log; clock: () => number },
): Promise<Home> {
  const { apiUrl, logger } = connection;
  const client = promptClient({ ...connection, logger: quietly(logger) });
  const throttle = createLogThrottle(clock);
  const home = await waitForHome(client, (failure) => {
    const why = reasonOf(failure);
    vitals.waitingForSlack(why);
    if (throttle.isDue(why)) log.warn({ why, apiUrl }, 'waiting for Slack to answer auth.test; trying again');
  });
  vitals.waitingForSlack(undefined);
  return home;
}

function warnOfMissingScopes(missing: readonly string[], log: Log): void {
  if (missing.length === 0) return;
  log.warn({ missing }, 'without these scopes a notice whose post is in doubt may be told twice');
}
