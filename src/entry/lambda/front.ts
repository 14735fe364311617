import { createSecrets, variable } from './environment.ts';
import { createFrontAws } from './front-aws.ts';
import { createFrontHandler } from './handle-front.ts';

const { env } = process;
const clock = Date.now;
const aws = createFrontAws(env);
const signingSecretName = variable('SLACK_SIGNING_SECRET_PARAMETER', env);
const worker = variable('WORKER_FUNCTION', env);

/** One JSON line. It holds only names and statuses, so nothing needs redaction and pino stays out of the cold start. */
const writeLine = (level: string) => (facts: Record<string, unknown>, msg: string) => {
  process.stdout.write(`${JSON.stringify({ level, time: new Date().toISOString(), ...facts, msg })}\n`);
};
const log = { warn: writeLine('warn'), error: writeLine('error') };
const secret = createSecrets({ read: aws.readParameter, clock, log });

/** Behind the function URL that Slack calls. */
export const handler = createFrontHandler({
  signingSecret: () => secret(signingSecretName),
  handOn: (payload, signal) => aws.startFunction(worker, payload, signal),
  clock,
  log,
});
