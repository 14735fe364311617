import type { Bench, BenchResult, Scale } from '../shared/result.ts';
import { median, percentile, rounded } from '../shared/statistics.ts';
import { type ContenderName, startContenders } from './contenders.ts';
import { type Crowd, createPeople, type Driven, type People } from './people.ts';

type Contest = { bot: ContenderName; text: string; manner: Crowd['manner']; atOnce: number; delayMs: number };

/** Medians over the rounds. */
type CommandFigures = Contest & {
  ackMs: { p50: number; p99: number };
  answerMs: { p50: number; p99: number };
  acksASecond: number;
  answersASecond: number;
};

const sizes = {
  full: { rounds: 3, ms: 2_000, warmUpMs: 2_000, crowds: [1, 10, 100] },
  quick: { rounds: 1, ms: 60, warmUpMs: 20, crowds: [1, 5] },
};

const task = {
  Status: 'RUNNING',
  TaskHandle: 'handle',
  SourceArn: 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
  ApproximateNumberOfMessagesMoved: 640,
  ApproximateNumberOfMessagesToMove: 1_000,
  StartedTimestamp: Date.now() - 600_000,
};

/** Signed slash commands to the real server, beside a first version of it and Bolt's hello world. */
export const benchCommand: Bench = async (scale) => {
  const people = await createPeople(task);
  const bots = await startContenders(people.standIn.variables).catch(async (error: unknown) => {
    await people.stop();
    throw error;
  });
  try {
    return resultOf(await measureAll(people, bots.ports, scale));
  } finally {
    await bots.stop();
    await people.stop();
  }
};

function contests(scale: Scale): Contest[] {
  return sizes[scale].crowds.flatMap((atOnce) => [
    ...[0, 50].flatMap((delayMs) =>
      (['dlq-tasks', 'first version'] as const).map(
        (bot): Contest => ({ bot, text: 'orders-dlq', manner: 'again', atOnce, delayMs }),
      ),
    ),
    { bot: 'dlq-tasks', text: 'help', manner: 'again', atOnce, delayMs: 0 },
    { bot: 'hello world', text: 'help', manner: 'again', atOnce, delayMs: 0 },
    { bot: 'dlq-tasks', text: 'orders-dlq', manner: 'together', atOnce, delayMs: 0 },
    { bot: 'dlq-tasks', text: 'help', manner: 'together', atOnce, delayMs: 0 },
    { bot: 'hello world', text: 'help', manner: 'together', atOnce, delayMs: 0 },
  ]);
}

/** All contests in turn, then all again: what else the machine does falls on each alike. */
async function measureAll(people: People, ports: Record<ContenderName, number>, scale: Scale) {
  const { rounds, ms, warmUpMs } = sizes[scale];
  const drive = ({ bot, delayMs, ...crowd }: Contest, forMs: number) => {
    people.standIn.setDelay(delayMs);
    return people.drive(ports[bot], { ...crowd, ms: forMs });
  };
  const all = contests(scale);
  for (const contest of all.slice(-9)) await drive({ ...contest, delayMs: 0 }, warmUpMs / 3);
  const driven = new Map<Contest, Driven[]>(all.map((contest) => [contest, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [contest, runs] of driven) runs.push(await drive(contest, ms));
  }
  return [...driven].map(([contest, runs]) => figuresOf(contest, runs));
}

function figuresOf(contest: Contest, runs: Driven[]): CommandFigures {
  const over = (of: (run: Driven) => number) => median(runs.map(of));
  const times = (of: (run: Driven) => number[]) => ({
    p50: over((run) => percentile(of(run), 0.5)),
    p99: over((run) => percentile(of(run), 0.99)),
  });
  return {
    ...contest,
    ackMs: times(({ ackMs }) => ackMs),
    answerMs: times(({ answerMs }) => answerMs),
    acksASecond: over(({ acksASecond }) => acksASecond),
    answersASecond: over(({ answersASecond }) => answersASecond),
  };
}

function resultOf(figures: CommandFigures[]): BenchResult {
  const cards = figures.filter(({ text, manner }) => text === 'orders-dlq' && manner === 'again');
  const hello = figures.filter(({ text, manner }) => text === 'help' && manner === 'again');
  const together = figures.filter(({ manner }) => manner === 'together');
  return {
    title: 'Commands',
    figures: { contests: figures },
    tables: [
      {
        caption:
          'Cards, each person typing again once the card is there (ms to the acknowledgement and to the card).',
        head: [
          'bot',
          'AWS and Slack answer',
          'at a time',
          'cards a second',
          'ack p50',
          'p99',
          'card p50',
          'p99',
        ],
        rows: cards.map((of) => [
          of.bot,
          of.delayMs === 0 ? 'at once' : `after ${of.delayMs} ms`,
          String(of.atOnce),
          rounded(of.answersASecond),
          ...timesInWords(of),
        ]),
      },
      {
        caption:
          '`/dlq-tasks help` beside Bolt’s hello world: both acknowledge and answer through the response URL.',
        head: ['bot', 'at a time', 'commands a second', 'ack p50', 'p99', 'answer p50', 'p99'],
        rows: hello.map((of) => [of.bot, String(of.atOnce), rounded(of.acksASecond), ...timesInWords(of)]),
      },
      {
        caption: 'The same moment for all: how quickly they are acknowledged, whatever the work behind is.',
        head: ['bot', 'typed', 'at once', 'acks a second', 'ack p50', 'p99', 'answer p50', 'p99'],
        rows: together.map((of) => [
          of.bot,
          of.text === 'help' ? of.text : 'a queue',
          String(of.atOnce),
          rounded(of.acksASecond),
          ...timesInWords(of),
        ]),
      },
    ],
  };
}

function timesInWords({ ackMs, answerMs }: CommandFigures): string[] {
  return [ackMs.p50, ackMs.p99, answerMs.p50, answerMs.p99].map((ms) => rounded(ms, 1));
}
