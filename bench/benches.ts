import { benchCommands } from './commands/bench.ts';
import type { Bench } from './figures.ts';
import { benchStartUp } from './start-up/bench.ts';
import { benchWatches } from './watches/bench.ts';

export const benches: Record<string, Bench> = {
  commands: benchCommands,
  'start-up': benchStartUp,
  watches: benchWatches,
};
