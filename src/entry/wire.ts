import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { createMoveTasks } from '../aws/move-tasks.ts';
import type { Environment } from '../config/environment.ts';
import type { Settings } from '../config/parse-settings.ts';
import type { Log } from '../operations/log.ts';
import { createSlackApp } from '../slack/app.ts';
import { boltLogger } from '../slack/bolt-logger.ts';
import { createCardOrder } from '../slack/card-order.ts';
import { findHome, missingHistoryScopes } from '../slack/home.ts';
import { HttpReceiver } from '../slack/http-receiver.ts';
import { promptClient } from '../slack/slack-client.ts';
import { createSocketReceiver } from '../slack/socket-receiver.ts';
import { createSlackTeller } from '../slack/telling/slack-teller.ts';
import { openLocalWatcher } from '../watching/local-watcher.ts';
import { newErrorId } from './error-id.ts';
import { answerHealth } from './health.ts';
import { endIn } from './shutdown.ts';

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
  const { botToken, slackApiUrl: apiUrl } = environment;
  const connection = { botToken, apiUrl, logger: boltLogger(log) };
  const client = promptClient(connection);
  const home = await findHome(client);
  const { queues } = settings;
  const queueOf = (arn: string) => queues.find((queue) => queue.arn === arn);
  const cards = createCardOrder();
  const moveTasks = createMoveTasks();
  const teller = createSlackTeller({
    client: promptClient(connection),
    home,
    cards,
    queueOf,
    log,
    clock: Date.now,
  });
  const watcher = await openLocalWatcher({
    file: join(environment.dataFolder, 'watches.sqlite'),
    moveTasks,
    teller,
    settings: settings.watch,
    queueOf,
    following: { queues, everySeconds: settings.watch.followEverySeconds, announcer: teller },
    log,
  });
  warnOfMissingScopes(missingHistoryScopes(home), log);
  const receiver = receiverFor(environment, log);
  const app = createSlackApp({
    ...connection,
    receiver: receiver.receiver,
    client,
    home,
    access: settings.access,
    log,
    newErrorId,
    cards,
    queues,
    moveTasks,
    watches: watcher,
    clock: Date.now,
  });
  const port = await receiver.start();
  watcher.start();
  log.info({ port, queues: queues.length, mode: environment.mode.kind }, 'ready');
  return {
    port,
    lost: receiver.lost,
    async stop() {
      const doorsClosed = receiver.stop();
      await endIn(patienceMs, app.settled());
      await endIn(patienceMs, doorsClosed);
      await watcher.stop();
      moveTasks.stop();
    },
  };
}

/** Slack's door, and the port for health checks: in HTTP mode they are one. */
function receiverFor({ mode, port, slackApiUrl }: Environment, log: Log) {
  if (mode.kind === 'http') {
    const { signingSecret } = mode;
    const receiver = new HttpReceiver({ signingSecret, port, otherRequests: answerHealth, log });
    const lost = Promise.withResolvers<string>().promise;
    return { receiver, lost, start: () => receiver.start(), stop: () => receiver.stop() };
  }
  const logger = boltLogger(log);
  const socket = createSocketReceiver({ appToken: mode.appToken, apiUrl: slackApiUrl, logger });
  const health = createServer(answerHealth);
  return {
    receiver: socket.receiver,
    lost: socket.refused.then(({ message }) => message),
    async start() {
      const open = await listen(health, port);
      await socket.start();
      return open;
    },
    async stop() {
      await socket.stop();
      health.close();
      health.closeAllConnections();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function warnOfMissingScopes(missing: readonly string[], log: Log): void {
  if (missing.length === 0) return;
  log.warn({ missing }, 'without these scopes a notice whose post is in doubt may be told twice');
}
