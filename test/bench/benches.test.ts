import { expect, test } from 'vitest';
import { benchCommands } from '../../bench/commands/bench.ts';
import { tableOf } from '../../bench/figures.ts';
import { benchHistory } from '../../bench/history/bench.ts';
import { benchStartUp } from '../../bench/start-up/bench.ts';
import { benchWatches } from '../../bench/watches/bench.ts';

const benches = {
  commands: benchCommands,
  history: benchHistory,
  'start-up': benchStartUp,
  watches: benchWatches,
};

/** A bench starts bots and servers while other tests run, so this does not check how fast they are. */
const patiently = { timeout: 60_000 };

test.concurrent.each(Object.entries(benches))('%s yields its figures', patiently, async (_, bench) => {
  const figures = await bench('quick');
  const values = figures.flatMap(({ ours, peer }) => [ours, ...(peer ? [peer.value] : [])]);
  expect(values.filter((value) => !(value >= 0))).toEqual([]);
});

test('a table says what is measured beside what, and whether the goal is met', () => {
  const peer = { name: 'hello world', value: 1_000 };
  const table = tableOf([
    { what: 'acks a second', ours: 900, peer, goal: { ratioAtLeast: 0.9 } },
    { what: 'start, ms', ours: 1_150, peer, goal: { ratioAtMost: 1.1 } },
    { what: 'memory, MB', ours: 219.6, goal: { atMost: 220 } },
    { what: 'CPU, %', ours: Number.NaN, goal: { atMost: 30 } },
    { what: 'polls a second', ours: 4.5 },
  ]);
  expect(table.split('\n').slice(2, -1)).toEqual([
    '| acks a second | 900 | 1,000, hello world | 0.90 × | at least 0.9 × | yes |',
    '| start, ms | 1,150 | 1,000, hello world | 1.15 × | at most 1.1 × | no |',
    '| memory, MB | 220 |  |  | at most 220 | yes |',
    '| CPU, % | – |  |  | at most 30 | no |',
    '| polls a second | 4.5 |  |  |  |  |',
  ]);
});
