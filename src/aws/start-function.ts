import { createHash } from 'node:crypto';
import type { LambdaClientConfig } from '@aws-sdk/client-lambda';
import type { ActionRun } from '../operations/actions/ports.ts';
import type { WatchRun } from '../operations/watching/watch-store.ts';
import { plainError } from './failure.ts';

type Start = {
  functionName: string;
  qualifier: string;
  payload: object;
  /** The same name starts only one execution, so repeating a lost call is harmless. */
  durableName: string;
};

/** Starting resolves once Lambda has accepted the payload, not with its result. It rejects if Lambda may not have. */
export function createStartFunction(config: LambdaClientConfig) {
  let opened: ReturnType<typeof open> | undefined;
  const open = async () => {
    // Loaded lazily: most commands start nothing.
    const lambda = await import('./lambda-client.ts');
    return { lambda, client: new lambda.LambdaClient(config) };
  };
  return async ({ functionName, qualifier, payload, durableName }: Start): Promise<void> => {
    opened ??= open();
    const { lambda, client } = await opened;
    const command = new lambda.InvokeCommand({
      FunctionName: functionName,
      Qualifier: qualifier,
      InvocationType: 'Event',
      DurableExecutionName: durableName,
      Payload: JSON.stringify(payload),
    });
    try {
      await client.send(command);
    } catch (error) {
      // Lambda says it was started with another payload; ours is determined by the name.
      if (error instanceof lambda.DurableExecutionAlreadyStartedException) return;
      throw plainError('Lambda', error);
    }
  };
}

const longestName = 64;

/** The name of a run's execution: the same for the same run. */
export function runNameOf({ watch, run }: WatchRun): string {
  return acceptedName(`${watch}-${run}`);
}

/** The first run of an action has the action's name. */
export function actionRunNameOf({ action, run }: ActionRun): string {
  return acceptedName(run === 0 ? action : `${action}-${run}`);
}

/** In characters that Lambda accepts. */
function acceptedName(given: string): string {
  const name = given.replaceAll(/[^A-Za-z0-9_-]/g, '-');
  return name.length <= longestName ? name : createHash('sha256').update(name).digest('hex');
}
