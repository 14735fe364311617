import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { defaultWatchSettings } from '../src/domain/watch/watch.ts';
import { openLocalWatcher } from '../src/watching/local-watcher.ts';
import { createLoad, type Load, silentLog, tellerBeforeQuickSlack } from './watch-load.ts';

/**
 * Many watches in one process: the real watcher, its SQLite file and its Slack client, before an AWS and a Slack that
 * answer at once. Prints a table in Markdown.
 */
const { values } = parseArgs({
  options: {
    watches: { type: 'string', default: '10000' },
    queues: { type: 'string', default: '1000' },
    channels: { type: 'string', default: '200' },
    // As long as the slowest pace, so that every queue is looked at.
    seconds: { type: 'string', default: '300' },
  },
});
const watches = Number(values.watches);
const queues = Number(values.queues);
const channels = Number(values.channels);
const seconds = Number(values.seconds);

const minute = 60_000;
const hour = 60 * minute;

/** Ages from a minute to twelve hours, as many of each order of magnitude; they run on for as long again. */
const mixedAges = () =>
  Array.from({ length: queues }, (_, index) => {
    const age = minute * (12 * 60) ** (index / queues);
    return { startedAt: Math.round(Date.now() - age), lengthMs: age * 2 + hour };
  });

/** The worst case: all begun within a minute, when the looks are as quick as they ever are. */
const allYoung = () =>
  Array.from({ length: queues }, (_, index) => ({
    startedAt: Math.round(Date.now() - (minute * index) / queues),
    lengthMs: 2 * hour,
  }));

async function measure(redrives: ReturnType<typeof mixedAges>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-measure-'));
  const load = createLoad(redrives);
  const { teller, calls } = tellerBeforeQuickSlack(load.queueOf);
  const open = () =>
    openLocalWatcher({
      file: join(folder, 'watches.sqlite'),
      moveTasks: load.moveTasks,
      teller,
      settings: defaultWatchSettings,
      queueOf: load.queueOf,
      log: silentLog,
    });
  const first = await open();
  const perSecond = await watchThemAll(first, load);
  await first.stop();

  const restartedAt = Date.now();
  const watcher = await open();
  load.reset();
  watcher.start();
  while (load.queuesSeen() < queues) await sleep(2);
  const allSeenMs = Date.now() - restartedAt;
  const firstTurnMs = (load.firstLookAt() ?? Number.NaN) - restartedAt;

  await sleep(Math.min(20_000, seconds * 250));
  const steady = await steadyState(load, calls);
  await watcher.stop();
  await rm(folder, { recursive: true });
  return [perSecond.toFixed(0), String(firstTurnMs), String(allSeenMs), ...steady];
}

type Watcher = Awaited<ReturnType<typeof openLocalWatcher>>;

/** Clicks a second, one after another, each committed to the disk before the next. */
async function watchThemAll(watcher: Watcher, load: Load): Promise<number> {
  const startedAt = performance.now();
  for (let index = 0; index < watches; index += 1) {
    const queue = load.queues[index % queues];
    if (!queue) continue;
    const startedAtOf = load.startOf(index % queues);
    const card = { channel: `C${index % channels}`, ts: `${index}.1` };
    await watcher.watch({ queue, startedAt: startedAtOf, card, user: `U${index}` });
    if (index < queues) load.begin(queue, startedAtOf);
  }
  return (watches * 1000) / (performance.now() - startedAt);
}

async function steadyState(load: Load, calls: { posts: number; edits: number }): Promise<string[]> {
  load.reset();
  const callsBefore = { ...calls };
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  const [cpuBefore, wallBefore] = [process.cpuUsage(), performance.now()];
  let mostMemory = 0;
  while (performance.now() - wallBefore < seconds * 1000) {
    mostMemory = Math.max(mostMemory, process.memoryUsage.rss());
    await sleep(500);
  }
  const cpu = process.cpuUsage(cpuBefore);
  const wallMs = performance.now() - wallBefore;
  lag.disable();
  const late = load.lateness();
  const at = (share: number) => String(late[Math.min(late.length - 1, Math.floor(late.length * share))]);
  // The monitor's own interval is part of what it measures.
  const lagMs = (ns: number) => Math.max(0, ns / 1e6 - 5).toFixed(0);
  return [
    (mostMemory / 2 ** 20).toFixed(0),
    `${(((cpu.user + cpu.system) / 1000 / wallMs) * 100).toFixed(0)} %`,
    [lag.percentile(50), lag.percentile(99), lag.max].map(lagMs).join(' / '),
    ((late.length * 1000) / wallMs).toFixed(1),
    [at(0.5), at(0.99), at(1)].join(' / '),
    `${calls.posts - callsBefore.posts} / ${calls.edits - callsBefore.edits}`,
  ];
}

const names = [
  'clicks committed a second',
  'first turn after a restart, ms',
  'all queues seen after a restart, ms',
  'memory at most, MB',
  'CPU, share of one core',
  'event loop late by, ms: p50 / p99 / max',
  'looks a second',
  'turns late by, ms: p50 / p99 / max',
  'notices posted / cards edited meanwhile',
];
const mixed = await measure(mixedAges());
const young = await measure(allYoung());
const print = (line: string) => process.stdout.write(`${line}\n`);
const machine = `${cpus().length} cores, Node ${process.version}, ${seconds} s each`;
print(`${watches} watches over ${queues} queues and ${channels} channels; ${machine}\n`);
print('| | redrives of all ages | all begun within a minute |');
print('|---|---|---|');
for (const [row, name] of names.entries()) print(`| ${name} | ${mixed[row]} | ${young[row]} |`);
process.exit(0);
