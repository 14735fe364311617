import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBotSettings } from '../shared/bot-settings.ts';
import type { Bench, BenchResult } from '../shared/result.ts';
import { botToken, signingSecret, startStandIn } from '../shared/stand-in.ts';
import { median, percentile, rounded } from '../shared/statistics.ts';
import { type Bundle, buildBundles } from './bundles.ts';
import { functionStart, serverStart } from './instances.ts';

type Case = { name: string; kilobytes?: number; start: (round: number) => Promise<number> };

type StartFigures = {
  name: string;
  kilobytes?: number;
  medianMs: number;
  p10Ms: number;
  p90Ms: number;
};

const roundsFor = { full: 17, quick: 1 };

/** From the start of a process to its first answer, each case once a round. */
export const benchStartUp: Bench = async (scale) => {
  const standIn = await startStandIn({
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
    const { instance, ...bundles } = await buildBundles(settings.folder);
    const aFunction = (name: string, { file, kilobytes }: Bundle, text = 'orders-dlq'): Case => ({
      name,
      kilobytes,
      start: () => functionStart(instance, file, { ...variables, standInUrl: standIn.url, text }),
    });
    const cases: Case[] = [
      aFunction('HMAC check only', bundles.hmacOnly),
      aFunction('HMAC check and invoke, with `aws4fetch`', bundles.hmacAndInvoke),
      aFunction('front, with its secret at hand', bundles.frontWithSecret),
      aFunction('front, its secret read first', bundles.front),
      aFunction('Bolt’s hello world, bundled', bundles.boltHello, 'help'),
      aFunction('Bolt, SQS and STS, bundled without care, until it says hello', bundles.boltAndAws, 'help'),
      aFunction('worker, until it has said help', bundles.worker, 'help'),
      aFunction('Bolt, SQS and STS, bundled without care, until it has asked', bundles.boltAndAws),
      aFunction('worker, until the card is posted', bundles.worker),
      aFunction('the same worker, bundled without care', bundles.uncaredFor),
      {
        name: 'server (`npm start`), until it acknowledges',
        start: async (round) => {
          const folder = join(settings.folder, `data-${round}`);
          const ms = await serverStart({ ...variables, DLQ_TASKS_DATA: folder }, standIn.url, 'help');
          return ms;
        },
      },
    ];
    return resultOf(await inTurn(cases, roundsFor[scale]));
  } finally {
    await standIn.stop();
    await rm(settings.folder, { recursive: true, force: true, maxRetries: 3 });
  }
};

async function inTurn(cases: Case[], rounds: number): Promise<StartFigures[]> {
  const times = new Map(cases.map((one) => [one, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [one, ms] of times) ms.push(await one.start(round));
  }
  return [...times].map(([{ name, kilobytes }, ms]) => ({
    name,
    ...(kilobytes !== undefined && { kilobytes }),
    medianMs: median(ms),
    p10Ms: percentile(ms, 0.1),
    p90Ms: percentile(ms, 0.9),
  }));
}

function resultOf(cases: StartFigures[]): BenchResult {
  const least = cases[0]?.medianMs ?? Number.NaN;
  return {
    title: 'Start-up',
    figures: { cases },
    tables: [
      {
        caption:
          'From starting the process to its first answer to a signed command, AWS and Slack answering at once.',
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
    ],
  };
}
