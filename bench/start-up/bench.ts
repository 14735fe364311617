import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Bench, type Figure, median } from '../figures.ts';
import { goals } from '../goals.ts';
import { boltServer, serverFile, serverFlags, startNode } from '../shared/node-process.ts';
import { botToken, signedCommand, signingSecret } from '../shared/signed.ts';
import { setStage } from '../shared/stage.ts';
import { type Bundle, buildBundles } from './bundles.ts';

const rounds = { full: 17, quick: 1 };

/** From the start of a process to its first answer to a signed command, each case once a round. */
export const benchStartUp: Bench = async (scale) => {
  const stage = await setStage(['orders-dlq'], {
    tasksOf: () => [],
    parameters: { '/secret': signingSecret, '/token': botToken },
  });
  const onLambda = {
    ...stage.variables,
    SLACK_SIGNING_SECRET_PARAMETER: '/secret',
    SLACK_BOT_TOKEN_PARAMETER: '/token',
    WORKER_FUNCTION: 'worker',
    WATCH_TABLE: 'watches',
    WATCH_FUNCTION: 'watch',
    WATCH_ALIAS: 'durable',
  };
  try {
    const bundles = await buildBundles(stage.folder, stage.config);
    const start = (bundle: Bundle, text: string, variables: Record<string, string> = onLambda) =>
      functionStart(bundles.instance, bundle, { variables, text, standInUrl: stage.url });
    const cases = {
      front: () => start(bundles.front, 'orders-dlq'),
      hmacAndInvoke: () => start(bundles.hmacAndInvoke, 'orders-dlq'),
      hmacAndInvokeOnly: () => start(bundles.hmacAndInvoke, 'orders-dlq', stage.variables),
      helloFunction: () => start(bundles.helloWorld, 'help'),
      worker: () => start(bundles.worker, 'orders-dlq'),
      boltAndAws: () => start(bundles.boltAndAws, 'orders-dlq'),
      server: (round: number) => {
        const folder = join(stage.folder, `data-${round}`);
        return serverStart(serverFile, { ...stage.variables, DLQ_TASKS_DATA: folder }, serverFlags);
      },
      helloServer: () => serverStart(boltServer, stage.variables),
    };
    return figuresOf(await inTurn(cases, rounds[scale]), bundles);
  } finally {
    await stage.strike();
  }
};

type Case =
  | 'front'
  | 'hmacAndInvoke'
  | 'hmacAndInvokeOnly'
  | 'helloFunction'
  | 'worker'
  | 'boltAndAws'
  | 'server'
  | 'helloServer';

/** Medians. */
async function inTurn(cases: Record<Case, (round: number) => Promise<number>>, times: number) {
  const names = Object.keys(cases) as Case[];
  const found = new Map(names.map((name): [Case, number[]] => [name, []]));
  for (let round = 0; round < times; round += 1) {
    for (const [name, ms] of found) ms.push(await cases[name](round));
  }
  return (name: Case) => median(found.get(name) ?? []);
}

function figuresOf(
  msOf: (name: Case) => number,
  bundles: Awaited<ReturnType<typeof buildBundles>>,
): Figure[] {
  const beside = (what: string, ours: Case, peer: Case, name: string): Figure => ({
    what: `${what}, ms`,
    ours: msOf(ours),
    peer: { name, value: msOf(peer) },
  });
  const sized = (name: string, { kilobytes }: Bundle) => `${name} (${kilobytes} KB)`;
  const [front, worker] = [sized('front', bundles.front), sized('worker', bundles.worker)];
  const leanest = sized('HMAC + aws4fetch', bundles.hmacAndInvoke);
  const hello = sized("Bolt's hello world", bundles.helloWorld);
  const careless = sized('Bolt + SQS + STS bundled without care', bundles.boltAndAws);
  return [
    {
      ...beside(`${front} has handed on`, 'front', 'hmacAndInvoke', `${leanest}, the same two requests`),
      goal: goals.frontBesideHmacAndAws4fetch,
    },
    beside('the same', 'front', 'hmacAndInvokeOnly', 'the same, its secret at hand'),
    { ...beside('the same', 'front', 'helloFunction', hello), goal: goals.frontBesideHelloWorld },
    {
      ...beside(`${worker} has posted the card`, 'worker', 'boltAndAws', careless),
      goal: goals.workerBesideBoltSqsAndSts,
    },
    beside('server is ready', 'server', 'helloServer', "Bolt's hello world as a server"),
  ];
}

/** Milliseconds until the function has answered one signed command. */
function functionStart(
  instance: string,
  { file }: Bundle,
  { variables, text, standInUrl }: { variables: Record<string, string>; text: string; standInUrl: string },
): Promise<number> {
  const requestContext = { http: { method: 'POST', path: '/slack/events' } };
  const signed = signedCommand(text, 'C1', standInUrl);
  const event = { version: '2.0', ...signed, requestContext, isBase64Encoded: false };
  const startedAt = performance.now();
  const child = spawn(process.execPath, [instance, file], {
    env: { PATH: process.env['PATH'], ...variables, BENCH_EVENT: JSON.stringify(event) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    const read = (part: string) => {
      said += part;
      if (/^answered (?:200)?$/m.test(said)) resolve(performance.now() - startedAt);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('exit', (code) => reject(new Error(`no answer, ended with ${code}: ${said.slice(-2_000)}`)));
  });
}

async function serverStart(file: string, variables: Record<string, string>, flags: readonly string[] = []) {
  const startedAt = performance.now();
  const server = startNode(file, variables, flags);
  try {
    await server.port;
    return performance.now() - startedAt;
  } finally {
    await server.kill();
  }
}
