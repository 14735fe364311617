import { consoleLink } from '../../domain/console-link.ts';
import { awsErrorInBrief } from '../../domain/explain-aws-error.ts';
import { explainFailure } from '../../domain/explain-failure.ts';
import { isFinished, type MoveTask } from '../../domain/move-task.ts';
import { progressOf } from '../../domain/progress.ts';
import { durationInWords } from '../../domain/quantities.ts';
import type { Queue } from '../../domain/queue.ts';
import {
  barOf,
  depthInWords,
  movedInWords,
  paceInWords,
  percentOf,
  speedInWords,
  statusName,
  statusSymbol,
} from '../../domain/task-words.ts';
import { type CardContent, newestOf, type QueueReport } from '../../operations/answer.ts';
import { harmless, type Paint, sentence } from './paint.ts';
import { localSecond, localTime } from './times.ts';

/** The card of Slack, for a terminal: the newest task, and the earlier ones a line each. */
export function cardText(report: QueueReport, paint: Paint): string {
  const card = newestOf(report);
  const earlier = report.tasks.slice(1);
  return [
    titleOf(report.queue, paint),
    ...(card.task
      ? taskLines(card.task, card, paint)
      : ['💤 No redrive: SQS lists no move task for this queue.']),
    ...fieldLines(card, paint),
    ...(earlier.length > 0 ? ['', 'Before it:', ...earlier.map((task) => `  ${taskLine(task)}`)] : []),
    paint('dim', `Seen ${localSecond(report.seenAt)}. SQS's counts are approximate and some seconds late.`),
  ].join('\n');
}

export function placeOf({ alias, name, account, region }: Queue): string {
  return [...(alias === name ? [] : [alias]), account.label, account.id, region].join(' · ');
}

function titleOf(queue: Queue, paint: Paint): string {
  return `${paint('bold', queue.name)}  ${paint('dim', placeOf(queue))}`;
}

function taskLines(task: MoveTask, card: CardContent, paint: Paint): string[] {
  const progress = progressOf(task, card.seenAt, card.earlier);
  const bar =
    progress.share === undefined ? [] : [`${barOf(progress.share)} ${percentOf(progress).join('')}`];
  const counts = [movedInWords(task, progress), ...paceInWords(progress)].join(' · ');
  return [
    paint(colourOf(task), `${statusSymbol(task)} ${statusInWords(task)}`),
    ...bar,
    counts,
    ...(task.status === 'FAILED' ? failureLines(task, paint) : []),
  ];
}

export function statusInWords(task: MoveTask): string {
  const isUnknown = task.status === 'UNKNOWN' && task.statusText !== '';
  return isUnknown ? `${statusName(task)} ${harmless(task.statusText)}` : statusName(task);
}

function colourOf({ status }: MoveTask) {
  if (status === 'FAILED') return 'red';
  return status === 'COMPLETED' ? 'green' : 'bold';
}

export function failureLines({ failureReason }: MoveTask, paint: Paint): string[] {
  const { meaning, remedy } = explainFailure(failureReason);
  return [
    `Reason: ${harmless(failureReason ?? 'none given')}`,
    sentence(meaning, paint),
    `What to do: ${sentence(remedy, paint)}`,
  ];
}

function fieldLines({ queue, task, depth, seenAt }: CardContent, paint: Paint): string[] {
  const link = consoleLink(queue);
  const pairs: [string, string][] = [
    ...(task ? ofTask(task, seenAt) : []),
    ...(depth ? [['In the DLQ', depthText(depth, paint)] satisfies [string, string]] : []),
    ...(link ? [['Console', link] satisfies [string, string]] : []),
    ...(queue.runbook ? [['Runbook', queue.runbook] satisfies [string, string]] : []),
  ];
  return pairs.map(([label, value]) => `  ${paint('dim', label.padEnd(12))} ${value}`);
}

function ofTask(task: MoveTask, seenAt: number): [string, string][] {
  return [
    ['Started', startedInWords(task, seenAt)],
    ['Destination', destinationInWords(task)],
    ['Rate limit', speedInWords(task)],
  ];
}

function depthText(depth: NonNullable<CardContent['depth']>, paint: Paint): string {
  return depth.ok
    ? depthInWords(depth.value)
    : `not known: ${sentence(awsErrorInBrief(depth.awsError), paint)}`;
}

function startedInWords(task: MoveTask, seenAt: number): string {
  if (task.startedAt === undefined) return 'SQS does not tell';
  const since = seenAt - task.startedAt;
  const runningFor = isFinished(task) || since < 0 ? '' : `, running for ${durationInWords(since)}`;
  return `${localTime(task.startedAt)}${runningFor}`;
}

function destinationInWords({ destinationArn }: MoveTask): string {
  return destinationArn === undefined ? 'the original source queue(s)' : harmless(destinationArn);
}

function taskLine(task: MoveTask): string {
  return [
    `${statusSymbol(task)} ${statusInWords(task)}`,
    task.startedAt === undefined ? 'start unknown' : `started ${localTime(task.startedAt)}`,
    movedInWords(task),
    ...(task.status === 'FAILED' ? [harmless(task.failureReason ?? 'no reason given')] : []),
  ].join(' · ');
}
