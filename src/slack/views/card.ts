import type { KnownBlock } from '@slack/types';
import { consoleLink } from '../../domain/console-link.ts';
import { explainFailure } from '../../domain/explain-failure.ts';
import { isFinished, type MoveTask } from '../../domain/move-task.ts';
import { progressOf } from '../../domain/progress.ts';
import { durationInWords } from '../../domain/quantities.ts';
import type { Queue } from '../../domain/queue.ts';
import type { QueueReport } from '../../operations/answer.ts';
import { actionIds } from '../action-ids.ts';
import {
  actions,
  button,
  context,
  fields,
  header,
  linkButton,
  type Message,
  plainContext,
  section,
} from '../blocks.ts';
import { writeButtonValue } from '../button-value.ts';
import { codeSpan, escaped, mrkdwn } from '../text.ts';
import { depthInWords } from './depth-words.ts';
import {
  barOf,
  destinationInWords,
  movedInWords,
  paceInWords,
  percentOf,
  slackTime,
  speedInWords,
  statusInWords,
  statusSymbol,
} from './task-words.ts';

/** The newest task of a queue, or that there is none. */
export function cardView(report: QueueReport): Message {
  const [task] = report.tasks;
  const parts = task ? taskParts(task, report) : noTaskParts(report);
  const seen = `Seen ${slackTime(report.seenAt, '{date_short_pretty} {time_secs}')} · SQS's counts are approximate and some seconds late`;
  return {
    text: [titleOf(report.queue), ...parts.lines, seen].join('\n'),
    blocks: [
      header(report.queue.name),
      plainContext(placeOf(report.queue)),
      ...parts.blocks,
      actions([button(actionIds.refresh, 'Refresh', refreshValue(report)), ...linkButtons(report.queue)]),
      context(seen),
    ],
  };
}

/** The blocks mark words, their plain twin does not. */
type Emphasis = (words: string) => string;
const bold: Emphasis = (words) => `*${words}*`;
const unmarked: Emphasis = (words) => words;

type Parts = { lines: string[]; blocks: KnownBlock[] };

function taskParts(task: MoveTask, report: QueueReport): Parts {
  const progress = progressOf(task, report.seenAt, report.earlier);
  const headline = (emphasis: Emphasis) =>
    [`${statusSymbol(task)} ${emphasis(statusInWords(task))}`, ...percentOf(progress)].join(' · ');
  const counts = [movedInWords(task, progress), ...paceInWords(progress)].join(' · ');
  const bar = progress.share === undefined ? [] : [`\`${barOf(progress.share)}\``];
  const details = detailsOf(task, report);
  const failure = (emphasis: Emphasis) => (task.status === 'FAILED' ? failureLines(task, emphasis) : []);
  return {
    lines: [
      headline(unmarked),
      counts,
      ...details.map(([label, value]) => `${label}: ${value}`),
      ...failure(unmarked),
    ],
    blocks: [
      section([headline(bold), ...bar, counts].join('\n')),
      ...(task.status === 'FAILED' ? [section(failure(bold).join('\n'))] : []),
      fields(details),
    ],
  };
}

function detailsOf(task: MoveTask, { seenAt, depth }: QueueReport): [string, string][] {
  return [
    ['Started', startedInWords(task, seenAt)],
    ['In the DLQ', depthInWords(depth)],
    ['Destination', destinationInWords(task)],
    ['Rate limit', speedInWords(task)],
  ];
}

function startedInWords(task: MoveTask, seenAt: number): string {
  if (task.startedAt === undefined) return 'SQS does not tell';
  const since = seenAt - task.startedAt;
  const runningFor = isFinished(task) || since < 0 ? '' : `, running for ${durationInWords(since)}`;
  return `${slackTime(task.startedAt)}${runningFor}`;
}

function failureLines({ failureReason }: MoveTask, emphasis: Emphasis): string[] {
  const { meaning, remedy } = explainFailure(failureReason);
  return [
    `${emphasis('Reason:')} ${codeSpan(failureReason ?? 'none given')}`,
    mrkdwn(meaning),
    `${emphasis('What to do:')} ${mrkdwn(remedy)}`,
  ];
}

function noTaskParts({ depth }: QueueReport): Parts {
  const headline = (emphasis: Emphasis) => `💤 ${emphasis('No redrive')}`;
  const line = 'SQS lists no move task for this queue.';
  const inDlq = depthInWords(depth);
  return {
    lines: [headline(unmarked), line, `In the DLQ: ${inDlq}`],
    blocks: [section(`${headline(bold)}\n${line}`), fields([['In the DLQ', inDlq]])],
  };
}

export function placeOf({ alias, name, account, region }: Queue): string {
  return [...(alias === name ? [] : [alias]), account.label, account.id, region].join(' · ');
}

function titleOf(queue: Queue): string {
  return `${escaped(queue.name)} (${escaped(placeOf(queue))})`;
}

function refreshValue({ queue, seenAt, tasks, asked }: QueueReport): string {
  const [task] = tasks;
  return writeButtonValue({
    q: queue.arn,
    n: asked,
    at: seenAt,
    ...(task?.startedAt !== undefined && { s: task.startedAt }),
    ...(task?.moved !== undefined && { m: task.moved }),
    ...(task && isFinished(task) && { end: 1 as const }),
  });
}

function linkButtons(queue: Queue) {
  const link = consoleLink(queue);
  return [
    ...(link ? [linkButton(actionIds.openConsole, 'AWS console', link)] : []),
    ...(queue.runbook ? [linkButton(actionIds.openRunbook, 'Runbook', queue.runbook)] : []),
  ];
}
