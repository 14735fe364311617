import { LambdaClient } from '../aws/lambda-client.ts';
import { createDurableWatch } from '../watching/durable-watch.ts';
import type { RunParts } from '../watching/watch-run.ts';
import { createLambdaParts, deployedSettings } from './lambda-parts.ts';
import { type Parts, tellerOf } from './parts.ts';

const { botToken, partsWith, rows, rulesRow, startWatch, asItself, clock, log } = createLambdaParts(
  process.env,
);
const rules = rulesRow();
/** A teller keeps Slack's limits, so it lives as long as its parts. */
const tellers = new WeakMap<Parts, ReturnType<typeof tellerOf>>();

async function parts(): Promise<RunParts> {
  const joined = await partsWith(await botToken());
  const { moveTasks, queueOf, settings } = joined;
  const teller = tellers.get(joined) ?? tellerOf(joined);
  tellers.set(joined, teller);
  return {
    moveTasks,
    teller,
    settings: settings.watch,
    rules: { queueOf, channels: settings.access.channels },
  };
}

/** Started by the worker, by its alias, with the name of a run. */
export const handler = createDurableWatch(
  {
    parts,
    rows: rows(),
    start: startWatch(),
    clock,
    random: Math.random,
    log,
    rulesHaveChanged: async () => rules.differFrom(await deployedSettings()),
  },
  { client: new LambdaClient(asItself) },
);
