import { createHash } from 'node:crypto';
import {
  DurableExecutionAlreadyStartedException,
  InvokeCommand,
  LambdaClient,
  type LambdaClientConfig,
} from '@aws-sdk/client-lambda';
import type { ActionRun } from '../operations/actions/ports.ts';
import type { WatchRun } from '../operations/watching/watch-store.ts';
import { plainError } from './aws-error-from.ts';

/** For the SDK of durable functions. */
export { LambdaClient };

type Run = WatchRun | ActionRun;

/**
 * Starts runs of a function. It resolves once Lambda has accepted a run, not with its result, and rejects if Lambda may
 * not have. Load it lazily: most commands start nothing.
 */
export function createStartFunction(
  config: LambdaClientConfig,
  { functionName, qualifier }: { functionName: string; qualifier: string },
) {
  const client = new LambdaClient(config);
  return async (run: Run): Promise<void> => {
    const command = new InvokeCommand({
      FunctionName: functionName,
      Qualifier: qualifier,
      InvocationType: 'Event',
      DurableExecutionName: runNameOf(run),
      Payload: JSON.stringify(run),
    });
    try {
      await client.send(command);
    } catch (error) {
      // Lambda says it was started with another payload; ours is determined by the name.
      if (error instanceof DurableExecutionAlreadyStartedException) return;
      throw plainError('Lambda', error);
    }
  };
}

const longestName = 64;

/**
 * The name of a run's execution, in characters that Lambda accepts. It starts only one execution, so repeating a lost
 * call is harmless. The first run of an action has the action's name.
 */
export function runNameOf(given: Run): string {
  const id = 'watch' in given ? given.watch : given.action;
  const isFirst = 'action' in given && given.run === 0;
  const name = (isFirst ? id : `${id}-${given.run}`).replaceAll(/[^A-Za-z0-9_-]/g, '-');
  return name.length <= longestName ? name : createHash('sha256').update(name).digest('hex');
}
