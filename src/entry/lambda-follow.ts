import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createReadParameter } from '../aws/read-parameter.ts';
import { boltLogger } from '../slack/bolt-logger.ts';
import { createCardOrder } from '../slack/card-order.ts';
import { findHome } from '../slack/home.ts';
import { promptClient } from '../slack/slack-client.ts';
import { createPaced, createPacersByChannel } from '../slack/telling/lines.ts';
import { createSlackAnnouncer } from '../slack/telling/slack-announcer.ts';
import { createSharedFollowStore } from '../watching/shared-follow-store.ts';
import { awsCall, lambdaMoveTasks } from './lambda-aws.ts';
import { deployedSettings, slackApi } from './lambda-deployed.ts';
import { createLambdaLog } from './lambda-log.ts';
import { kept } from './lambda-secrets.ts';
import { createStarts, type StartsParts } from './lambda-starts.ts';
import { variable } from './lambda-variables.ts';
import { rulesPublisher, rulesRow, startWatch, watchRows } from './lambda-watches.ts';
import { createPlainFetch } from './plain-fetch.ts';

const { env } = process;
const clock = Date.now;
const level = env['LOG_LEVEL'] || 'info';
const log = createLambdaLog({ level, secrets: [] });
const moveTasks = lambdaMoveTasks(env);
const read = createReadParameter(awsCall(env));
const tokenParameter = variable('SLACK_BOT_TOKEN_PARAMETER', env);
const botToken = kept(() => read(tokenParameter), { clock });
const posts = createPacersByChannel();

async function ports(): ReturnType<StartsParts['ports']> {
  const token = await botToken();
  const redacted = createLambdaLog({ level, secrets: [token] });
  const connection = { botToken: token, apiUrl: slackApi(env), fetch: createPlainFetch() };
  const client = promptClient({ ...connection, logger: boltLogger(redacted) });
  const [home, paced, cards] = [await findHome(client), createPaced(clock), createCardOrder()];
  const announcer = createSlackAnnouncer({ client, home, cards, log: redacted, paced, posts });
  return { moveTasks, announcer, clock, random: Math.random, log: redacted, pause };
}

const publishRules = rulesPublisher(env, deployedSettings, log);
const announceStarts = createStarts({
  queues: async () => (await deployedSettings()).queues,
  ports,
  store: () =>
    createSharedFollowStore({
      rows: watchRows(env),
      start: startWatch(env),
      clock,
      log,
      holder: randomUUID(),
    }),
  clock,
  log,
});

/**
 * Started by EventBridge when somebody starts a task anywhere, when a deployment is done, and every few minutes. Lambda
 * repeats it when it fails.
 */
export async function handler(event: unknown): Promise<void> {
  if (Object(event)['source'] === 'aws.cloudformation') {
    await rulesRow(env).publish(await deployedSettings());
    return;
  }
  await publishRules();
  await announceStarts(event);
}
