import { expect, test } from 'vitest';
import { benchCommands } from '../../bench/commands/bench.ts';
import { benchStartUp } from '../../bench/start-up/bench.ts';
import { benchWatches } from '../../bench/watches/bench.ts';

const benches = {
  commands: benchCommands,
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
