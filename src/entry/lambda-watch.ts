import { createMoveTasks } from '../aws/move-tasks.ts';
import { createReadParameter } from '../aws/read-parameter.ts';
import { describeFaults } from '../config/fault.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/parse-settings.ts';
import { parseSlackApiUrl } from '../config/slack-api-url.ts';
import { boltLogger } from '../slack/bolt-logger.ts';
import { createCardOrder } from '../slack/card-order.ts';
import { findHome } from '../slack/home.ts';
import { promptClient } from '../slack/slack-client.ts';
import { createSlackTeller } from '../slack/telling/slack-teller.ts';
import { createDurableWatch } from '../watching/durable-watch.ts';
import type { RunParts } from '../watching/watch-run.ts';
import { awsCall } from './lambda-aws.ts';
import { kept } from './lambda-secrets.ts';
import { variable } from './lambda-variables.ts';
import { startWatch, watchRows } from './lambda-watches.ts';
import { createLog } from './log.ts';

const { env } = process;
const clock = Date.now;
const log = createLog({ level: env['LOG_LEVEL'] || 'info', secrets: [] });
const moveTasks = createMoveTasks();
const read = createReadParameter(awsCall(env));
const tokenParameter = variable('SLACK_BOT_TOKEN_PARAMETER', env);
const botToken = kept(() => read(tokenParameter), { clock });

let current: { token: string; parts: RunParts } | undefined;

/** Made anew when the token was rotated. The settings are those that were deployed with this version. */
async function parts(): Promise<RunParts> {
  const token = await botToken();
  if (current?.token !== token) current = { token, parts: await partsWith(token) };
  return current.parts;
}

async function partsWith(token: string): Promise<RunParts> {
  const { queues, watch } = await settings();
  const queueOf = (arn: string) => queues.find((queue) => queue.arn === arn);
  const api = parseSlackApiUrl(env['SLACK_API_URL'] || 'https://slack.com/api/');
  if (!api.ok) throw new Error(`SLACK_API_URL ${api.message}`);
  const redacted = createLog({ level: env['LOG_LEVEL'] || 'info', secrets: [token] });
  const client = promptClient({ botToken: token, apiUrl: api.url, logger: boltLogger(redacted) });
  const home = await findHome(client);
  const teller = createSlackTeller({ client, home, cards: createCardOrder(), queueOf, log: redacted, clock });
  return { moveTasks, teller, settings: watch, queueOf };
}

async function settings(): Promise<Settings> {
  const path = env['DLQ_TASKS_CONFIG'] || './dlq-tasks.yml';
  const loaded = await loadSettings(path);
  if (!loaded.ok) throw new Error(`dlq-tasks cannot watch:\n${describeFaults(path, loaded.faults)}`);
  return loaded.settings;
}

/** Started by the worker, by its alias, with the name of a run. */
export const handler = createDurableWatch({
  parts,
  rows: watchRows(env),
  start: startWatch(env),
  clock,
  random: Math.random,
  log,
});
