import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBotSettings } from '../shared/bot-settings.ts';
import type { Bench, BenchResult } from '../shared/result.ts';
import { botToken, signingSecret, startStandIn } from '../shared/stand-in.ts';
import { median, percentile, rounded } from '../shared/statistics.ts';
import { type Bundle, buildBundles } from './bundles.ts';
import { functionStart, serverStart } from './instances.ts';

type Case = {
  name: string;
  /** From its first line to its answer. */
  does: string;
  kilobytes?: number;
  start: (round: number) => Promise<number>;
};

type StartFigures = {
  name: string;
  does: string;
  kilobytes?: number;
  medianMs: number;
  p10Ms: number;
  p90Ms: number;
};

const roundsFor = { full: 17, quick: 1 };

/** From the start of a process to its first answer, each case once a round. */
export const benchStartUp: Bench = async (scale) => {
  const standIn = await startStandIn({
    awsOverTls: true,
    tasksOf: () => [],
    parameters: { '/secret': signingSecret, '/token': botToken },
  });
  const settings = await writeBotSettings(['orders-dlq']);
  const variables = {
    ...standIn.variables,
    ...settings.variables,
    SLACK_SIGNING_SECRET_PARAMETER: '/secret',
    SLACK_BOT_TOKEN_PARAMETER: '/token',
    WORKER_FUNCTION: 'worker',
    WATCH_TABLE: 'watches',
    WATCH_FUNCTION: 'watch',
    WATCH_ALIAS: 'durable',
  };
  try {
    const { instance, ...bundles } = await buildBundles(settings.folder, settings.variables.DLQ_TASKS_CONFIG);
    const aFunction = (
      name: string,
      does: string,
      { file, kilobytes }: Bundle,
      text = 'orders-dlq',
    ): Case => ({
      name,
      does,
      kilobytes,
      start: () => functionStart(instance, file, { ...variables, standInUrl: standIn.url, text }),
    });
    const cases = {
      hmacOnly: aFunction('HMAC check only', 'checks the signature', bundles.hmacOnly),
      hmacAndInvoke: aFunction(
        'HMAC check and invoke, with `aws4fetch`',
        'the same, and starts another function',
        bundles.hmacAndInvoke,
      ),
      frontWithSecret: aFunction(
        'front, with its secret at hand',
        'the same, by the real front',
        bundles.frontWithSecret,
      ),
      front: aFunction('front, its secret read first', 'the same, after a GetParameter', bundles.front),
      boltHello: aFunction(
        'Bolt’s hello world, bundled',
        'auth.test, acknowledges',
        bundles.boltHello,
        'help',
      ),
      boltSaysHello: aFunction(
        'Bolt, SQS and STS, bundled without care, until it says hello',
        'auth.test, acknowledges with a word; all of Bolt and the AWS SDK with its search for credentials; CommonJS',
        bundles.boltAndAws,
        'help',
      ),
      workerHelps: aFunction(
        'worker, until it has said help',
        'two GetParameters, auth.test, a response URL',
        bundles.worker,
        'help',
      ),
      boltAndAws: aFunction(
        'Bolt, SQS and STS, bundled without care, until the answer is posted',
        'auth.test, AssumeRole, ListMessageMoveTasks and GetQueueAttributes at once, chat.postMessage; its secrets at hand',
        bundles.boltAndAws,
      ),
      boltAndAwsMinified: aFunction(
        'Bolt, SQS and STS, ESM and minified, until the answer is posted',
        'the same',
        bundles.boltAndAwsMinified,
      ),
      worker: aFunction(
        'worker, until the card is posted',
        'the same requests, and two GetParameters first',
        bundles.worker,
      ),
      uncaredFor: aFunction(
        'the same worker, bundled without care',
        'the same; nothing left out, CommonJS, settings read when it starts',
        bundles.uncaredFor,
      ),
      server: {
        name: 'server (`npm start`), until it acknowledges',
        does: 'not bundled: its port, settings, SQLite, auth.test, acknowledges',
        start: (round: number) => {
          const folder = join(settings.folder, `data-${round}`);
          return serverStart({ ...variables, DLQ_TASKS_DATA: folder }, standIn.url, 'help');
        },
      },
    };
    return resultOf(await inTurn(cases, roundsFor[scale]));
  } finally {
    await standIn.stop();
    await rm(settings.folder, { recursive: true, force: true, maxRetries: 3 });
  }
};

async function inTurn<Name extends string>(cases: Record<Name, Case>, rounds: number) {
  const names = Object.keys(cases) as Name[];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, ms] of times) ms.push(await cases[name].start(round));
  }
  const figures = names.map((name) => [name, figuresOf(cases[name], times.get(name) ?? [])] as const);
  return Object.fromEntries(figures) as Record<Name, StartFigures>;
}

function figuresOf({ name, does, kilobytes }: Case, ms: readonly number[]): StartFigures {
  return {
    ...{ name, does },
    ...(kilobytes !== undefined && { kilobytes }),
    medianMs: median(ms),
    p10Ms: percentile(ms, 0.1),
    p90Ms: percentile(ms, 0.9),
  };
}

type Promised = { what: string; beside: string; ratio: number; atMost: number };
type Found = Record<
  | 'hmacOnly'
  | 'hmacAndInvoke'
  | 'frontWithSecret'
  | 'boltHello'
  | 'boltAndAws'
  | 'boltAndAwsMinified'
  | 'worker',
  StartFigures
>;

function promisesOf(found: Found): Promised[] {
  const promised = (one: keyof Found, other: keyof Found, atMost: number): Promised => ({
    what: found[one].name,
    beside: found[other].name,
    ratio: found[one].medianMs / found[other].medianMs,
    atMost,
  });
  return [
    promised('frontWithSecret', 'hmacAndInvoke', 1.3),
    promised('frontWithSecret', 'boltHello', 0.6),
    promised('worker', 'boltAndAws', 0.7),
    promised('worker', 'boltAndAwsMinified', 0.7),
  ];
}

function resultOf(found: Found): BenchResult {
  const least = found.hmacOnly.medianMs;
  const cases: StartFigures[] = Object.values(found);
  const promises = promisesOf(found);
  return {
    title: 'Start-up',
    figures: { cases, promises },
    tables: [
      {
        caption:
          'From starting the process to its first answer to a signed command, AWS (over TLS) and Slack answering at once.',
        head: ['case', 'bundle, KB', 'median ms', 'p10', 'p90', 'beside the HMAC check'],
        rows: cases.map(({ name, kilobytes, medianMs, p10Ms, p90Ms }) => [
          name,
          kilobytes === undefined ? '–' : rounded(kilobytes),
          rounded(medianMs),
          rounded(p10Ms),
          rounded(p90Ms),
          `${rounded(medianMs / least, 1)} ×`,
        ]),
      },
      {
        caption: 'What each does until then.',
        head: ['case', 'from its first line to its answer'],
        rows: cases.map(({ name, does }) => [name, does]),
      },
      {
        caption: 'What the functions promise: medians of this run, one beside the other.',
        head: ['function', 'beside', 'ratio', 'at most'],
        rows: promises.map(({ what, beside, ratio, atMost }) => [
          what,
          beside,
          rounded(ratio, 2),
          rounded(atMost, 1),
        ]),
      },
    ],
  };
}
