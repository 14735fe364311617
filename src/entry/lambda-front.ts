import { createInvokeWorker } from '../aws/invoke-worker.ts';
import { createReadParameter } from '../aws/read-parameter.ts';
import { createFrontDoor } from './lambda-front-door.ts';
import { kept } from './lambda-secrets.ts';
import { variable } from './lambda-variables.ts';

const read = createReadParameter();
const signingSecretName = variable('SLACK_SIGNING_SECRET_PARAMETER');

/** One JSON line; the worker's log would bring more code than the rest of this function. */
const writeLine = (level: string) => (facts: Record<string, unknown>, msg: string) => {
  process.stdout.write(`${JSON.stringify({ level, time: new Date().toISOString(), ...facts, msg })}\n`);
};

/** Slack's door: a function URL. */
export const handler = createFrontDoor({
  signingSecret: kept(() => read(signingSecretName), { clock: Date.now }),
  handOn: createInvokeWorker(variable('WORKER_FUNCTION')),
  clock: Date.now,
  log: { warn: writeLine('warn'), error: writeLine('error') },
});
