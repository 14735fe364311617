import { createInvokeFunction } from '../../src/aws/invoke-function.ts';
import { awsCall } from '../../src/entry/lambda-aws.ts';
import { createFrontDoor } from '../../src/entry/lambda-front-door.ts';

/** The front once it has read its secret, as every instance has after its first request. */
const { env } = process;
const invoke = createInvokeFunction(awsCall(env));

export const handler = createFrontDoor({
  signingSecret: async () => env['SLACK_SIGNING_SECRET'] ?? '',
  handOn: (payload) => invoke({ functionName: 'worker', payload }),
  clock: Date.now,
  log: { warn: () => undefined, error: () => undefined },
});
