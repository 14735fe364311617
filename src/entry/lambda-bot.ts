import { createMoveTasks } from '../aws/move-tasks.ts';
import { createSlackApp } from '../slack/app.ts';
import { boltLogger } from '../slack/bolt-logger.ts';
import { createCardOrder } from '../slack/card-order.ts';
import { findHome } from '../slack/home.ts';
import { createLambdaReceiver, type LambdaReceiver } from '../slack/lambda-receiver.ts';
import { promptClient } from '../slack/slack-client.ts';
import { readConfiguration } from './configuration.ts';
import { newErrorId } from './error-id.ts';
import { sharedWatches } from './lambda-watches.ts';
import { createLog } from './log.ts';
import { version } from './version.ts';

export type Secrets = { botToken: string; signingSecret: string };
export type LambdaBot = Pick<LambdaReceiver, 'receive'>;

/**
 * The same bot as in one process. Its watches are rows of a table, and functions of their own look; deployed without
 * those it says that it cannot watch. The order of a card's edits is kept within one instance of the function only, and
 * nobody can search for a queue: such an answer cannot wait for the worker.
 */
export async function createLambdaBot(
  env: Readonly<Record<string, string | undefined>>,
  { botToken, signingSecret }: Secrets,
): Promise<LambdaBot> {
  const overHttp = { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret, SLACK_APP_TOKEN: '' };
  const configuration = await readConfiguration({ ...env, ...overHttp });
  if ('faults' in configuration) throw new Error(`dlq-tasks cannot start:\n${configuration.faults}`);
  const { environment, settings } = configuration;
  const log = createLog({ level: environment.logLevel, secrets: [botToken, signingSecret] });
  const connection = { botToken, apiUrl: environment.slackApiUrl, logger: boltLogger(log) };
  const client = promptClient(connection);
  const receiver = createLambdaReceiver();
  createSlackApp({
    ...connection,
    receiver,
    client,
    home: await findHome(client),
    access: settings.access,
    log,
    newErrorId,
    cards: createCardOrder(),
    queues: settings.queues,
    moveTasks: createMoveTasks(),
    ...(env['WATCH_FUNCTION'] && { watches: sharedWatches(env, log) }),
    version,
    searchable: false,
    clock: Date.now,
  });
  return { receive: receiver.receive };
}
