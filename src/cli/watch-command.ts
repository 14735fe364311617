import { setTimeout as sleep } from 'node:timers/promises';
import { isFinished } from '../domain/move-task.ts';
import type { Queue } from '../domain/queue.ts';
import type { WatchSettings } from '../domain/settings.ts';
import type { MoveTasks } from '../operations/move-tasks.ts';
import { type WatchTaskStep, watchTask } from '../operations/watching/watch-task.ts';
import { type CliCall, type CliCommand, CliError, exitCodes } from './command.ts';
import { settingsOf } from './settings.ts';
import { codeOf } from './status-command.ts';
import { createLiveLine } from './text/live-line.ts';
import { stateOf } from './text/status-json.ts';
import { endLines, notificationLines, progressLine } from './text/watch-text.ts';
import { reportOf } from './typed-queue.ts';

export const watchCommand: CliCommand = {
  name: 'watch',
  usage: '<queue>',
  gives: 'shows a progress bar until the redrive ends',
  details: [
    'Ctrl-C stops watching and changes nothing in SQS. It polls as often as a watch in Slack.',
    'Exit code: 0 completed or canceled, 4 failed, 5 no redrive was running.',
  ],
  words: [1, 1],
  options: {},
  examples: ['watch orders-dlq', 'watch orders-dlq && ./send-the-report'],
  run: watch,
};

async function watch(call: CliCall): Promise<number> {
  const settings = await settingsOf(call);
  // The progress line doesn't show the source queue.
  const { source: _, stop, ...moveTasks } = await call.ports.moveTasks();
  return watchOver(call, settings, moveTasks).finally(stop);
}

type Given = { queues: readonly Queue[]; watch: WatchSettings };

async function watchOver(call: CliCall, given: Given, moveTasks: MoveTasks): Promise<number> {
  const { words, out } = call;
  const { queue, tasks, depth } = await reportOf(words[0] ?? '', 1, {
    call,
    queues: given.queues,
    moveTasks,
  });
  const [task] = tasks;
  if (!task) {
    out.write(`Nothing is running: SQS lists no redrive of ${queue.name}.\n`);
    return exitCodes.none;
  }
  if (isFinished(task)) {
    const left = depth.ok ? depth.value.waiting : undefined;
    out.write(
      `Nothing is running. The last redrive:\n${endLines(task, queue, left, out.paint).join('\n')}\n`,
    );
    return codeOf(stateOf(task));
  }
  if (task.startedAt === undefined) {
    throw new CliError("SQS doesn't say when this redrive started, so it can't be watched.");
  }
  return follow(call, queue, task.startedAt, { ...given, moveTasks });
}

async function follow(
  { out, clock, interruption }: CliCall,
  queue: Queue,
  startedAt: number,
  { moveTasks, watch: settings }: Given & { moveTasks: MoveTasks },
): Promise<number> {
  const signal = interruption();
  const line = createLiveLine(out);
  let last: WatchTaskStep | undefined;
  const pause = (ms: number) => sleep(ms, undefined, { signal });
  try {
    for await (const step of watchTask(queue, startedAt, {
      moveTasks,
      clock,
      settings,
      random: Math.random,
      pause,
    })) {
      last = step;
      for (const said of step.notifications.flatMap((notification) =>
        notificationLines(notification, queue, out.paint),
      ))
        line.say(said);
      if (step.watch.phase !== 'over') line.show(progressLine(queue, step.watch));
      if (signal.aborted) break;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  line.end(signal.aborted);
  return signal.aborted ? exitCodes.interrupted : ending(last, queue, out);
}

function ending(last: WatchTaskStep | undefined, queue: Queue, out: CliCall['out']): number {
  const task = last?.watch.seen?.task;
  if (!task || !isFinished(task)) {
    throw new CliError("Couldn't find out how it ended. Check the queue in the AWS console.");
  }
  out.write(`${endLines(task, queue, last?.watch.end?.depth, out.paint).join('\n')}\n`);
  return codeOf(stateOf(task));
}
