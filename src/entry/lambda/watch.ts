import { LambdaClient } from '../../aws/lambda-client.ts';
import { createDurableWatch, type RunParts } from '../../engine/durable/durable-watch.ts';
import { createDynamodbRunStore } from '../../storage/dynamodb/dynamodb-run-store.ts';
import { notifierOf, type Parts } from '../parts.ts';
import { createLambdaParts } from './lambda-parts.ts';

const {
  actions,
  botToken,
  partsWith,
  rows,
  history,
  rulesRow,
  rules: rulesNow,
  startWatch,
  asItself,
  clock,
  log,
} = createLambdaParts(process.env);
const [table, rules] = [rows(), rulesRow()];
/** A notifier keeps Slack's rate limits, so it lives as long as its parts. */
const notifiers = new WeakMap<Parts, ReturnType<typeof notifierOf>>();

async function parts(): Promise<RunParts> {
  const joined = await partsWith(await botToken());
  const { moveTasks, queueOf, settings } = joined;
  const notifier = notifiers.get(joined) ?? notifierOf(joined, actions?.asked(joined.identity).startsOf);
  notifiers.set(joined, notifier);
  return {
    moveTasks,
    notifier,
    settings: settings.watch,
    rules: { queueOf, channels: settings.access.channels },
  };
}

/** Started by the worker, by its alias, under the name of a run. */
export const handler = createDurableWatch(
  {
    parts,
    storeOf: (run) => createDynamodbRunStore(run, { rows: table, clock }),
    start: startWatch(),
    clock,
    random: Math.random,
    log,
    ended: { history: history(), ...(actions && { startOf: actions.store.startOf }) },
    rulesHaveChanged: async () => rules.differFrom(await rulesNow()),
  },
  { client: new LambdaClient(asItself) },
);
