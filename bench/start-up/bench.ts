import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bench, measureInTurn } from '../figures.ts';
import { goals } from '../goals.ts';
import { startNode } from '../shared/node-process.ts';
import { botToken, signedCommand, signingSecret } from '../shared/signed.ts';
import { setStage } from '../shared/stage.ts';
import { buildBundles } from './bundles.ts';

const rounds = { full: 17, quick: 1 };

/**
 * A new instance of a function, in plain JavaScript so that Node has no types to strip. It says that it is
 * ready, as a server does, once it has answered.
 */
const instanceSource = `import { pathToFileURL } from 'node:url';
const loaded = await import(pathToFileURL(process.env.BENCH_BUNDLE).href);
const handler = loaded.handler ?? loaded.default.handler;
const answer = await handler(JSON.parse(process.env.BENCH_EVENT));
if ((answer?.statusCode ?? 200) !== 200) throw new Error('answered ' + answer.statusCode);
process.stdout.write('{"port":0,"msg":"ready"}\\n', () => process.exit());
`;

/** From the start of a process until it has posted its card, or else answered a signed command. */
export const benchStartUp: Bench = async (scale) => {
  let postedAt = Number.NaN;
  await using stage = await setStage(['orders-dlq'], {
    redriveOf: () => ({ startedAt: Date.now() - 600_000, lengthMs: 900_000 }),
    parameters: { '/secret': signingSecret, '/token': botToken },
    onAnswer: () => {
      postedAt = performance.now();
    },
  });
  const variables = {
    ...stage.variables,
    // With TLS, as Slack itself is reached.
    SLACK_API_URL: `${stage.variables.AWS_ENDPOINT_URL}/api/`,
    SLACK_SIGNING_SECRET_PARAMETER: '/secret',
    SLACK_BOT_TOKEN_PARAMETER: '/token',
    WORKER_FUNCTION: 'worker',
    WATCH_TABLE: 'watches',
    HISTORY_TABLE: 'history',
    WATCH_FUNCTION: 'watch',
    WATCH_ALIAS: 'durable',
  };
  const instance = join(stage.folder, 'instance.mjs');
  await writeFile(instance, instanceSource);
  const bundles = await buildBundles(stage.folder, stage.config);
  const { front, worker, hmacAndInvoke, helloWorld, boltAndAws } = bundles;

  const msOf = async (bundle: string) => {
    const requestContext = { http: { method: 'POST', path: '/slack/events' } };
    const { body, headers } = signedCommand('orders-dlq', 'C1', stage.url);
    const event = JSON.stringify({ version: '2.0', body, headers, requestContext });
    const startedAt = performance.now();
    postedAt = Number.NaN;
    await using started = startNode(instance, { ...variables, BENCH_BUNDLE: bundle, BENCH_EVENT: event });
    await started.port;
    return (postedAt || performance.now()) - startedAt;
  };
  const beside = (name: string, bundle: string) => ({ name, value: () => msOf(bundle) });
  const handedOn = { what: 'front has invoked the worker, ms', ours: () => msOf(front) };
  const pairs = [
    {
      ...handedOn,
      peer: beside('HMAC + aws4fetch', hmacAndInvoke),
      goal: goals.frontBesideHmacAndAws4fetch,
    },
    { ...handedOn, peer: beside("Bolt's hello world", helloWorld), goal: goals.frontBesideHelloWorld },
    {
      what: 'worker has posted the card, ms',
      ours: () => msOf(worker),
      peer: beside('Bolt + SQS + STS bundled without optimization', boltAndAws),
      goal: goals.workerBesideBoltSqsAndSts,
    },
  ];
  return await measureInTurn(pairs, rounds[scale]);
};
