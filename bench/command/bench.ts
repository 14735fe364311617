import type { Bench, BenchResult, Scale } from '../shared/result.ts';
import { median, percentile } from '../shared/statistics.ts';
import { type Contenders, startContenders } from './contenders.ts';
import { type Crowd, createPeople, type Driven, type People } from './people.ts';
import { type CommandFigures, type Contest, tablesOf } from './tables.ts';

const sizes = {
  full: {
    rounds: 3,
    warmUpMs: 1_500,
    crowds: [
      { atOnce: 1, ms: 600 },
      { atOnce: 10, ms: 600 },
      { atOnce: 100, ms: 1_500 },
    ],
  },
  quick: {
    rounds: 1,
    warmUpMs: 20,
    crowds: [
      { atOnce: 1, ms: 30 },
      { atOnce: 11, ms: 30 },
    ],
  },
};
const queueOf = (person: number) => `queue-${person}-dlq`;
const words: Record<Contest['typed'], Crowd['text']> = {
  'one queue': queueOf(0),
  'ten queues': (person) => queueOf(person % 10),
  'own queue': queueOf,
  help: 'help',
};

const task = {
  Status: 'RUNNING',
  TaskHandle: 'handle',
  SourceArn: 'arn:aws:sqs:eu-west-1:111122223333:queue-0-dlq',
  ApproximateNumberOfMessagesMoved: 640,
  ApproximateNumberOfMessagesToMove: 1_000,
  StartedTimestamp: Date.now() - 600_000,
};

/** Signed slash commands to the real server, beside a first version of it and Bolt's hello world. */
export const benchCommand: Bench = async (scale) => {
  const people = await createPeople(task);
  const most = Math.max(...sizes[scale].crowds.map(({ atOnce }) => atOnce));
  const queues = Array.from({ length: most }, (_, person) => queueOf(person));
  const bots = await startContenders(people.standIn.variables, queues).catch(async (error: unknown) => {
    await people.stop();
    throw error;
  });
  try {
    return resultOf(await measureAll(people, bots, scale));
  } finally {
    await bots.stop();
    await people.stop();
  }
};

const cardBots = ['dlq-tasks', 'first version'] as const;

function contests(scale: Scale): Contest[] {
  return sizes[scale].crowds.flatMap(({ atOnce, ms }) => {
    const again = { manner: 'again', atOnce, ms, delayMs: 0 } as const;
    const together = { manner: 'together', atOnce, ms, delayMs: 0 } as const;
    return [
      ...cardBots.map((bot): Contest => ({ bot, typed: 'one queue', ...again })),
      ...cardBots.map((bot): Contest => ({ bot, typed: 'one queue', ...again, delayMs: 50 })),
      ...(atOnce > 10
        ? cardBots.map((bot): Contest => ({ bot, typed: 'ten queues', ...again, delayMs: 50 }))
        : []),
      ...cardBots.map((bot): Contest => ({ bot, typed: 'own queue', ...again, delayMs: 50 })),
      { bot: 'dlq-tasks', typed: 'help', ...again },
      { bot: 'hello world', typed: 'help', ...again },
      { bot: 'dlq-tasks', typed: 'one queue', ...together },
      { bot: 'dlq-tasks', typed: 'help', ...together },
      { bot: 'hello world', typed: 'help', ...together },
    ];
  });
}

type Run = Driven & { cpuMsEach: number; loadShare: number };

/** All contests in turn, then all again: what else the machine does falls on each alike. */
async function measureAll(people: People, bots: Contenders, scale: Scale): Promise<CommandFigures[]> {
  const { rounds, warmUpMs: ms, crowds } = sizes[scale];
  const all = contests(scale);
  const largest = all.filter(({ atOnce }) => atOnce === crowds.at(-1)?.atOnce);
  for (const contest of largest) await drive(people, bots, { ...contest, ms });
  const driven = new Map<Contest, Run[]>(all.map((contest) => [contest, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [contest, runs] of driven) runs.push(await drive(people, bots, contest));
  }
  return [...driven].map(([contest, runs]) => figuresOf(contest, runs));
}

/** `cpuMsEach`: what an answer costs the bot. `loadShare`: of a core, what the people, Slack and AWS take meanwhile. */
async function drive(people: People, bots: Contenders, contest: Contest): Promise<Run> {
  const { bot, typed, manner, atOnce, ms, delayMs } = contest;
  people.standIn.setDelay(delayMs);
  const [botBefore, ownBefore, startedAt] = [bots.cpuMs(bot), process.cpuUsage(), performance.now()];
  const seen = await people.drive(bots.ports[bot], { text: words[typed], manner, atOnce, ms });
  const own = process.cpuUsage(ownBefore);
  return {
    ...seen,
    cpuMsEach: (bots.cpuMs(bot) - botBefore) / (seen.answerMs.length + atOnce),
    loadShare: (own.user + own.system) / 1000 / (performance.now() - startedAt),
  };
}

function figuresOf(contest: Contest, runs: Run[]): CommandFigures {
  const over = (of: (run: Run) => number) => median(runs.map(of));
  const times = (of: (run: Run) => number[]) => ({
    p50: over((run) => percentile(of(run), 0.5)),
    p99: over((run) => percentile(of(run), 0.99)),
  });
  return {
    ...contest,
    ackMs: times(({ ackMs }) => ackMs),
    answerMs: times(({ answerMs }) => answerMs),
    acksASecond: over(({ acksASecond }) => acksASecond),
    answersASecond: over(({ answersASecond }) => answersASecond),
    cpuMsEach: over(({ cpuMsEach }) => cpuMsEach),
    loadShare: over(({ loadShare }) => loadShare),
  };
}

function resultOf(figures: CommandFigures[]): BenchResult {
  return { title: 'Commands', figures: { contests: figures }, tables: tablesOf(figures) };
}
