import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { benchCommand } from './command/bench.ts';
import { type Bench, inMarkdown } from './shared/result.ts';
import { benchStartUp } from './start-up/bench.ts';
import { benchWatches } from './watches/bench.ts';

/** `npm run bench`, or `npm run bench -- <name> [--quick] [--to <folder>]`. */
const benches: Record<string, Bench> = {
  command: benchCommand,
  'start-up': benchStartUp,
  watches: benchWatches,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, to: { type: 'string', default: 'docs/bench' } },
});
const unknown = positionals.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined) {
  process.stderr.write(`There is no bench ${unknown}. There are: ${Object.keys(benches).join(', ')}\n`);
  process.exit(1);
}

await mkdir(values.to, { recursive: true });
for (const [name, bench] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const [startedAt, [busyBefore = 0]] = [performance.now(), loadavg()];
  const result = await bench(values.quick ? 'quick' : 'full');
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const machine = {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? '',
    node: process.version,
    loadBefore: busyBefore,
    seconds,
  };
  const inWords = `${machine.cores} cores (${machine.cpu.trim()}), Node ${machine.node}, load average ${busyBefore.toFixed(1)} before; it took ${seconds} s.`;
  const markdown = inMarkdown(result, inWords);
  process.stdout.write(`${markdown}\n`);
  await writeFile(`${values.to}/${name}.md`, markdown);
  await writeFile(
    `${values.to}/${name}.json`,
    `${JSON.stringify({ machine, ...result.figures }, null, 2)}\n`,
  );
}
