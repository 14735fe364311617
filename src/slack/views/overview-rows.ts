import { awsErrorInBrief } from '../../domain/explain-aws-error.ts';
import type { MoveTask } from '../../domain/move-task.ts';
import { isFinished } from '../../domain/move-task-status.ts';
import { progressOf } from '../../domain/progress.ts';
import type { Queue } from '../../domain/queue.ts';
import { barAndPercent, movedInWords, paceInWords, statusSymbol } from '../../domain/task-words.ts';
import { countInWords, cut, messagesInWords, visible } from '../../domain/wording.ts';
import type { Overview, OverviewRow } from '../../operations/check-queue.ts';
import { messagesIn, type OverviewParts, type Trouble } from '../../operations/overview.ts';
import { codeSpan, escaped, mrkdwn, statusMrkdwn } from '../block-kit.ts';

/** A row of an overview about one queue, or about several. */
export type OverviewItem = {
  words: string;
  /** The queue whose card a button can post. */
  queue?: Queue;
  /** The same without formatting, for small print. */
  small?: string;
  /** Shown only on request: starts a new page. */
  isUnfolded?: boolean;
};

/**
 * One for each queue with something to report, one for each error, and a few for all empty queues; in reading order.
 */
export function itemsOf(parts: OverviewParts, { seenAt, rows }: Overview): OverviewItem[] {
  return [
    ...parts.running.map((row) => ({ words: runningInWords(row, seenAt), queue: row.queue })),
    ...parts.failed.map((row) => ({ words: failedInWords(row), queue: row.queue })),
    ...parts.troubles.map((trouble) => ({ words: troubleInWords(trouble, rows) })),
    ...parts.waiting.map((row) => ({ words: waitingInWords(row), queue: row.queue })),
    ...emptyQueueItems(parts.quiet),
  ];
}

function runningInWords({ task, ...row }: OverviewRow, now: number): string {
  const progress = task ? taskInWords(task, now) : [];
  return `${task ? statusSymbol(task) : ''} ${nameOf(row.queue)}\n${[...progress, ...inTheDlq(row)].join(' · ')}`;
}

function taskInWords(task: MoveTask, now: number): string[] {
  const progress = progressOf(task, now);
  const status = task.status === 'RUNNING' ? [] : [statusMrkdwn(task)];
  const left = paceInWords(progress).at(-1);
  return [...barAndPercent(progress), ...status, left ?? movedInWords(task, progress)];
}

function failedInWords({ task, ...row }: OverviewRow): string {
  const moved = task ? [statusMrkdwn(task), movedInWords(task)] : [];
  return `❌ ${nameOf(row.queue)}\n${[...moved, ...inTheDlq(row)].join(' · ')}`;
}

/** The number is next to the name, because phones break the line. */
function waitingInWords({ task, ...row }: OverviewRow): string {
  const last = task?.status === 'FAILED' && isFinished(task) ? ['last redrive failed'] : [];
  const { alias, account, region } = row.queue;
  const more = [...inTheDlq(row), ...last, escaped(account.label), region].join(' · ');
  return `📥 ${codeSpan(alias, 100)} ${more}`;
}

function nameOf(queue: Queue): string {
  return `${codeSpan(queue.alias, 100)} ${escaped(queue.account.label)} · ${queue.region}`;
}

function inTheDlq(row: OverviewRow): string[] {
  return row.depth ? [`${countInWords(messagesIn(row))} in the DLQ`] : [];
}

/** If all queues of an account share an error, the row names the account; a few queues are always named. */
function troubleInWords(trouble: Trouble, rows: readonly OverviewRow[]): string {
  const { queues } = trouble;
  const inAccount = rows.filter(({ queue }) => queue.account.id === queues[0]?.account.id).length;
  const isAll = queues.length === inAccount && inAccount > 1;
  const count = queues.length === 1 ? '1 queue' : `${queues.length} queues`;
  const names = isAll && queues.length > 3 ? '' : ` (${someNames(queues)})`;
  return `⚠️ ${causeInWords(trouble)}: ${isAll ? 'all ' : ''}${count}${names}`;
}

function causeInWords({ unknown, awsError, queues }: Trouble): string {
  const place = escaped(queues[0]?.account.label ?? '');
  if (awsError.kind === 'unreachable') {
    return unknown === 'tasks' ? `No answer from ${place}` : `No message count from ${place}`;
  }
  const why = mrkdwn(awsErrorInBrief(awsError));
  return unknown === 'tasks' ? `${place}: ${why}` : `${place}, couldn't count messages: ${why}`;
}

/** A summary of all queues, the same on every page. */
export function summaryOf({ running, failed, troubles, waiting, quiet }: OverviewParts): string {
  const unknown = troubles.reduce((sum, { queues }) => sum + queues.length, 0);
  const held = waiting.reduce((sum, row) => sum + messagesIn(row), 0);
  const counts: [number, string][] = [
    [running.length, 'running'],
    [failed.length, 'failed in the last 24 hours'],
    [unknown, 'unknown'],
    [waiting.length, `with messages waiting (${messagesInWords(held)})`],
  ];
  const quietOnes = `${quiet.length === 1 ? '1 queue is' : `${quiet.length} queues are`} empty and idle`;
  return [
    ...counts.filter(([count]) => count > 0).map(([count, what]) => `${countInWords(count)} ${what}`),
    ...(quiet.length > 0 ? [quietOnes] : []),
  ].join(' · ');
}

/** This many characters of names fit below the important rows without hiding them. */
const roomBelowTheRest = 600;
/** Long lists are split, so that a page can hold part of them. */
const roomInPiece = 1_000;

/** The names of the empty queues by account: below the rest if there are few, otherwise on pages of their own. */
function emptyQueueItems(queues: readonly Queue[]): OverviewItem[] {
  const pieces = byAccount(queues).flatMap(piecesOf);
  const isLong = pieces.reduce((sum, { words }) => sum + words.length, 0) > roomBelowTheRest;
  return pieces.map((piece, i) => ({ ...piece, ...(isLong && i === 0 && { isUnfolded: true }) }));
}

function byAccount(queues: readonly Queue[]): Queue[][] {
  const accounts = Map.groupBy(queues, ({ account }) => account.id);
  return [...accounts.values()].sort(([a], [b]) =>
    (a?.account.label ?? '').localeCompare(b?.account.label ?? '', 'en', { numeric: true }),
  );
}

function piecesOf(ofAccount: Queue[]): OverviewItem[] {
  const pieces: { words: string; small: string }[] = [];
  for (const { alias, account } of ofAccount) {
    const [name, plain] = [codeSpan(alias, 100), cut(visible(alias), 80)];
    const piece = pieces.at(-1);
    if (piece && piece.words.length + name.length < roomInPiece) {
      piece.words += `, ${name}`;
      piece.small += `, ${plain}`;
    } else {
      const begin = `📭 Empty in ${account.label}: `;
      pieces.push({ words: `${escaped(begin)}${name}`, small: `${begin}${plain}` });
    }
  }
  return pieces;
}

/** As many names as can be read at a glance, in characters. */
const namesAtMost = 250;

/** The first names, and how many more there are. */
function someNames(queues: readonly Queue[]): string {
  const names = queues.map(({ alias }) => codeSpan(alias, 100));
  let length = 0;
  const fitting = names.filter((name, i) => {
    length += name.length + 2;
    return i === 0 || length <= namesAtMost;
  });
  const more = names.length - fitting.length;
  return `${fitting.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
