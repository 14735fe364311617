import { setTimeout as sleep } from 'node:timers/promises';
import { serverFile, serverFlags, writeBotSettings } from '../shared/bot-settings.ts';
import { keepWatches, wireTask } from '../shared/kept-watches.ts';
import { type NodeProcess, startNode } from '../shared/node-process.ts';
import { startStandIn } from '../shared/stand-in.ts';
import { percentile } from '../shared/statistics.ts';
import { createLoad, type Load } from '../shared/watch-load.ts';

/** `calmMs`: after a restart, until the figures of a steady state are taken for `steadyMs`. */
export type WatchSize = { watches: number; queues: number; calmMs: number; steadyMs: number };

export type WatchFigures = Pick<WatchSize, 'watches' | 'queues'> & {
  clicksASecond: number;
  readyMs: number;
  firstTurnMs: number;
  allSeenMs: number;
  memoryMb: number;
  cpuShare: number;
  looksASecond: number;
  lateMs: { p50: number; p99: number; max: number };
  editsAMinute: number;
};

const channels = 200;
const minute = 60_000;

export async function measureWatches(size: WatchSize): Promise<WatchFigures> {
  const load = createLoad(redrivesOfAllAges(size.queues));
  const queues = new Map(load.queues.map((queue) => [queue.arn, queue]));
  const settings = await writeBotSettings(load.queues.map(({ name }) => name));
  let edits = 0;
  const standIn = await startStandIn({
    tasksOf: (arn) => {
      const queue = queues.get(arn);
      return queue ? [wireTask(load.look(queue))] : [];
    },
    onSlackCall: ({ method }) => {
      if (method === 'chat.update') edits += 1;
      return undefined;
    },
  });
  const start = () => startNode(serverFile, { ...standIn.variables, ...settings.variables }, serverFlags);
  let server: NodeProcess | undefined;
  try {
    const clicksASecond = await keepWatches(settings.database, watchesOver(load, size.watches));
    load.queues.forEach((queue, index) => {
      load.begin(queue, load.startOf(index));
    });
    server = start();
    // Killed while it looks at them for the first time, so that nearly all are overdue when the next one starts.
    await someSeen(load, 1);
    await server.end('SIGKILL');

    const left = size.queues - load.queuesSeen();
    load.reset();
    const [killedAt, startedAt] = [performance.now(), Date.now()];
    server = start();
    await server.port;
    const readyMs = performance.now() - killedAt;
    await someSeen(load, left);
    const allSeenMs = performance.now() - killedAt;
    const firstTurnMs = (load.firstLookAt() ?? Number.NaN) - startedAt;
    await sleep(size.calmMs);
    load.reset();
    const editsBefore = edits;
    const steady = await steadyState(server, load, size.steadyMs);
    const editsAMinute = ((edits - editsBefore) * minute) / size.steadyMs;
    const { watches, queues: count } = size;
    const startUp = { readyMs, firstTurnMs, allSeenMs };
    return { watches, queues: count, clicksASecond, ...startUp, ...steady, editsAMinute };
  } finally {
    await server?.end('SIGKILL');
    await standIn.stop();
    await settings.remove();
  }
}

/** Ages, and what is left, from a minute to twelve hours: as many of each order of magnitude, in no common order. */
function redrivesOfAllAges(queues: number) {
  const spread = (place: number) => minute * (12 * 60) ** (place / queues);
  return Array.from({ length: queues }, (_, index) => {
    const age = spread(index);
    return {
      startedAt: Math.round(Date.now() - age),
      lengthMs: age + 2 * minute + spread((index * 377) % queues),
    };
  });
}

function watchesOver(load: Load, watches: number) {
  return Array.from({ length: watches }, (_, index) => index).flatMap((index) => {
    const at = index % load.queues.length;
    const queue = load.queues[at];
    const card = { channel: `C${index % channels}`, ts: `1700000000.${String(index).padStart(6, '0')}` };
    return queue ? [{ queue, startedAt: load.startOf(at), card }] : [];
  });
}

async function someSeen(load: Load, wanted: number): Promise<void> {
  const givenUpAt = Date.now() + 60_000;
  while (load.queuesSeen() < wanted) {
    if (Date.now() > givenUpAt) throw new Error('the queues were not looked at within a minute');
    await sleep(2);
  }
}

async function steadyState(server: NodeProcess, load: Load, forMs: number) {
  const [startedAt, cpuBefore] = [performance.now(), server.cpuMs()];
  let memoryMb = 0;
  do {
    memoryMb = Math.max(memoryMb, server.memoryMb());
    await sleep(Math.min(500, forMs));
  } while (performance.now() - startedAt < forMs);
  const ms = performance.now() - startedAt;
  const late = load.lateness();
  return {
    memoryMb,
    cpuShare: (server.cpuMs() - cpuBefore) / ms,
    looksASecond: (late.length * 1000) / ms,
    lateMs: { p50: percentile(late, 0.5), p99: percentile(late, 0.99), max: percentile(late, 1) },
  };
}
