import { Agent } from 'node:http';
import { type Bench, measureInTurn, median, type Pair } from '../figures.ts';
import { type Goal, goals } from '../goals.ts';
import { boltServer, type NodeProcess, serverFiles, serverFlags, startNode } from '../shared/node-process.ts';
import { post, signedCommand } from '../shared/signed.ts';
import { setStage } from '../shared/stage.ts';

const sizes = { full: { rounds: 5, ms: 1_500, people: 100 }, quick: { rounds: 1, ms: 20, people: 5 } };
const queueOf = (person: number) => `queue-${person}-dlq`;

type Contest = {
  what: string;
  typed: (person: number) => string;
  /** All people type at the same moment, and again once all are answered. Otherwise each types again once answered. */
  isTogether?: true;
  /** How long SQS, STS and Slack take for each answer. */
  delayMs: number;
  peer: 'hello world' | 'first version' | 'without flags';
  of?: 'aSecond' | 'cpuMsEach';
  goal?: Goal;
};
const help = { typed: () => 'help', delayMs: 0, peer: 'hello world' } as const;
const cards = { delayMs: 50, peer: 'first version' } as const;
const ownQueue = { ...cards, typed: queueOf };
const tenQueues = { ...cards, typed: (person: number) => queueOf(person % 10) };

const contests: Contest[] = [
  {
    what: 'acks a second, 100 at the same moment',
    ...{ ...help, isTogether: true, goal: goals.acknowledgementsBesideHelloWorld },
  },
  { what: 'help acknowledged and answered a second for 100 people', ...help },
  { what: 'cards a second for 100 people, all for one queue', ...cards, typed: () => queueOf(0) },
  { what: 'the same for ten queues', ...tenQueues, goal: goals.cardsForTenQueuesBesideFirstVersion },
  { what: 'the same for a queue each', ...ownQueue },
  { what: 'CPU a card for a queue each, ms', ...ownQueue, peer: 'without flags', of: 'cpuMsEach' },
];

/** Signed slash commands to the real server, beside a first version of it and Bolt's hello world. */
export const benchCommands: Bench = async (scale) => {
  const { rounds, ms, people } = sizes[scale];
  const redrive = { startedAt: Date.now() - 600_000, lengthMs: 900_000 };
  /** By channel: the person who waits for an answer there. */
  const waiting = new Map<string, () => void>();
  const names = Array.from({ length: people }, (_, person) => queueOf(person));
  await using stage = await setStage(names, {
    redriveOf: () => redrive,
    onAnswer: (channel) => waiting.get(channel)?.(),
  });
  const { variables, folder, url } = stage;
  const elsewhere = { DLQ_TASKS_DATA: `${folder}/without-flags` };
  await using ours = startNode(serverFiles[scale], variables, serverFlags);
  await using withoutFlags = startNode(serverFiles[scale], { ...variables, ...elsewhere });
  await using firstVersion = startNode(boltServer, { ...variables, BENCH_PEER: 'first version' });
  await using helloWorld = startNode(boltServer, variables);
  const peers = { 'without flags': withoutFlags, 'first version': firstVersion, 'hello world': helloWorld };

  const pairs = contests.map(({ what, typed, isTogether, delayMs, peer, of = 'aSecond', goal }): Pair => {
    const measured = async (bot: NodeProcess) => {
      stage.setDelay(delayMs);
      // What each types is signed before the clock starts.
      const crowd = names.map((_, person) => signedCommand(typed(person), `C${person}`, url));
      const results = await typeFor(ms, { bot, crowd, isTogether, waiting });
      return results[of];
    };
    return {
      what,
      goal,
      ours: () => measured(ours),
      peer: { name: peer, value: () => measured(peers[peer]) },
    };
  });
  return await measureInTurn(pairs, rounds);
};

type Command = ReturnType<typeof signedCommand>;
type Typing = {
  bot: NodeProcess;
  crowd: Command[];
  isTogether: true | undefined;
  waiting: Map<string, () => void>;
};

/** People type commands and wait until the card, or a private answer, has reached Slack. */
async function typeFor(ms: number, { bot, crowd, isTogether, waiting }: Typing) {
  // No connection stays idle for long: a bot closes an idle one after 5 s.
  const agent = new Agent({ keepAlive: true, maxSockets: 500, timeout: 4_000 });
  const port = await bot.port;
  /** Resolves once answered, with the time until it was acknowledged. */
  const typeOnce = async (command: Command) => {
    const typedAt = performance.now();
    const answer = new Promise<void>((resolve) => {
      waiting.set(command.channel, resolve);
    });
    await post(agent, port, command);
    const ackMs = performance.now() - typedAt;
    await answer;
    return ackMs;
  };
  const all = () => Promise.all(crowd.map(typeOnce));
  // The first round opens the connections.
  await all();

  const [startedAt, cpuBefore] = [performance.now(), bot.cpuMs()];
  const goesOn = () => performance.now() - startedAt < ms;
  const acksASecond: number[] = [];
  let answers = 0;
  const again = async (command: Command) => {
    while (goesOn()) {
      await typeOnce(command);
      answers += 1;
    }
  };
  if (isTogether) {
    while (goesOn()) {
      acksASecond.push((crowd.length * 1_000) / Math.max(...(await all())));
      answers += crowd.length;
    }
  } else await Promise.all(crowd.map(again));
  agent.destroy();
  const answersASecond = (answers * 1_000) / (performance.now() - startedAt);
  return {
    aSecond: isTogether ? median(acksASecond) : answersASecond,
    cpuMsEach: (bot.cpuMs() - cpuBefore) / answers,
  };
}
