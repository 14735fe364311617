import { setTimeout as sleep } from 'node:timers/promises';
import { awsErrorInBrief } from '../domain/explain-aws-error.ts';
import { nowhere } from '../domain/message-place.ts';
import type { MoveTask } from '../domain/move-task.ts';
import { isFinished } from '../domain/move-task-status.ts';
import { progressOf } from '../domain/progress.ts';
import type { Queue } from '../domain/queue.ts';
import type { WatchSettings } from '../domain/settings.ts';
import {
  barAndPercent,
  failureInWords,
  leftInWords,
  movedInWords,
  paceInWords,
  statusInWords,
  statusSymbol,
} from '../domain/task-words.ts';
import { decide } from '../domain/watch/decide.ts';
import type { Notification } from '../domain/watch/notification.ts';
import { notificationInWords } from '../domain/watch/notification-words.ts';
import { observationOf } from '../domain/watch/observation.ts';
import { newWatch, type Watch } from '../domain/watch/watch.ts';
import type { MoveTasks } from '../operations/move-tasks.ts';
import { type PollPorts, pollQueue } from '../operations/watching/poll-queue.ts';
import { type CliCall, type CliCommand, CliError, exitCodes } from './command.ts';
import { settingsOf } from './settings.ts';
import { codeOf, stateOf } from './status-command.ts';
import { createLiveLine, type Paint, sentence, unpainted } from './terminal.ts';
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

export function progressLine({ alias }: Queue, watch: Watch): string {
  const { seen, counts, cannotPoll } = watch;
  const unseen = cannotPoll
    ? [`couldn't check just now: ${sentence(awsErrorInBrief(cannotPoll.awsError), unpainted)}`]
    : [];
  if (!seen) return [alias, ...(unseen.length > 0 ? unseen : ['not listed by SQS'])].join(' · ');
  const { task, at } = seen;
  const earlier = counts.filter((count) => count.at < at);
  const progress = progressOf(task, at, earlier);
  const name = [alias, ...barAndPercent(progress)].join(' ');
  const status = task.status === 'RUNNING' ? [] : [sentence(statusInWords(task), unpainted)];
  const { rate, ...withoutRate } = progress;
  // The most important numbers come first, because a narrow terminal cuts off the rest.
  const numbers = [
    ...paceInWords(withoutRate),
    movedInWords(task, progress),
    ...(rate === undefined ? [] : paceInWords({ rate })),
  ];
  const wait = watch.phase === 'settling' ? ['reading the final numbers…'] : [];
  return [name, ...status, ...numbers, ...unseen, ...wait].join(' · ');
}

/** Notifications that get lines of their own. The progress line shows the others already. */
export function notificationLines(notification: Notification, queue: Queue, paint: Paint): string[] {
  const { kind } = notification;
  if (kind === 'joined' || kind === 'ended' || kind === 'bounced-back') return [];
  return notificationInWords(notification, queue).map((line) => sentence(line, paint));
}

export function endLines(task: MoveTask, { name }: Queue, depth: number | undefined, paint: Paint): string[] {
  const facts = [sentence(statusInWords(task), unpainted), movedInWords(task), ...leftInWords(depth)];
  return [
    `${statusSymbol(task)} ${name}: ${facts.join(' · ')}`,
    ...(task.status === 'FAILED'
      ? failureInWords(task.failureReason).map((line) => sentence(line, paint))
      : []),
  ];
}

export type WatchTaskPorts = PollPorts & {
  settings: WatchSettings;
  /** 0 to 1, for the jitter. */
  random: () => number;
  /** Rejects when no one is waiting any longer. */
  pause: (ms: number) => Promise<void>;
};

/** What one poll changed. After the phase `over` nothing follows. */
export type WatchTaskStep = { watch: Watch; notifications: Notification[] };

/**
 * Polls one task until it has ended and its numbers have settled, as often as a watch does and with the same
 * notifications. Nothing is stored.
 */
export async function* watchTask(
  queue: Queue,
  startedAt: number,
  ports: WatchTaskPorts,
): AsyncGenerator<WatchTaskStep, void> {
  const { clock, pause, random } = ports;
  const settings = { ...ports.settings, bounceBackAfterSeconds: [] };
  let watch = newWatch({ id: 'followed', queueArn: queue.arn, startedAt, card: nowhere, now: clock() });
  while (watch.phase !== 'over') {
    await pause(Math.max(0, watch.nextPollAt - clock()));
    const poll = await pollQueue(queue, [watch], ports);
    const observation = observationOf(poll, startedAt);
    const decision = decide({ watch, observation, now: clock(), settings, random: random() });
    watch = decision.watch;
    const notifications = decision.send.flatMap((entry) =>
      entry.kind === 'card' ? [] : [entry.notification],
    );
    yield { watch, notifications };
  }
}
