import { polling, type Shape, type Simulated, shapes, simulate } from './pace-simulation.ts';

const second = 1000;
const hour = 3600 * second;
const lengths: [string, number][] = [
  ['10 s', 10 * second],
  ['1 min', 60 * second],
  ['10 min', 600 * second],
  ['1 h', hour],
  ['6 h', 6 * hour],
  ['12 h', 12 * hour],
  ['36 h', 36 * hour],
];
/** The moments at which a person may join, so that no length suits the clock by luck. */
const offsets = Array.from({ length: 25 }, (_, index) => index * 197);

function meanAndWorst(runs: Simulated[]): string[] {
  const looks = runs.reduce((sum, run) => sum + run.looksUntilEnd, 0) / runs.length;
  const late = runs.map((run) => run.seenLateMs / second);
  const mean = late.reduce((sum, seconds) => sum + seconds, 0) / late.length;
  return [looks.toFixed(0), mean.toFixed(1), Math.max(...late).toFixed(1)];
}

const rows = [
  [
    'task',
    'length',
    'looks',
    'late s',
    'worst',
    '5 s: looks',
    'late s',
    'worst',
    '30 s: looks',
    'late s',
    'worst',
    'fewer',
  ],
];
for (const shape of Object.keys(shapes) as Shape[]) {
  for (const [name, length] of lengths) {
    const adaptive = offsets.map((offsetMs) => simulate(shape, length, { offsetMs }));
    const [five, thirty] = [5, 30].map((every) =>
      offsets.map((offset) => polling(every * second, length, offset)),
    );
    const cells = [adaptive, five ?? [], thirty ?? []].map(meanAndWorst);
    rows.push([
      shape,
      name,
      ...cells.flat(),
      `${(Number(cells[1]?.[0]) / Number(cells[0]?.[0])).toFixed(1)} x`,
    ]);
  }
}

const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
for (const row of rows) {
  process.stdout.write(`${row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')}\n`);
}
