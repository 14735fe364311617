import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Bench } from '../figures.ts';
import { goals } from '../goals.ts';
import type { Redrive } from '../shared/answers.ts';
import { type NodeProcess, serverFiles, serverFlags, startNode } from '../shared/node-process.ts';
import { post, signedClick } from '../shared/signed.ts';
import { arnOf, setStage } from '../shared/stage.ts';

const everySecond = { minPollSeconds: 1, maxPollSeconds: 1 };
/**
 * `downMs`: from kill -9 to the restart. `calmMs`: until everything that the clicks caused is delivered.
 * `steadyMs`: measured.
 */
const sizes = {
  full: { watches: 10_000, queues: 1_000, downMs: 5_000, calmMs: 40_000, steadyMs: 60_000, watch: {} },
  quick: { watches: 20, queues: 2, downMs: 0, calmMs: 0, steadyMs: 100, watch: everySecond },
};

const minute = 60_000;
const channels = 500;

/** People click Watch. The real server is killed and restarted; Slack and SQS answer at once. */
export const benchWatches: Bench = async (scale) => {
  const [size, serverFile] = [sizes[scale], serverFiles[scale]];
  const redrives = redrivesOfAllAges(size.queues);
  const polledAt: number[] = [];
  const redriveOf = (queue: string) => {
    polledAt.push(performance.now());
    return redrives.get(queue);
  };
  await using stage = await setStage([...redrives.keys()], { redriveOf }, size.watch);

  /** What the server costs some time after a restart. */
  async function restarted(flags: readonly string[]) {
    await sleep(size.downMs);
    const [startedAt, pollsBefore] = [performance.now(), polledAt.length];
    await using server = startNode(serverFile, stage.variables, flags);
    await server.port;
    while (polledAt.length === pollsBefore) await sleep(5);
    const firstPollMs = (polledAt[pollsBefore] ?? Number.NaN) - startedAt;
    await sleep(size.calmMs);
    const [calmAt, cpuBefore, pollsWhenCalm] = [performance.now(), server.cpuMs(), polledAt.length];
    let memoryMb = 0;
    while (performance.now() - calmAt < size.steadyMs) {
      memoryMb = Math.max(memoryMb, server.memoryMb());
      await sleep(Math.min(500, size.steadyMs));
    }
    const steadyMs = performance.now() - calmAt;
    return {
      firstPollMs,
      memoryMb,
      percentOfACore: (100 * (server.cpuMs() - cpuBefore)) / steadyMs,
      pollsASecond: (1_000 * (polledAt.length - pollsWhenCalm)) / steadyMs,
    };
  }

  await clickWatch(startNode(serverFile, stage.variables, serverFlags), redrives, size.watches);
  const [ours, withoutFlags] = [await restarted(serverFlags), await restarted([])];
  const peer = (value: number) => ({ name: 'without the flags of npm start', value });
  return [
    {
      what: 'from the restart after kill -9 to the first poll, ms',
      ours: ours.firstPollMs,
      goal: goals.firstPollAfterRestartMs,
    },
    {
      what: 'memory of 10,000 watches over 1,000 queues at most, MB',
      ours: ours.memoryMb,
      peer: peer(withoutFlags.memoryMb),
      goal: goals.memoryOfTenThousandWatchesMb,
    },
    {
      what: 'CPU, % of a core',
      ours: ours.percentOfACore,
      peer: peer(withoutFlags.percentOfACore),
      goal: goals.percentOfACoreForTenThousandWatches,
    },
    { what: 'polls a second', ours: ours.pollsASecond },
  ];
};

/**
 * Ages and remaining times from a minute to twelve hours: equally many of each order of magnitude, shuffled.
 */
function redrivesOfAllAges(queues: number): Map<string, Redrive> {
  const spread = (place: number) => minute * (12 * 60) ** (place / queues);
  const all = Array.from({ length: queues }, (_, index): [string, Redrive] => {
    const age = spread(index);
    const lengthMs = age + 2 * minute + spread((index * 377) % queues);
    return [`q-${index}`, { startedAt: Math.round(Date.now() - age), lengthMs }];
  });
  return new Map(all);
}

/** Watches on cards of their own, spread over the queues. */
async function clickWatch(started: NodeProcess, redrives: Map<string, Redrive>, times: number) {
  await using server = started;
  const [port, all] = [await server.port, [...redrives]];
  const agent = new Agent({ keepAlive: true });
  await pLimit(20).map(Array(times).keys(), async (index) => {
    const [name, redrive] = all[index % all.length] ?? [''];
    const value = { q: arnOf(name), s: redrive?.startedAt };
    const ts = `1700000000.${String(index).padStart(6, '0')}`;
    await post(agent, port, signedClick(value, `C${index % channels}`, ts));
  });
  agent.destroy();
}
