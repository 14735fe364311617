import type { MoveTask } from '../domain/move-task.ts';
import { isFinished } from '../domain/move-task-status.ts';
import { progressOf } from '../domain/progress.ts';
import { consoleLink, regionAndAccount } from '../domain/queue.ts';
import { tasksListedAtMost } from '../domain/sqs-limits.ts';
import {
  approximateCounts,
  barAndPercent,
  countsInWords,
  depthInWords,
  failureInWords,
  movedInWords,
  noRedrive,
  originalSources,
  paceInWords,
  sourceLabel,
  speedInWords,
  startInBrief,
  startInWords,
  statusAndSymbol,
} from '../domain/task-words.ts';
import { type Phrase, visible } from '../domain/wording.ts';
import { type CardContent, newestOf, type QueueReport } from '../operations/check-queue.ts';
import { type CliCall, type CliCommand, exitCodes, UsageError } from './command.ts';
import { settingsOf } from './settings.ts';
import { isoTime, localSecond, type Paint, sentence, unpainted } from './terminal.ts';
import { reportOf } from './typed-queue.ts';

export const statusCommand: CliCommand = {
  name: 'status',
  usage: '<queue> [n]',
  gives: "shows the queue's newest redrive, or its last n (1 to 10)",
  details: [
    '<queue> is an alias, a queue name, an ARN, or a URL of a queue in the settings.',
    'Exit code: 0 the newest redrive ended, 3 it is running, 4 it failed, 5 there is none.',
  ],
  words: [1, 2],
  options: { json: { type: 'boolean', gives: 'as JSON, for scripts' } },
  examples: [
    'status orders-dlq',
    'status orders-dlq 5',
    'status arn:aws:sqs:eu-west-1:111122223333:orders-dlq --json',
  ],
  run: status,
};

const codes: Record<State, number> = {
  ended: exitCodes.ok,
  running: exitCodes.running,
  failed: exitCodes.failed,
  none: exitCodes.none,
};

export function codeOf(state: State): number {
  return codes[state];
}

async function status(call: CliCall): Promise<number> {
  const { words, options, out } = call;
  const asked = countOf(words[1]);
  const { queues } = await settingsOf(call);
  const moveTasks = await call.ports.moveTasks();
  const report = await reportOf(words[0] ?? '', asked, { call, queues, moveTasks }).finally(moveTasks.stop);
  const shown = options['json'] ? JSON.stringify(statusJson(report), null, 2) : cardText(report, out.paint);
  out.write(`${shown}\n`);
  return codeOf(stateOf(report.tasks[0]));
}

function countOf(word: string | undefined): number {
  if (word === undefined) return 1;
  const count = /^\d{1,2}$/.test(word) ? Number(word) : 0;
  if (count >= 1 && count <= tasksListedAtMost) return count;
  throw new UsageError(`"${word}" is not a number from 1 to ${tasksListedAtMost}.`);
}

/** Slack's card for a terminal: the newest task in full, and one line for each earlier one. */
export function cardText(report: QueueReport, paint: Paint): string {
  const card = newestOf(report);
  const earlier = report.tasks.slice(1);
  return [
    `${paint('bold', report.queue.name)}  ${paint('dim', regionAndAccount(report.queue))}`,
    ...(card.task ? taskLines(card.task, card, paint) : [`💤 ${noRedrive.headline}: ${noRedrive.meaning}`]),
    ...fieldLines(card, paint),
    ...(earlier.length > 0 ? ['', 'Earlier:', ...earlier.map((task) => `  ${taskLine(task)}`)] : []),
    paint('dim', `Updated ${localSecond(report.seenAt)}. ${approximateCounts}.`),
  ].join('\n');
}

function taskLines(task: MoveTask, card: CardContent, paint: Paint): string[] {
  const progress = progressOf(task, card.seenAt, card.earlier);
  const counts = [movedInWords(task, progress), ...paceInWords(progress)].join(' · ');
  return [
    paint(colorOf(task), inBrief(statusAndSymbol(task))),
    ...barAndPercent(progress),
    counts,
    ...(task.status === 'FAILED'
      ? failureInWords(task.failureReason).map((line) => sentence(line, paint))
      : []),
  ];
}

function colorOf({ status }: MoveTask) {
  if (status === 'FAILED') return 'red';
  return status === 'COMPLETED' ? 'green' : 'bold';
}

type Pair = [label: string, value: string];

function fieldLines({ queue, task, depth, source, seenAt }: CardContent, paint: Paint): string[] {
  const link = consoleLink(queue);
  const pairs: Pair[] = [
    ...(task ? ofTask(task, seenAt) : []),
    ...(depth ? [['In the DLQ', sentence(depthInWords(depth), paint)] satisfies Pair] : []),
    ...(task && source
      ? [[sourceLabel(task), `${visible(source.name)} · ${countsInWords(source.depth)}`] satisfies Pair]
      : []),
    ...(link ? [['Console', link] satisfies Pair] : []),
    ...(queue.runbook ? [['Runbook', queue.runbook] satisfies Pair] : []),
  ];
  const width = Math.max(12, ...pairs.map(([label]) => label.length));
  return pairs.map(([label, value]) => `  ${paint('dim', label.padEnd(width))} ${value}`);
}

function ofTask(task: MoveTask, seenAt: number): Pair[] {
  return [
    ['Started', inBrief(startInWords(task, seenAt))],
    ['Destination', task.destinationArn === undefined ? originalSources : visible(task.destinationArn)],
    ['Rate limit', speedInWords(task)],
  ];
}

function taskLine(task: MoveTask): string {
  return [
    inBrief(statusAndSymbol(task)),
    inBrief(startInBrief(task)),
    movedInWords(task),
    ...(task.status === 'FAILED' ? [visible(task.failureReason ?? 'no reason given')] : []),
  ].join(' · ');
}

function inBrief(said: Phrase): string {
  return sentence(said, unpainted);
}

export type State = 'running' | 'ended' | 'failed' | 'none';

/** A status that SQS has not documented counts as running: it is not known to have ended. */
export function stateOf(task: MoveTask | undefined): State {
  if (!task) return 'none';
  if (!isFinished(task)) return 'running';
  return task.status === 'FAILED' ? 'failed' : 'ended';
}

function statusJson({ queue, seenAt, tasks, depth, source, earlier }: QueueReport) {
  const { alias, name, arn, account, region } = queue;
  return {
    queue: { alias, name, arn, account: account.label, accountId: account.id, region },
    state: stateOf(tasks[0]),
    seenAt: isoTime(seenAt),
    depth: depth.ok ? depth.value : undefined,
    source,
    tasks: tasks.map((task) => taskJson(task, seenAt, earlier)),
  };
}

function taskJson(task: MoveTask, seenAt: number, earlier: QueueReport['earlier']) {
  const { statusText, startedAt, moved, toMove, destinationArn, customRate, failureReason } = task;
  const { share, rate, secondsLeft } = progressOf(task, seenAt, earlier);
  return {
    status: statusText,
    state: stateOf(task),
    startedAt: isoTime(startedAt),
    moved,
    toMove,
    share,
    messagesPerSecond: rate,
    secondsLeft,
    destinationArn,
    customRate,
    failureReason,
  };
}
