import { LambdaClient } from '../../aws/start-function.ts';
import { createDurableAction } from '../../engine/durable/durable-action.ts';
import { createExpiring, forever } from '../../operations/expiring.ts';
import { createLambdaParts, deployedSettings, watchesOf } from './lambda-parts.ts';
import { openActions } from './open-actions.ts';

const lambda = await createLambdaParts(process.env);
const { actions, asItself, botToken, partsWith, rows, rulesRow, rules, readOnly, aws, clock, log } = lambda;
if (!actions) throw new Error('ACTION_TABLE is not set; serverless.yml sets it');
const [newest, start] = [await rulesRow(), lambda.startAction()];
const made = createExpiring<ReturnType<typeof openActions>>({ clock, lifeOf: forever });

/** Started by the worker, by its alias, under the name of a run. */
export const handler = createDurableAction(
  {
    duties: async () => {
      const token = await botToken();
      return made.get(token, async () => {
        const parts = await partsWith(token);
        const watches = watchesOf(lambda, parts);
        const settings = await deployedSettings();
        return openActions(actions, { settings, readOnly, parts, aws, watches, start, rows: rows() });
      });
    },
    start,
    clock,
    log,
    rulesHaveChanged: async () => newest.differFrom(await rules()),
  },
  { client: new LambdaClient(asItself) },
);
