import { type Bench, type Figure, median, type Scale } from '../figures.ts';
import { goals } from '../goals.ts';
import { boltServer, serverFile, serverFlags, startNode } from '../shared/node-process.ts';
import { type Stage, setStage } from '../shared/stage.ts';
import { type Crowd, createPeople, type Seen } from './people.ts';

const sizes = {
  full: { rounds: 3, ms: 1_500, atOnce: 100, warmUps: 1 },
  quick: { rounds: 1, ms: 20, atOnce: 5, warmUps: 0 },
};
const queueOf = (person: number) => `queue-${person}-dlq`;
const task = {
  Status: 'RUNNING',
  TaskHandle: 'handle',
  ApproximateNumberOfMessagesMoved: 640,
  ApproximateNumberOfMessagesToMove: 1_000,
  StartedTimestamp: Date.now() - 600_000,
};

type Contest = Pick<Crowd, 'typed' | 'manner'> & { delayMs: number; peers: BotName[]; atOnce?: number };

/** The bot and its peers take turns at each. `delayMs`: how long SQS, STS and Slack take for each answer. */
const contests = {
  togetherHelp: { typed: () => 'help', manner: 'together', delayMs: 0, peers: ['hello world'] },
  help: { typed: () => 'help', manner: 'again', delayMs: 0, peers: ['hello world'] },
  alone: { typed: queueOf, manner: 'again', delayMs: 50, peers: ['first version'], atOnce: 1 },
  oneQueue: { typed: () => queueOf(0), manner: 'again', delayMs: 50, peers: ['first version'] },
  tenQueues: {
    typed: (person) => queueOf(person % 10),
    manner: 'again',
    delayMs: 50,
    peers: ['first version', 'without flags'],
  },
  ownQueue: { typed: queueOf, manner: 'again', delayMs: 50, peers: ['first version', 'without flags'] },
} satisfies Record<string, Contest>;
type ContestName = keyof typeof contests;

/** Signed slash commands to the real server, beside a first version of it and Bolt's hello world. */
export const benchCommands: Bench = async (scale) => {
  const people = createPeople();
  const names = Array.from({ length: sizes[scale].atOnce }, (_, person) => queueOf(person));
  const stage = await setStage(names, { tasksOf: () => [task], onAnswer: people.answered });
  const bots = startBots(stage);
  try {
    return figuresOf(await measureAll({ scale, stage, bots, drive: people.drive }));
  } finally {
    await Promise.all(Object.values(bots).map((bot) => bot.kill()));
    await stage.strike();
  }
};

type Bots = ReturnType<typeof startBots>;
type BotName = keyof Bots;

/** Each in a process of its own. */
function startBots({ variables, folder }: Stage) {
  return {
    'dlq-tasks': startNode(serverFile, variables, serverFlags),
    'without flags': startNode(serverFile, { ...variables, DLQ_TASKS_DATA: `${folder}/without-flags` }),
    'first version': startNode(boltServer, { ...variables, BENCH_PEER: 'first version' }),
    'hello world': startNode(boltServer, variables),
  };
}

type Measured = Seen & { cpuMsEach: number };
type Run = { scale: Scale; stage: Stage; bots: Bots; drive: ReturnType<typeof createPeople>['drive'] };
type Results = (contest: ContestName, bot: BotName, of: keyof Measured) => number;

/** All in turn, then all again: what else the machine does falls on each alike. */
async function measureAll({ scale, stage, bots, drive }: Run): Promise<Results> {
  const found = new Map<string, Measured[]>();
  const { rounds, ms, atOnce, warmUps } = sizes[scale];
  const all: [string, Contest][] = Object.entries(contests);
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const [name, contest] of all) {
      for (const bot of ['dlq-tasks', ...contest.peers] as const) {
        stage.setDelay(contest.delayMs);
        const port = await bots[bot].port;
        const cpuBefore = bots[bot].cpuMs();
        const seen = await drive({ port, standInUrl: stage.url, ms, atOnce, ...contest });
        const cpuMsEach = (bots[bot].cpuMs() - cpuBefore) / seen.answers;
        const key = `${name} ${bot}`;
        if (round >= 0) found.set(key, [...(found.get(key) ?? []), { ...seen, cpuMsEach }]);
      }
    }
  }
  return (contest, bot, of) => median((found.get(`${contest} ${bot}`) ?? []).map((one) => one[of]));
}

function figuresOf(results: Results): Figure[] {
  const beside = (what: string, contest: ContestName, peer: BotName, of: keyof Measured): Figure => ({
    what,
    ours: results(contest, 'dlq-tasks', of),
    peer: { name: peer, value: results(contest, peer, of) },
  });
  const acks = { goal: goals.acknowledgementsBesideHelloWorld };
  const people = 'for 100 people';
  return [
    {
      ...beside('acks a second, 100 at the same moment', 'togetherHelp', 'hello world', 'acksASecond'),
      ...acks,
    },
    beside('their p99, ms', 'togetherHelp', 'hello world', 'ackP99Ms'),
    {
      ...beside(`help acknowledged and answered a second ${people}`, 'help', 'hello world', 'acksASecond'),
      ...acks,
    },
    beside('p99 of these acks, ms', 'help', 'hello world', 'ackP99Ms'),
    beside('one person waits for a card, ms', 'alone', 'first version', 'answerP50Ms'),
    beside(`cards a second ${people}, all for one queue`, 'oneQueue', 'first version', 'answersASecond'),
    {
      ...beside('the same for ten queues', 'tenQueues', 'first version', 'answersASecond'),
      goal: goals.cardsForTenQueuesBesideFirstVersion,
    },
    beside('the same for a queue each', 'ownQueue', 'first version', 'answersASecond'),
    beside('CPU a card for ten queues, ms', 'tenQueues', 'first version', 'cpuMsEach'),
    beside('the same', 'tenQueues', 'without flags', 'cpuMsEach'),
    beside('CPU a card for a queue each, ms', 'ownQueue', 'first version', 'cpuMsEach'),
    beside('the same', 'ownQueue', 'without flags', 'cpuMsEach'),
  ];
}
