import type { KnownBlock } from '@slack/types';
import { failureInWords } from '../../domain/explain-failure.ts';
import { isFinished, type MoveTask } from '../../domain/move-task.ts';
import { consoleLink } from '../../domain/partitions.ts';
import { phrase, strong, words } from '../../domain/phrase.ts';
import { progressOf } from '../../domain/progress.ts';
import { type Queue, regionAndAccount } from '../../domain/queue.ts';
import {
  approximateCounts,
  barOf,
  countsInWords,
  depthInWords,
  movedInWords,
  noRedrive,
  paceInWords,
  percentOf,
  sourceLabel,
  speedInWords,
  startInWords,
  statusInWords,
  statusSymbol,
} from '../../domain/task-words.ts';
import type { CardState } from '../../domain/watch/notification.ts';
import type { CardContent } from '../../operations/answer.ts';
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
import { actionIds, writeButtonValue } from '../buttons.ts';
import { codeSpan, escaped, mrkdwn, unmarked, updatedAt } from '../text.ts';
import { redriveButtons } from './actions/card-buttons.ts';
import { startedHereInWords } from './actions/people.ts';
import { destinationInWords, isNeverSeen, watchNotes } from './task-text.ts';

/** One task of a queue, or none. `watchable`: whether the message can be watched; private ones can't. */
export function cardView(card: CardContent, watchable = true): Message {
  const { queue, task, seenAt } = card;
  if (isNeverSeen(card)) return unseenView(card);
  const parts = task ? taskParts(task, card) : noTaskParts(card);
  const notes = [...startNotes(card), ...watchNotes(card)];
  const seen = `${updatedAt(seenAt)} · ${approximateCounts}`;
  return {
    text: [titleOf(queue), ...parts.lines, ...notes, seen].join('\n'),
    blocks: [
      header(queue.name),
      plainContext(regionAndAccount(queue)),
      ...parts.blocks,
      ...(notes.length > 0 ? [context(notes.join('\n'))] : []),
      ...buttonsOf(card, watchable),
      context(seen),
    ],
  };
}

/** The card as its watch stores it, with one number for all messages in the DLQ. */
export function watchedCard(
  { depth, ...state }: Omit<CardState, 'queueArn' | 'final'>,
  queue: Queue,
): CardContent {
  const { task, seenAt, earlier, source } = state;
  const inDlq =
    depth === undefined
      ? {}
      : { depth: { ok: true as const, value: { waiting: depth, inFlight: 0, delayed: 0 } } };
  return { queue, task, seenAt, earlier, asked: 1, watch: state, ...inDlq, ...(source && { source }) };
}

/** A watch that ended before its first observation has nothing to show. */
function unseenView(card: CardContent): Message {
  const notes = watchNotes(card).join('\n');
  return {
    text: [titleOf(card.queue), notes].join('\n'),
    blocks: [header(card.queue.name), plainContext(regionAndAccount(card.queue)), section(notes)],
  };
}

function startNotes({ startedHere }: CardContent): string[] {
  if (!startedHere) return [];
  const { link } = startedHere;
  return [`${startedHereInWords(startedHere)}${link === undefined ? '' : ` · <${link}|the request>`}`];
}

type Parts = { lines: string[]; blocks: KnownBlock[] };

function taskParts(task: MoveTask, card: CardContent): Parts {
  const progress = progressOf(task, card.seenAt, card.earlier);
  const headline = [
    phrase`${words(statusSymbol(task))} ${strong(...statusInWords(task))}`,
    ...percentOf(progress).map(words),
  ];
  const counts = [movedInWords(task, progress), ...paceInWords(progress)].join(' · ');
  const bar = progress.share === undefined ? [] : [barOf(progress.share)];
  const details = detailsOf(task, card);
  const failure = task.status === 'FAILED' ? failureInWords(task.failureReason) : [];
  return {
    lines: [
      headline.map(unmarked).join(' · '),
      counts,
      ...details.map(([label, value]) => `${label}: ${value}`),
      ...failure.map(unmarked),
    ],
    blocks: [
      section([headline.map(mrkdwn).join(' · '), ...bar, counts].join('\n')),
      ...(failure.length > 0 ? [section(failure.map(mrkdwn).join('\n'))] : []),
      fields(details),
    ],
  };
}

function detailsOf(task: MoveTask, { seenAt, depth, source }: CardContent): [string, string][] {
  return [
    ['Started', mrkdwn(startInWords(task, seenAt))],
    ...inTheDlq(depth),
    ...inTheSource(task, source),
    ['Destination', destinationInWords(task)],
    ['Rate limit', speedInWords(task)],
  ];
}

function inTheDlq(depth: CardContent['depth']): [string, string][] {
  return depth ? [['In the DLQ', mrkdwn(depthInWords(depth))]] : [];
}

/** Without a destination the messages go back to where they came from. */
function inTheSource(task: MoveTask, source: CardContent['source']): [string, string][] {
  if (!source) return [];
  return [[sourceLabel(task), `${codeSpan(source.name, 100)} · ${countsInWords(source.depth)}`]];
}

function noTaskParts({ depth }: CardContent): Parts {
  const { headline, meaning } = noRedrive;
  const details = inTheDlq(depth);
  return {
    lines: [`💤 ${headline}`, meaning, ...details.map(([label, value]) => `${label}: ${value}`)],
    blocks: [section(`💤 *${headline}*\n${meaning}`), ...(details.length > 0 ? [fields(details)] : [])],
  };
}

function titleOf(queue: Queue): string {
  return `${escaped(queue.name)} (${escaped(regionAndAccount(queue))})`;
}

/** None if the settings no longer allow the queue: each click would be refused. */
function buttonsOf(card: CardContent, watchable: boolean): KnownBlock[] {
  if (card.watch?.forbidden) return [];
  const refresh = button(actionIds.refresh, 'Refresh', refreshValue(card));
  return [
    actions([
      refresh,
      ...(watchable ? watchButtons(card) : []),
      ...redriveButtons(card, watchable),
      ...linkButtons(card.queue),
    ]),
  ];
}

function refreshValue({ queue, seenAt, task, asked }: CardContent): string {
  return writeButtonValue({
    q: queue.arn,
    n: asked,
    at: seenAt,
    ...(task?.startedAt !== undefined && { s: task.startedAt }),
    ...(task?.moved !== undefined && { m: task.moved }),
    ...(task && isFinished(task) && { end: 1 as const }),
  });
}

/** A task without a start time has no identity, so it cannot be watched. */
function watchButtons({ queue, task, watch }: CardContent) {
  if (!task || isFinished(task) || task.startedAt === undefined) return [];
  const value = writeButtonValue({ q: queue.arn, n: 1, s: task.startedAt });
  return [
    button(actionIds.watch, 'Watch', value),
    ...(watch && watch.watchers.length > 0 ? [button(actionIds.unwatch, 'Unwatch', value)] : []),
  ];
}

function linkButtons(queue: Queue) {
  const link = consoleLink(queue);
  return [
    ...(link ? [linkButton(actionIds.openConsole, 'AWS console', link)] : []),
    ...(queue.runbook ? [linkButton(actionIds.openRunbook, 'Runbook', queue.runbook)] : []),
  ];
}
