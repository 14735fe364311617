import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

/** Resolves once Lambda has taken the payload; what becomes of it is not known. Rejects when it may not have. */
export type InvokeWorker = (payload: object) => Promise<void>;

/** Slack waits 3 s in all, so a Lambda that does not answer is given up on while there is time to say so. */
const timeouts = { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true };

/**
 * Starts another function and does not wait for it. Never twice: a retry after a broken line could start it again.
 * Connections are not kept, since one that slept along with the function may be dead.
 */
export function createInvokeWorker(functionName: string): InvokeWorker {
  const lambda = new LambdaClient({
    maxAttempts: 1,
    requestHandler: { ...timeouts, httpsAgent: { keepAlive: false }, httpAgent: { keepAlive: false } },
  });
  return async (payload) => {
    await lambda.send(
      new InvokeCommand({
        FunctionName: functionName,
        InvocationType: 'Event',
        Payload: Buffer.from(JSON.stringify(payload)),
      }),
    );
  };
}
