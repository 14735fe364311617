import type { TableBlock } from '@slack/types';
import type { MoveTask } from '../../domain/move-task.ts';
import { isFinished } from '../../domain/move-task-status.ts';
import { progressOf } from '../../domain/progress.ts';
import { nameInArn } from '../../domain/queue.ts';
import {
  movedInWords,
  percentOf,
  startInBrief,
  statusAndSymbol,
  statusSymbol,
} from '../../domain/task-words.ts';
import { cut, timeInWords, visible } from '../../domain/wording.ts';
import { newestOf, type QueueReport } from '../../operations/check-queue.ts';
import {
  codeSpan,
  type Message,
  mrkdwn,
  richText,
  section,
  statusMrkdwn,
  usualTime,
  withNote,
} from '../block-kit.ts';
import { startedHereCell, startedHereInWords } from './actions/action-words.ts';
import { cardView } from './card.ts';

/**
 * The newest task as a card, the rest as a table, or as a list for Slack clients that do not support tables yet. As many
 * earlier tasks as fit: all of them unless names and links are extremely long.
 */
export function redrivesView(report: QueueReport, watchable: boolean, as: 'table' | 'list'): Message {
  const card = cardView(newestOf(report), watchable);
  const earlier = report.tasks.slice(1);
  if (earlier.length === 0 && report.tasks.length > 0)
    return withNote(card, 'SQS lists no earlier redrives for this queue.');
  const lines = earlier.map((task) => lineOf(task, report));
  const withFirst = (count: number): Message => {
    const list = () =>
      section(
        lines
          .slice(0, count)
          .map((line) => `• ${line}`)
          .join('\n'),
      );
    const shown = as === 'table' ? tableOf(earlier.slice(0, count), report) : list();
    const title = count === 1 ? '*The redrive before this one*' : `*The ${count} redrives before this one*`;
    return {
      text: [card.text, 'Earlier redrives:', ...lines.slice(0, count)].join('\n'),
      blocks: [...card.blocks, section(title), shown],
    };
  };
  return longestFit(earlier.length, withFirst) ?? card;
}

/** Slack rejects messages above an undocumented length near 11,000 characters. */
const longestMessage = 8_900;

/** The message with the most items that Slack takes. */
export function longestFit(items: number, withFirst: (count: number) => Message): Message | undefined {
  for (let count = items; count > 0; count -= 1) {
    const message = withFirst(count);
    if (JSON.stringify(message).length <= longestMessage) return message;
  }
  return undefined;
}

function lineOf(task: MoveTask, report: QueueReport): string {
  const start = startOf(task, report);
  return [
    mrkdwn(statusAndSymbol(task)),
    mrkdwn(startInBrief(task)),
    ...counts(task),
    ...remark(task).map((text) => codeSpan(text, 80)),
    ...(start ? [startedHereInWords(start, 300)] : []),
  ].join(' · ');
}

function counts(task: MoveTask): string[] {
  const progress = progressOf(task, 0);
  return [movedInWords(task, progress), ...(isFinished(task) ? [] : percentOf(progress))];
}

/** What is special about a task: why it failed, or a destination that was chosen. */
function remark(task: MoveTask): string[] {
  if (task.status === 'FAILED') return [task.failureReason ?? 'no reason given'];
  return task.destinationArn === undefined ? [] : [`to ${nameInArn(task.destinationArn)}`];
}

function startOf({ startedAt }: MoveTask, { starts }: QueueReport) {
  return startedAt === undefined ? undefined : starts?.get(startedAt);
}

type Cell = TableBlock['rows'][number][number];

function tableOf(earlier: MoveTask[], report: QueueReport): TableBlock {
  return {
    type: 'table',
    column_settings: [{ is_wrapped: true }, { is_wrapped: true }, { is_wrapped: true }, { is_wrapped: true }],
    rows: [
      ['Status', 'Started', 'Messages', 'Note'].map(textCell),
      ...earlier.map((task) => [
        textCell(
          `${statusSymbol(task)} ${task.status === 'UNKNOWN' ? `Unknown: ${task.statusText}` : statusMrkdwn(task)}`,
        ),
        startCell(task),
        textCell(counts(task).join(' · ')),
        noteCell(task, report),
      ]),
    ],
  };
}

function noteCell(task: MoveTask, report: QueueReport): Cell {
  const [start, words] = [startOf(task, report), remark(task).join(' ')];
  return start ? startedHereCell(start, words) : textCell(words || '–');
}

/** Plain text: Slack applies no formatting, mentions or links. */
function textCell(text: string): Cell {
  return { type: 'raw_text', text: cut(visible(text), 80) };
}

function startCell({ startedAt }: MoveTask): Cell {
  if (startedAt === undefined) return textCell('unknown');
  const timestamp = Math.floor(startedAt / 1000);
  return richText({ type: 'date', timestamp, format: usualTime, fallback: timeInWords(startedAt) });
}
