import { createInvokeFunction } from '../aws/invoke-function.ts';
import { createReadParameter } from '../aws/read-parameter.ts';
import { awsCall } from './lambda-aws.ts';
import { createFrontDoor } from './lambda-front-door.ts';
import { kept } from './lambda-secrets.ts';
import { variable } from './lambda-variables.ts';

const { env } = process;
const call = awsCall(env);
const read = createReadParameter(call);
const invoke = createInvokeFunction(call);
const signingSecretName = variable('SLACK_SIGNING_SECRET_PARAMETER', env);
const functionName = variable('WORKER_FUNCTION', env);

/** One JSON line; the worker's log would bring more code than the rest of this function. */
const writeLine = (level: string) => (facts: Record<string, unknown>, msg: string) => {
  process.stdout.write(`${JSON.stringify({ level, time: new Date().toISOString(), ...facts, msg })}\n`);
};

/** Slack's door: a function URL. */
export const handler = createFrontDoor({
  signingSecret: kept(() => read(signingSecretName), { clock: Date.now }),
  handOn: (payload) => invoke({ functionName, payload }),
  clock: Date.now,
  log: { warn: writeLine('warn'), error: writeLine('error') },
});
