import { createDurableExecutions } from '../aws/durable-executions.ts';
import { createReadParameter } from '../aws/read-parameter.ts';
import { boltLogger } from '../slack/bolt-logger.ts';
import { createCardOrder } from '../slack/card-order.ts';
import { findHome } from '../slack/home.ts';
import { promptClient } from '../slack/slack-client.ts';
import { createSlackTeller } from '../slack/telling/slack-teller.ts';
import { createDurableWatch } from '../watching/durable-watch.ts';
import type { RunParts } from '../watching/watch-run.ts';
import { awsCall, lambdaMoveTasks } from './lambda-aws.ts';
import { deployedSettings, slackApi } from './lambda-deployed.ts';
import { createLambdaLog } from './lambda-log.ts';
import { kept } from './lambda-secrets.ts';
import { variable } from './lambda-variables.ts';
import { rulesRow, startWatch, watchRows } from './lambda-watches.ts';
import { createPlainFetch } from './plain-fetch.ts';

const { env } = process;
const clock = Date.now;
const log = createLambdaLog({ level: env['LOG_LEVEL'] || 'info', secrets: [] });
const moveTasks = lambdaMoveTasks(env);
const call = awsCall(env);
const read = createReadParameter(call);
const tokenParameter = variable('SLACK_BOT_TOKEN_PARAMETER', env);
const botToken = kept(() => read(tokenParameter), { clock });
const rules = rulesRow(env);

let current: { token: string; parts: RunParts } | undefined;

/** Made anew when the token was rotated. The settings are those that were deployed with this version. */
async function parts(): Promise<RunParts> {
  const token = await botToken();
  if (current?.token !== token) current = { token, parts: await partsWith(token) };
  return current.parts;
}

async function partsWith(token: string): Promise<RunParts> {
  const { queues, watch, access } = await deployedSettings();
  const queueOf = (arn: string) => queues.find((queue) => queue.arn === arn);
  const redacted = createLambdaLog({ level: env['LOG_LEVEL'] || 'info', secrets: [token] });
  const connection = { botToken: token, apiUrl: slackApi(env) };
  const client = promptClient({ ...connection, logger: boltLogger(redacted), fetch: createPlainFetch() });
  const home = await findHome(client);
  const teller = createSlackTeller({ client, home, cards: createCardOrder(), queueOf, log: redacted, clock });
  return { moveTasks, teller, settings: watch, rules: { queueOf, channels: access.channels } };
}

/** Started by the worker, by its alias, with the name of a run. */
export const handler = createDurableWatch(
  {
    parts,
    rows: watchRows(env),
    start: startWatch(env),
    clock,
    random: Math.random,
    log,
    rulesHaveChanged: async () => rules.differFrom(await deployedSettings()),
  },
  { durableExecutionClient: createDurableExecutions(call) },
);
