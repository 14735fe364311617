import { LambdaClient } from '../../aws/start-function.ts';
import { createDurableWatch, type RunParts } from '../../engine/durable/durable-watch.ts';
import { createDynamodbRunStore } from '../../storage/dynamodb/dynamodb-run-store.ts';
import { notifierOf, type Parts } from '../parts.ts';
import { createLambdaParts } from './lambda-parts.ts';

const lambda = await createLambdaParts(process.env);
const { actions, clock, log } = lambda;
const [table, newest] = [lambda.rows(), await lambda.rulesRow()];
/** A notifier keeps Slack's rate limits, so it lives as long as its parts. */
const notifiers = new WeakMap<Parts, ReturnType<typeof notifierOf>>();

async function parts(): Promise<RunParts> {
  const joined = await lambda.partsWith(await lambda.botToken());
  const { moveTasks, queueOf, settings } = joined;
  const notifier = notifiers.get(joined) ?? notifierOf(joined, lambda.lookupsOf(joined).startsOf);
  notifiers.set(joined, notifier);
  const rules = { queueOf, channels: settings.access.channels };
  return { moveTasks, notifier, settings: settings.watch, rules };
}

/** Started by the worker, by its alias, under the name of a run. */
export const handler = createDurableWatch(
  {
    parts,
    storeOf: (run) => createDynamodbRunStore(run, { rows: table, clock }),
    start: lambda.startWatch(),
    clock,
    random: Math.random,
    log,
    ended: { history: lambda.history(), ...(actions && { startOf: actions.startOf }) },
    rulesHaveChanged: async () => newest.differFrom(await lambda.rules()),
  },
  { client: new LambdaClient(lambda.asItself) },
);
