import { errorTypeIn, refusedBy, type SignedCall } from './signed-call.ts';

type Invocation = {
  functionName: string;
  /** An alias or a version. */
  qualifier?: string;
  payload: object;
  /** Of a durable function: the same name starts once. */
  durableName?: string;
};

/** Resolves once Lambda has taken the payload; what becomes of it is not known. Rejects when it may not have. */
export type InvokeFunction = (invocation: Invocation) => Promise<void>;

/** Slack waits 3 s in all, so a Lambda that does not answer is given up on while there is time to say so. */
const timeoutMs = 2_000;
/** The name was started with another payload; ours follows from the name. */
const alreadyStarted = 'DurableExecutionAlreadyStartedException';

/** Starts a function and does not wait for it. Never twice: a retry after a broken line could start it again. */
export function createInvokeFunction(call: SignedCall): InvokeFunction {
  return async ({ functionName, qualifier, payload, durableName }) => {
    const query = qualifier === undefined ? '' : `?Qualifier=${encodeURIComponent(qualifier)}`;
    const answer = await call({
      service: 'lambda',
      path: `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations${query}`,
      headers: {
        'x-amz-invocation-type': 'Event',
        ...(durableName !== undefined && { 'x-amz-durable-execution-name': durableName }),
      },
      body: JSON.stringify(payload),
      timeoutMs,
    });
    if (answer.status !== 202 && errorTypeIn(answer) !== alreadyStarted) throw refusedBy('Lambda', answer);
  };
}
