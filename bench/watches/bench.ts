import type { Bench, BenchResult } from '../shared/result.ts';
import { rounded } from '../shared/statistics.ts';
import { measureWatches, type WatchFigures, type WatchSize } from './measure.ts';

const sizes: Record<'full' | 'quick', WatchSize[]> = {
  full: [
    { watches: 100, queues: 10, calmMs: 5_000, steadyMs: 45_000 },
    { watches: 1_000, queues: 100, calmMs: 5_000, steadyMs: 45_000 },
    { watches: 10_000, queues: 1_000, calmMs: 20_000, steadyMs: 60_000 },
  ],
  quick: [{ watches: 20, queues: 2, calmMs: 0, steadyMs: 300 }],
};

/** The real server with many watches, killed and started anew, before a Slack and an SQS that answer at once. */
export const benchWatches: Bench = async (scale) => {
  const figures: WatchFigures[] = [];
  for (const size of sizes[scale]) figures.push(await measureWatches(size));
  return resultOf(figures);
};

function resultOf(figures: WatchFigures[]): BenchResult {
  const row = (name: string, of: (one: WatchFigures) => string) => [name, ...figures.map(of)];
  return {
    title: 'Watches',
    figures: { sizes: figures },
    tables: [
      {
        caption:
          'One server process at the default pace; redrives of all ages from a minute to twelve hours, of which the first figures are taken after a kill -9.',
        head: [
          '',
          ...figures.map(({ watches, queues }) => `${rounded(watches)} over ${rounded(queues)} queues`),
        ],
        rows: [
          row('from starting anew to the first turn, ms', (one) => rounded(one.firstTurnMs)),
          row('of these, to ready, ms', (one) => rounded(one.readyMs)),
          row('all queues seen again after, ms', (one) => rounded(one.allSeenMs)),
          row('resident memory at most, MB', (one) => rounded(one.memoryMb)),
          row('CPU, share of one core', (one) => `${rounded(one.cpuShare * 100, 1)} %`),
          row('looks a second', (one) => rounded(one.looksASecond, 1)),
          row('turns late, ms: p50 / p99 / max', ({ lateMs: { p50, p99, max } }) =>
            [p50, p99, max].map((ms) => rounded(ms)).join(' / '),
          ),
          row('cards edited a minute', (one) => rounded(one.editsAMinute)),
          row('Watch clicks committed a second, one after another', (one) => rounded(one.clicksASecond)),
        ],
      },
    ],
  };
}
