import type { Bench, BenchResult } from '../shared/result.ts';
import { rounded, sum } from '../shared/statistics.ts';
import { costOf } from './cost.ts';
import { polling, type Shape, type Simulated, shapes, simulate } from './simulation.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const lengths: Record<string, number> = {
  '1 min': minute,
  '10 min': 10 * minute,
  '1 h': hour,
  '6 h': 6 * hour,
  '36 h': 36 * hour,
};

const waysToLook = ['dlq-tasks', 'each 5 s', 'each 30 s', 'oracle'] as const;
type WayToLook = (typeof waysToLook)[number];

/** Means over the moments at which a person may join; `lateS` of the one seen latest. */
type PaceFigures = {
  way: WayToLook;
  shape: Shape;
  length: string;
  looks: number;
  looksInAll: number;
  lateS: { mean: number; worst: number };
  cloudTrailEvents: number;
  lambdaDollars: number;
};

/** Simulated redrives, on a clock that jumps: nothing here depends on the machine. */
export const benchPace: Bench = async (scale) => {
  const moments = scale === 'full' ? 25 : 2;
  const some = scale === 'full' ? Object.keys(lengths) : ['1 min', '10 min'];
  const figures = (Object.keys(shapes) as Shape[]).flatMap((shape) =>
    some.flatMap((length) => waysToLook.map((way) => figuresOf(way, shape, length, moments))),
  );
  return resultOf(figures);
};

function figuresOf(way: WayToLook, shape: Shape, length: string, moments: number): PaceFigures {
  const lengthMs = lengths[length] ?? 0;
  // From now to half a minute later in odd steps, so that no length suits a clock by luck.
  const runs = Array.from({ length: moments }, (_, index) => looking(way, shape, lengthMs, index * 1_193));
  const mean = (of: (run: Simulated) => number) => sum(runs.map(of)) / runs.length;
  const looksInAll = mean((run) => run.looksInAll);
  return {
    way,
    shape,
    length,
    looks: mean((run) => run.looksUntilEnd),
    looksInAll,
    lateS: {
      mean: mean((run) => run.seenLateMs) / second,
      worst: Math.max(...runs.map((run) => run.seenLateMs)) / second,
    },
    ...costOf(looksInAll, lengthMs / hour),
  };
}

function looking(way: WayToLook, shape: Shape, lengthMs: number, offsetMs: number): Simulated {
  switch (way) {
    case 'dlq-tasks':
      return simulate(shape, lengthMs, { offsetMs });
    case 'each 5 s':
      return polling(5 * second, lengthMs, offsetMs);
    case 'each 30 s':
      return polling(30 * second, lengthMs, offsetMs);
    case 'oracle':
      // One look for the card, one at the very end.
      return { looksUntilEnd: 2, looksInAll: 2, seenLateMs: 0 };
  }
}

function resultOf(figures: PaceFigures[]): BenchResult {
  const ways = (shape: string, length: string) =>
    waysToLook.map((way) =>
      figures.find((one) => one.way === way && one.shape === shape && one.length === length),
    );
  const rows = [
    ...new Map(figures.map(({ shape, length }) => [`${shape} ${length}`, { shape, length }])).values(),
  ];
  return {
    title: 'Pace',
    figures: { paces: figures },
    tables: [
      {
        caption:
          'Looks until the end is seen, and how late it is seen in seconds (mean / worst of 25 moments of joining). The oracle knows the end: 2 looks, 0 s.',
        head: ['task', 'length', ...waysToLook.slice(0, 3).flatMap((way) => [`${way}: looks`, 'late'])],
        rows: rows.map(({ shape, length }) => [
          shape,
          length,
          ...ways(shape, length)
            .slice(0, 3)
            .flatMap((one) => [
              rounded(one?.looks ?? Number.NaN),
              `${rounded(one?.lateS.mean ?? Number.NaN, 1)} / ${rounded(one?.lateS.worst ?? Number.NaN, 1)}`,
            ]),
        ]),
      },
      {
        caption:
          'What one watch costs, the looks after the end included where the bot makes them: events in CloudTrail, and US cents on Lambda.',
        head: ['task', 'length', ...waysToLook.flatMap((way) => [`${way}: events`, 'cents'])],
        rows: rows.map(({ shape, length }) => [
          shape,
          length,
          ...ways(shape, length).flatMap((one) => [
            rounded(one?.cloudTrailEvents ?? Number.NaN),
            rounded((one?.lambdaDollars ?? Number.NaN) * 100, 2),
          ]),
        ]),
      },
    ],
  };
}
