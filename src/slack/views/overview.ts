import { problemInBrief } from '../../domain/explain-problem.ts';
import { isFinished, type MoveTask } from '../../domain/move-task.ts';
import { progressOf } from '../../domain/progress.ts';
import { countInWords } from '../../domain/quantities.ts';
import type { Overview, OverviewRow } from '../../operations/answer.ts';
import { actionIds } from '../action-ids.ts';
import { actions, button, context, header, type Message, section } from '../blocks.ts';
import { writeButtonValue } from '../button-value.ts';
import { codeSpan, escaped, mrkdwn } from '../text.ts';
import {
  barOf,
  movedInWords,
  paceInWords,
  percentOf,
  slackTime,
  statusInWords,
  statusSymbol,
} from './task-words.ts';

/** Characters for the rows, which stand in the text and in the blocks: a message may hold about 9,000. */
const roomForRows = 2_800;
const buttonsShown = 5;
const dayMs = 24 * 60 * 60 * 1000;

/** All queues a channel may see: what runs first, then what failed today, what waits, and the rest in one line. */
export function overviewView({ rows, seenAt }: Overview): Message {
  const ranked = rows
    .map((row) => ({ row, rank: rankOf(row, seenAt) }))
    .sort((a, b) => a.rank - b.rank || a.row.queue.alias.localeCompare(b.row.queue.alias));
  const worthALine = ranked.filter(({ rank }) => rank < quiet).map(({ row }) => row);
  const lines = linesThatFit(worthALine.map((row) => lineOf(row, seenAt)));
  const shown = worthALine.slice(0, lines.length);
  const rest = restInWords(worthALine.length - shown.length, rows.length - worthALine.length);
  const running = shown.filter(({ task }) => task && !isFinished(task)).slice(0, buttonsShown);
  const title = rows.length === 1 ? '1 queue' : `${rows.length} queues`;
  const seen = `Seen ${slackTime(seenAt, '{date_short_pretty} {time_secs}')}`;
  return {
    text: [title, ...lines, ...rest, seen].join('\n'),
    blocks: [
      header(title),
      ...lines.map(section),
      ...(rest.length > 0 ? [section(rest.join('\n'))] : []),
      actions([
        button(actionIds.refreshOverview, 'Refresh', 'overview'),
        ...running.map(({ queue }, i) =>
          button(
            `${actionIds.showQueue}:${i}`,
            `Show ${queue.alias}`,
            writeButtonValue({ q: queue.arn, n: 1 }),
          ),
        ),
      ]),
      context(seen),
    ],
  };
}

function linesThatFit(lines: string[]): string[] {
  let room = roomForRows;
  const firstTooMany = lines.findIndex((line) => {
    room -= line.length + 60;
    return room < 0;
  });
  return firstTooMany < 0 ? lines : lines.slice(0, firstTooMany);
}

const quiet = 4;

function rankOf({ task, depth, problem }: OverviewRow, now: number): number {
  if (task && !isFinished(task)) return 0;
  if (task?.status === 'FAILED' && now - (task.startedAt ?? now) < dayMs) return 1;
  if (problem) return 2;
  return depth && depth.waiting + depth.inFlight > 0 ? 3 : quiet;
}

function lineOf(row: OverviewRow, now: number): string {
  const { queue, task, depth, problem } = row;
  const name = `${codeSpan(queue.alias, 100)} ${escaped(queue.account.label)} · ${queue.region}`;
  const waiting = depth ? ` · ${countInWords(depth.waiting + depth.inFlight)} in the DLQ` : '';
  if (problem) return `⚠️ ${name}\n${mrkdwn(problemInBrief(problem))}`;
  if (!task || (rankOf(row, now) === 3 && task.status !== 'FAILED')) return `📥 ${name}${waiting}`;
  return `${statusSymbol(task)} ${name}\n${taskInWords(task, now)}${waiting}`;
}

function taskInWords(task: MoveTask, now: number): string {
  const progress = progressOf(task, now);
  if (isFinished(task)) return [statusInWords(task), movedInWords(task, progress)].join(' · ');
  const bar =
    progress.share === undefined ? [] : [`${barOf(progress.share)} ${percentOf(progress).join('')}`];
  const left = paceInWords(progress).at(-1) ?? statusInWords(task);
  return [...bar, left, ...(bar.length > 0 ? [] : [movedInWords(task, progress)])].join(' · ');
}

function restInWords(more: number, quietOnes: number): string[] {
  return [
    ...(more > 0 ? [`…and ${more} more with something to see.`] : []),
    ...(quietOnes > 0
      ? [`${quietOnes === 1 ? '1 queue is' : `${quietOnes} queues are`} empty, with nothing running.`]
      : []),
  ];
}
