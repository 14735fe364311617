import { plainError } from '../../aws/failure.ts';
import { actionRunNameOf, createStartFunction } from '../../aws/start-function.ts';
import type { StartActionRun } from '../../operations/actions/ports.ts';
import type { Log } from '../../operations/log.ts';
import type { BotIdentity } from '../../slack/bot-identity.ts';
import { createActionTable } from '../../storage/dynamodb/action-table.ts';
import { createDynamodbActionStore } from '../../storage/dynamodb/dynamodb-action-store.ts';
import { actionLookups } from '../action-lookups.ts';
import { variable } from './environment.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Actions on Lambda: their table, and the function that drives each. */
export function createActionParts(
  env: Env,
  {
    asItself,
    clock,
    log,
  }: { asItself: Parameters<typeof createStartFunction>[0]; clock: () => number; log: Log },
) {
  const table = variable('ACTION_TABLE', env);
  const store = createDynamodbActionStore({
    items: createActionTable({ config: asItself, table, plainError, log }),
    clock,
    log,
  });
  const startFunction = createStartFunction(asItself);
  /** By its alias: a run keeps the version that it started with. */
  const start: StartActionRun = (run) =>
    startFunction({
      functionName: variable('ACTION_FUNCTION', env),
      qualifier: variable('ACTION_ALIAS', env),
      payload: run,
      durableName: actionRunNameOf(run),
    });
  return {
    store,
    start,
    /** For cards and announcements: who started a redrive here, and why. */
    asked: (identity: BotIdentity) => {
      const asked = actionLookups(identity);
      asked.are(store);
      return asked;
    },
  };
}
export type ActionParts = ReturnType<typeof createActionParts>;
