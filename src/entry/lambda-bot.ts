import { parseEnvironment } from '../config/environment.ts';
import { describeFaults } from '../config/fault.ts';
import { createSlackApp } from '../slack/app.ts';
import { boltLogger } from '../slack/bolt-logger.ts';
import { createCardOrder } from '../slack/card-order.ts';
import { findHome } from '../slack/home.ts';
import { createLambdaReceiver, type LambdaReceiver } from '../slack/lambda-receiver.ts';
import { promptClient } from '../slack/slack-client.ts';
import { newErrorId } from './error-id.ts';
import { lambdaMoveTasks } from './lambda-aws.ts';
import { createLambdaLog } from './lambda-log.ts';
import { settingsAsDeployed } from './lambda-settings.ts';
import { rulesPublisher, sharedWatches } from './lambda-watches.ts';
import { createPlainFetch } from './plain-fetch.ts';
import { version } from './version.ts';

type Env = Readonly<Record<string, string | undefined>>;
export type Secrets = { botToken: string; signingSecret: string };
export type LambdaBot = Pick<LambdaReceiver, 'receive'>;

/**
 * The same bot as in one process. Its watches are rows of a table, and functions of their own look; deployed without
 * those it says that it cannot watch. The order of a card's edits is kept within one instance of the function only, and
 * nobody can search for a queue: such an answer cannot wait for the worker.
 */
export async function createLambdaBot(env: Env, { botToken, signingSecret }: Secrets): Promise<LambdaBot> {
  const overHttp = { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret, SLACK_APP_TOKEN: '' };
  const { environment, settings } = await configurationOf({ ...env, ...overHttp });
  const log = createLambdaLog({ level: environment.logLevel, secrets: [botToken, signingSecret] });
  const fetch = createPlainFetch();
  const connection = { botToken, apiUrl: environment.slackApiUrl, logger: boltLogger(log), fetch };
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
    moveTasks: lambdaMoveTasks(env),
    ...(env['WATCH_FUNCTION'] && { watches: sharedWatches(env, log) }),
    version,
    searchable: false,
    clock: Date.now,
  });
  const publishRules = env['WATCH_FUNCTION'] ? rulesPublisher(env, async () => settings, log) : undefined;
  return {
    receive: async (request) => {
      await Promise.all([receiver.receive(request), publishRules?.()]);
    },
  };
}

async function configurationOf(env: Env) {
  const parsed = parseEnvironment(env);
  const settings = await settingsAsDeployed();
  if (parsed.ok && !('faults' in settings)) return { environment: parsed.environment, settings };
  const faults = [
    ...(parsed.ok ? [] : [describeFaults('environment', parsed.faults)]),
    ...('faults' in settings ? [settings.faults] : []),
  ];
  throw new Error(`dlq-tasks cannot start:\n${faults.join('\n')}`);
}
