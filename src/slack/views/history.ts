import type { KnownBlock, TableBlock } from '@slack/types';
import { actionInHistory, nothingRemembered, pastRedriveInWords } from '../../domain/history.ts';
import { isFinished, type MoveTask, progressOf } from '../../domain/move-task.ts';
import { nameInArn, type Queue } from '../../domain/queue.ts';
import {
  movedInWords,
  percentOf,
  startInBrief,
  statusAndSymbol,
  statusSymbol,
} from '../../domain/task-words.ts';
import { cut, timeInWords, visible } from '../../domain/wording.ts';
import { newestOf, type QueueReport } from '../../operations/check-queue.ts';
import type { HistoryEntry } from '../../operations/history.ts';
import {
  codeSpan,
  escaped,
  type Message,
  mrkdwn,
  richText,
  section,
  statusMrkdwn,
  usualTime,
  withNote,
} from '../block-kit.ts';
import { startedHereCell, startedHereInWords } from './actions/people.ts';
import { cardView } from './card.ts';
import { linkToMessage } from './notification.ts';
import { privateMessage } from './private-message.ts';

/** The newest task as a card, the rest as a table. */
export function historyView(report: QueueReport, watchable = true): Message {
  return withHistory(report, watchable, (earlier) => [heading(earlier), tableOf(earlier, report)]);
}

/** The same for Slack clients that do not support tables yet. */
export function historyWithoutTable(report: QueueReport, watchable = true): Message {
  return withHistory(report, watchable, (earlier) => [
    heading(earlier),
    section(earlier.map((task) => `• ${lineOf(task, report)}`).join('\n')),
  ]);
}

/** Slack rejects messages above an undocumented length near 11,000 characters. */
const longestMessage = 8_900;

/** As many earlier tasks as fit; all of them unless names and links are extremely long. */
function withHistory(
  report: QueueReport,
  watchable: boolean,
  blocksOf: (earlier: MoveTask[]) => KnownBlock[],
): Message {
  const card = cardView(newestOf(report), watchable);
  const earlier = report.tasks.slice(1);
  if (earlier.length === 0 && report.tasks.length > 0)
    return withNote(card, 'SQS lists no earlier redrives for this queue.');
  const candidates = earlier.map((_, left): Message => {
    const shown = earlier.slice(0, earlier.length - left);
    return {
      text: [card.text, 'Earlier redrives:', ...shown.map((task) => lineOf(task, report))].join('\n'),
      blocks: [...card.blocks, ...blocksOf(shown)],
    };
  });
  return candidates.find((message) => JSON.stringify(message).length <= longestMessage) ?? card;
}

function heading(earlier: MoveTask[]) {
  return section(
    earlier.length === 1
      ? '*The redrive before this one*'
      : `*The ${earlier.length} redrives before this one*`,
  );
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

export const rememberedAtMost = 20;
const reasonAtMost = 80;

type Given = { queue: Queue; entries: readonly HistoryEntry[]; workspaceUrl: string };

/** What the bot remembers of a queue, the newest first, for one person: as much as fits. */
export function rememberedView(given: Given): Message {
  const { queue, entries, workspaceUrl } = given;
  const title = `*History of* ${codeSpan(queue.name)} ${escaped(queue.account.label)}`;
  if (entries.length === 0) return privateMessage([title, mrkdwn(nothingRemembered)]);
  const lines = entries.slice(0, rememberedAtMost).map((entry) => `• ${entryInWords(entry, workspaceUrl)}`);
  for (;;) {
    const message = messageOf(title, lines, given);
    if (lines.length <= 1 || JSON.stringify(message).length <= longestMessage) return message;
    lines.pop();
  }
}

function messageOf(title: string, lines: readonly string[], { queue, entries }: Given): Message {
  const all = codeSpan(`dlq-tasks history ${queue.alias}`);
  const rest =
    entries.length > lines.length
      ? [`These are the newest ${lines.length}. To see all of them, run ${all}.`]
      : [];
  const { blocks } = privateMessage([title, ...lines, ...rest]);
  return { blocks, text: [title, ...lines.slice(0, 3)].join('\n') };
}

function entryInWords(entry: HistoryEntry, workspaceUrl: string): string {
  const said =
    entry.kind === 'redrive'
      ? pastRedriveInWords(entry.redrive, { ...entry, reasonAtMost })
      : actionInHistory(entry.action, reasonAtMost);
  const link = linkOf(entry, workspaceUrl);
  return [mrkdwn(said), ...(link === undefined ? [] : [`<${link}|message>`])].join(' · ');
}

function linkOf(entry: HistoryEntry, workspaceUrl: string): string | undefined {
  if (entry.kind === 'redrive') return entry.redrive.card && linkToMessage(entry.redrive.card, workspaceUrl);
  const { channel, message } = entry.action.place;
  return message === undefined ? undefined : linkToMessage({ channel, ts: message }, workspaceUrl);
}
