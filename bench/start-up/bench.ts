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
    const start = ({ file }: Bundle, text: string, variables: Record<string, string> = onLambda) => {
      const requestContext = { http: { method: 'POST', path: '/slack/events' } };
      const signed = signedCommand(text, 'C1', stage.url);
      const event = JSON.stringify({ version: '2.0', ...signed, requestContext, isBase64Encoded: false });
      return msUntilReady(bundles.instance, { ...variables, BENCH_BUNDLE: file, BENCH_EVENT: event });
    };
    const cases = {
      front: () => start(bundles.front, 'orders-dlq'),
      hmacAndInvoke: () => start(bundles.hmacAndInvoke, 'orders-dlq'),
      hmacAndInvokeOnly: () => start(bundles.hmacAndInvoke, 'orders-dlq', stage.variables),
      helloFunction: () => start(bundles.helloWorld, 'help'),
      worker: () => start(bundles.worker, 'orders-dlq'),
      boltAndAws: () => start(bundles.boltAndAws, 'orders-dlq'),
      server: (round: number) => {
        const folder = join(stage.folder, `data-${round}`);
        return msUntilReady(serverFile, { ...stage.variables, DLQ_TASKS_DATA: folder }, serverFlags);
      },
      helloServer: () => msUntilReady(boltServer, stage.variables),
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

function figuresOf(ms: (of: Case) => number, bundles: Awaited<ReturnType<typeof buildBundles>>): Figure[] {
  const peer = (name: string, value: number) => ({ peer: { name, value } });
  const sized = (name: string, { kilobytes }: Bundle) => `${name} (${kilobytes} KB)`;
  const leanest = sized('HMAC + aws4fetch', bundles.hmacAndInvoke);
  const handedOn = { what: `${sized('front', bundles.front)} has handed on, ms`, ours: ms('front') };
  return [
    {
      ...handedOn,
      ...peer(`${leanest}, the same two requests`, ms('hmacAndInvoke')),
      goal: goals.frontBesideHmacAndAws4fetch,
    },
    { ...handedOn, ...peer('the same, its secret at hand', ms('hmacAndInvokeOnly')) },
    {
      ...handedOn,
      ...peer(sized("Bolt's hello world", bundles.helloWorld), ms('helloFunction')),
      goal: goals.frontBesideHelloWorld,
    },
    {
      what: `${sized('worker', bundles.worker)} has posted the card, ms`,
      ours: ms('worker'),
      ...peer(sized('Bolt + SQS + STS bundled without care', bundles.boltAndAws), ms('boltAndAws')),
      goal: goals.workerBesideBoltSqsAndSts,
    },
    {
      what: 'server is ready, ms',
      ours: ms('server'),
      ...peer("Bolt's hello world as a server", ms('helloServer')),
    },
  ];
}

/** Medians. */
async function inTurn(cases: Record<Case, (round: number) => Promise<number>>, times: number) {
  const found = new Map((Object.keys(cases) as Case[]).map((name): [Case, number[]] => [name, []]));
  for (let round = 0; round < times; round += 1) {
    for (const [name, ms] of found) ms.push(await cases[name](round));
  }
  return (name: Case) => median(found.get(name) ?? []);
}

async function msUntilReady(file: string, variables: Record<string, string>, flags: readonly string[] = []) {
  const startedAt = performance.now();
  const started = startNode(file, variables, flags);
  try {
    await started.port;
    return performance.now() - startedAt;
  } finally {
    await started.kill();
  }
}
