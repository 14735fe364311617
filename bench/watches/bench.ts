import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Figure } from '../figures.ts';
import { goals } from '../goals.ts';
import { type NodeProcess, serverFile, serverFlags, startNode } from '../shared/node-process.ts';
import { post, signedClick } from '../shared/signed.ts';
import { arnOf, setStage } from '../shared/stage.ts';

/** `downMs`: from kill -9 to the restart. `calmMs`: until what the clicks left to say is said. `steadyMs`: measured. */
const sizes = {
  full: { watches: 10_000, queues: 1_000, downMs: 5_000, calmMs: 40_000, steadyMs: 60_000, watch: {} },
  quick: {
    ...{ watches: 20, queues: 2, downMs: 0, calmMs: 0, steadyMs: 100 },
    watch: { minPollSeconds: 1, maxPollSeconds: 1 },
  },
};

const minute = 60_000;
const channels = 500;
const clicksAtOnce = 20;

/** People click on Watch at the real server, which is killed and started anew, before a Slack and an SQS that answer at once. */
export const benchWatches: Bench = async (scale) => {
  const size = sizes[scale];
  const redrives = redrivesOfAllAges(size.queues);
  let polls = 0;
  let firstPollAt: number | undefined;
  const stage = await setStage([...redrives.keys()], {
    watch: size.watch,
    tasksOf: (arn) => {
      polls += 1;
      firstPollAt ??= performance.now();
      return [taskOf(redrives.get(arn.split(':').at(-1) ?? ''))];
    },
  });
  const start = (flags: readonly string[]) => startNode(serverFile, stage.variables, flags);

  /** What the server costs some time after a restart. */
  async function restarted(flags: readonly string[]) {
    await sleep(size.downMs);
    firstPollAt = undefined;
    const startedAt = performance.now();
    const server = start(flags);
    try {
      await server.port;
      while (firstPollAt === undefined) await sleep(5);
      const firstPollMs = firstPollAt - startedAt;
      await sleep(size.calmMs);
      const pollsBefore = polls;
      const steady = await steadyState(server, size.steadyMs);
      return { ...steady, firstPollMs, pollsASecond: ((polls - pollsBefore) * 1000) / size.steadyMs };
    } finally {
      await server.kill();
    }
  }

  try {
    const clicked = start(serverFlags);
    const clicksASecond = await clickWatch(clicked, redrives, size.watches).finally(clicked.kill);
    const [ours, withoutFlags] = [await restarted(serverFlags), await restarted([])];
    return figuresOf(clicksASecond, ours, withoutFlags);
  } finally {
    await stage.strike();
  }
};

type Restarted = Record<'firstPollMs' | 'memoryMb' | 'percentOfACore' | 'pollsASecond', number>;

function figuresOf(clicksASecond: number, ours: Restarted, withoutFlags: Restarted): Figure[] {
  const peer = (value: number) => ({ peer: { name: 'without the flags of npm start', value } });
  return [
    { what: 'clicks on Watch acknowledged a second, each after its commit', ours: clicksASecond },
    {
      what: 'from the restart after kill -9 to the first poll, ms',
      ours: ours.firstPollMs,
      goal: goals.firstPollAfterRestartMs,
    },
    {
      what: 'memory of 10,000 watches over 1,000 queues at most, MB',
      ours: ours.memoryMb,
      ...peer(withoutFlags.memoryMb),
      goal: goals.memoryOfTenThousandWatchesMb,
    },
    {
      what: 'CPU, % of a core',
      ours: ours.percentOfACore,
      ...peer(withoutFlags.percentOfACore),
      goal: goals.percentOfACoreForTenThousandWatches,
    },
    { what: 'polls a second', ours: ours.pollsASecond },
  ];
}

type Redrive = { startedAt: number; lengthMs: number };

/** Ages, and what is left, from a minute to twelve hours: as many of each order of magnitude, in no common order. */
function redrivesOfAllAges(queues: number): Map<string, Redrive> {
  const spread = (place: number) => minute * (12 * 60) ** (place / queues);
  const all = Array.from({ length: queues }, (_, index): [string, Redrive] => {
    const age = spread(index);
    const lengthMs = age + 2 * minute + spread((index * 377) % queues);
    return [`q-${index}`, { startedAt: Math.round(Date.now() - age), lengthMs }];
  });
  return new Map(all);
}

/** As ListMessageMoveTasks puts it on the wire. */
function taskOf({ startedAt, lengthMs }: Redrive = { startedAt: 0, lengthMs: 1 }): object {
  const share = Math.min(1, (Date.now() - startedAt) / lengthMs);
  return {
    Status: share < 1 ? 'RUNNING' : 'COMPLETED',
    ApproximateNumberOfMessagesMoved: Math.floor(share * 1e6),
    ApproximateNumberOfMessagesToMove: 1e6,
    StartedTimestamp: startedAt,
    ...(share < 1 && { TaskHandle: 'handle' }),
  };
}

/** Watches on cards of their own, spread over the queues; answers how many clicks a second were acknowledged. */
async function clickWatch(
  server: NodeProcess,
  redrives: Map<string, Redrive>,
  watches: number,
): Promise<number> {
  const [port, all] = [await server.port, [...redrives]];
  const agent = new Agent({ keepAlive: true, maxSockets: clicksAtOnce });
  const startedAt = performance.now();
  let next = 0;
  const clickOn = async () => {
    while (next < watches) {
      const index = next;
      next += 1;
      const [name, redrive] = all[index % all.length] ?? ['', undefined];
      const value = { q: arnOf(name), s: redrive?.startedAt };
      const ts = `1700000000.${String(index).padStart(6, '0')}`;
      await post(agent, port, signedClick({ id: 'watch', value }, `C${index % channels}`, ts));
    }
  };
  await Promise.all(Array.from({ length: clicksAtOnce }, clickOn));
  agent.destroy();
  return (watches * 1000) / (performance.now() - startedAt);
}

async function steadyState(server: NodeProcess, forMs: number) {
  const [startedAt, cpuBefore] = [performance.now(), server.cpuMs()];
  let memoryMb = 0;
  do {
    memoryMb = Math.max(memoryMb, server.memoryMb());
    await sleep(Math.min(500, forMs));
  } while (performance.now() - startedAt < forMs);
  return { memoryMb, percentOfACore: (100 * (server.cpuMs() - cpuBefore)) / (performance.now() - startedAt) };
}
