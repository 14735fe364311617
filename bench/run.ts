import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { benchCommands } from './commands/bench.ts';
import { tableOf } from './figures.ts';
import { benchHistory } from './history/bench.ts';
import { benchStartUp } from './start-up/bench.ts';
import { benchWatches } from './watches/bench.ts';

const benches = {
  commands: benchCommands,
  history: benchHistory,
  'start-up': benchStartUp,
  watches: benchWatches,
};

/** All benches, or some: `npm run bench -- <name>… [--quick]`. The figures of a quick run mean little. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
});
const unknown = positionals.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined) {
  process.stderr.write(`There is no bench ${unknown}. There are: ${Object.keys(benches).join(', ')}\n`);
  process.exit(1);
}

if (!values.quick) await import('../scripts/build.ts');
const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), Node ${process.version}`;
for (const [name, bench] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const [startedAt, [load = 0]] = [performance.now(), loadavg()];
  const table = tableOf(await bench(values.quick ? 'quick' : 'full'));
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(
    `## ${name}\n\n${machine}, load average ${load.toFixed(1)} before; it took ${seconds} s.\n\n${table}\n`,
  );
}
