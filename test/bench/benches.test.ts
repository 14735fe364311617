import { expect, test } from 'vitest';
import { tableOf } from '../../bench/figures.ts';
import { benchHistory } from '../../bench/history/bench.ts';

/** The other benches start many processes: benches.long.test.ts. */
test('history yields its figures', async () => {
  const figures = await benchHistory('quick');
  expect(figures.filter(({ ours }) => !(ours >= 0))).toEqual([]);
});

test('a table says what is compared with what, and whether the goal is met', () => {
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
