import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Figure } from '../figures.ts';
import { goals } from '../goals.ts';
import { type NodeProcess, serverFile, serverFlags, startNode } from '../shared/node-process.ts';
import { post, signedClick } from '../shared/signed.ts';
import { arnOf, setStage } from '../shared/stage.ts';

/** `downMs`: from kill -9 to the restart. `calmMs`: until what the clicks left to say is said. `steadyMs`: measured. */
type Size = { watches: number; queues: number; downMs: number; calmMs: number; steadyMs: number };
const sizes: Record<'full' | 'quick', Size> = {
  full: { watches: 10_000, queues: 1_000, downMs: 5_000, calmMs: 30_000, steadyMs: 60_000 },
  quick: { watches: 20, queues: 2, downMs: 0, calmMs: 0, steadyMs: 100 },
};
const paces = { full: undefined, quick: { minPollSeconds: 1, maxPollSeconds: 1 } };

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
    watch: paces[scale],
    tasksOf: (arn) => {
      polls += 1;
      firstPollAt ??= performance.now();
      return [taskOf(redrives.get(arn.split(':').at(-1) ?? ''))];
    },
  });
  const start = (flags: readonly string[]) => startNode(serverFile, stage.variables, flags);

  /** The state some time after a restart. */
  async function restarted(flags: readonly string[]) {
    await sleep(size.downMs);
    firstPollAt = undefined;
    const startedAt = performance.now();
    const server = start(flags);
    try {
      await server.port;
      const readyMs = performance.now() - startedAt;
      while (firstPollAt === undefined) await sleep(5);
      const firstPollMs = firstPollAt - startedAt;
      await sleep(size.calmMs);
      const pollsBefore = polls;
      const steady = await steadyState(server, size.steadyMs);
      return {
        ...steady,
        readyMs,
        firstPollMs,
        pollsASecond: ((polls - pollsBefore) * 1000) / size.steadyMs,
      };
    } finally {
      await server.kill();
    }
  }

  try {
    const clicked = start(serverFlags);
    const clicksASecond = await clickWatch(await clicked.port, redrives, size.watches).finally(() =>
      clicked.kill(),
    );
    const ours = await restarted(serverFlags);
    const withoutFlags = await restarted([]);
    return figuresOf({ clicksASecond, ours, withoutFlags });
  } finally {
    await stage.strike();
  }
};

type Restarted = Record<'readyMs' | 'firstPollMs' | 'memoryMb' | 'percentOfACore' | 'pollsASecond', number>;
type Found = { clicksASecond: number; ours: Restarted; withoutFlags: Restarted };

function figuresOf({ clicksASecond, ours, withoutFlags }: Found): Figure[] {
  const beside = (what: string, of: keyof Restarted): Figure => ({
    what,
    ours: ours[of],
    peer: { name: 'without the flags of npm start', value: withoutFlags[of] },
  });
  const memory = beside('memory of 10,000 watches over 1,000 queues at most, MB', 'memoryMb');
  const cpu = beside('CPU, % of a core', 'percentOfACore');
  return [
    { what: 'clicks on Watch acknowledged a second, each after its commit', ours: clicksASecond },
    { what: 'from the restart after kill -9 to ready, ms', ours: ours.readyMs },
    { what: 'to the first poll, ms', ours: ours.firstPollMs, goal: goals.firstPollAfterRestartMs },
    { ...memory, goal: goals.memoryOfTenThousandWatchesMb },
    { ...cpu, goal: goals.percentOfACoreForTenThousandWatches },
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
async function clickWatch(port: number, redrives: Map<string, Redrive>, watches: number): Promise<number> {
  const all = [...redrives];
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
