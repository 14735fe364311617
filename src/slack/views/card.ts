import type { Button, KnownBlock } from '@slack/types';
import { allMessages } from '../../domain/depth.ts';
import { awsErrorInBrief } from '../../domain/explain-aws-error.ts';
import type { MoveTask } from '../../domain/move-task.ts';
import { isFinished } from '../../domain/move-task-status.ts';
import { progressOf } from '../../domain/progress.ts';
import { consoleLink, type Queue } from '../../domain/queue.ts';
import {
  approximateCounts,
  barOf,
  countsInWords,
  depthInWords,
  failureInWords,
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
import { phrase, strong, words } from '../../domain/wording.ts';
import type { CardContent } from '../../operations/check-queue.ts';
import {
  actions,
  button,
  codeSpan,
  context,
  destinationMrkdwn,
  fields,
  headed,
  inLines,
  linkButton,
  type Message,
  mrkdwn,
  peopleInWords,
  plain,
  section,
  slackTime,
  unmarked,
  updatedAt,
} from '../block-kit.ts';
import type { Carried } from '../button-values.ts';
import { actionIds, redriveIds } from '../buttons.ts';
import { startedHereInWords } from './actions/action-words.ts';

/** One task of a queue, or none. `watchable`: whether the message can be watched; private ones can't. */
export function cardView(card: CardContent, watchable = true): Message {
  const { queue, task, seenAt } = card;
  if (isNeverSeen(card)) return unseenView(card);
  const parts = task ? taskParts(task, card) : noTaskParts(card);
  const notes = [...startNotes(card), ...watchNotes(card)];
  const seen = `${updatedAt(seenAt)} · ${approximateCounts}`;
  return headed(
    queue.name,
    queue,
    [...parts.lines, ...notes, seen],
    [
      ...parts.blocks,
      ...(notes.length > 0 ? [context(notes.join('\n'))] : []),
      ...buttonsOf(card, watchable),
      context(seen),
    ],
  );
}

/** A watch that ended before its first observation has nothing to show. */
function unseenView(card: CardContent): Message {
  const notes = watchNotes(card).join('\n');
  return headed(card.queue.name, card.queue, [notes], [section(notes)]);
}

function startNotes({ startedHere }: CardContent): string[] {
  if (!startedHere) return [];
  const { link } = startedHere;
  return [`${startedHereInWords(startedHere)}${link === undefined ? '' : ` · <${link}|the request>`}`];
}

const notWatchedAnyMore =
  "No longer watched: the bot's settings don't allow this queue in this channel anymore";

/** The watch ended before it had seen its task. */
function isNeverSeen({ watch, task }: CardContent): boolean {
  return watch?.forbidden === true && task?.statusText === '';
}

/** What a watch adds to the card, one line each. */
function watchNotes(card: CardContent): string[] {
  const { watch, task } = card;
  if (!watch) return [];
  const { watchers, followed, startedBy, newer, cannotPoll, notListed, forbidden } = watch;
  const notes = [
    forbidden && `🛑 ${notWatchedAnyMore}${isNeverSeen(card) ? '' : '. This is its last known state'}`,
    followed &&
      `📣 This channel follows the queue. ${task && isFinished(task) ? 'The redrive had already ended when the bot noticed it' : 'The result will be posted in the thread'}`,
    startedBy !== undefined &&
      card.startedHere?.kind !== 'start' &&
      `👤 Started by ${codeSpan(startedBy, 100)}`,
    watchers.length > 0 &&
      `👀 Watched by ${peopleInWords(watchers)}. The result will be posted in the thread`,
    cannotPoll &&
      `⚠️ No update ${slackTime(cannotPoll.since, 'since ')}: ${mrkdwn(awsErrorInBrief(cannotPoll.awsError))}`,
    notListed && '⚠️ SQS no longer lists this redrive. This is its last known state',
    newer &&
      newer.startedAt !== task?.startedAt &&
      `ℹ️ A newer redrive of this queue ${slackTime(newer.startedAt, 'started ')}. This card still shows the earlier one`,
  ];
  return notes.filter((note) => typeof note === 'string');
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
    lines: [headline.map(unmarked).join(' · '), counts, ...inLines(details), ...failure.map(unmarked)],
    blocks: [
      section([headline.map(mrkdwn).join(' · '), ...bar, counts].join('\n')),
      ...(failure.length > 0 ? [section(failure.map(mrkdwn).join('\n'))] : []),
      fields(details),
    ],
  };
}

function detailsOf(task: MoveTask, card: CardContent): [string, string][] {
  return [
    ['Started', mrkdwn(startInWords(task, card.seenAt))],
    ...inTheDlq(card),
    ...inTheSource(task, card),
    ['Destination', destinationMrkdwn(task.destinationArn)],
    ['Rate limit', speedInWords(task)],
  ];
}

function inTheDlq({ depth }: CardContent): [string, string][] {
  return depth ? [['In the DLQ', mrkdwn(depthInWords(depth))]] : [];
}

/** Without a destination the messages go back to where they came from. */
function inTheSource(task: MoveTask, { source }: CardContent): [string, string][] {
  if (!source) return [];
  return [[sourceLabel(task), `${codeSpan(source.name, 100)} · ${countsInWords(source.depth)}`]];
}

function noTaskParts(card: CardContent): Parts {
  const { headline, meaning } = noRedrive;
  const details = inTheDlq(card);
  return {
    lines: [`💤 ${headline}`, meaning, ...inLines(details)],
    blocks: [section(`💤 *${headline}*\n${meaning}`), ...(details.length > 0 ? [fields(details)] : [])],
  };
}

/** None if the settings no longer allow the queue: each click would be refused. */
function buttonsOf(card: CardContent, watchable: boolean): KnownBlock[] {
  if (card.watch?.forbidden) return [];
  return [
    actions([
      button(actionIds.refresh, 'Refresh', refreshValue(card)),
      ...(watchable ? [...watchButtons(card), ...redriveButtons(card)] : []),
      ...linkButtons(card.queue),
    ]),
  ];
}

function refreshValue({ queue, seenAt, task, asked }: CardContent): Carried {
  const end = task && isFinished(task) ? 1 : undefined;
  return { q: queue.arn, n: asked, at: seenAt, s: task?.startedAt, m: task?.moved, end };
}

/** A task without a start time has no identity, so it cannot be watched. */
function watchButtons({ queue, task, watch }: CardContent) {
  if (!task || isFinished(task) || task.startedAt === undefined) return [];
  const value = { q: queue.arn, n: 1, s: task.startedAt };
  return [
    button(actionIds.watch, 'Watch', value),
    ...(watch && watch.watchers.length > 0 ? [button(actionIds.unwatch, 'Unwatch', value)] : []),
  ];
}

/** Redrive… if messages are waiting and nothing is active; Cancel… if a redrive is running. */
function redriveButtons({ queue, task, depth }: CardContent) {
  if (!queue.redrive) return [];
  if (task && !isFinished(task)) return cancelButtons(queue, task);
  const isEmpty = !depth?.ok || allMessages(depth.value) === 0;
  return isEmpty ? [] : [button(redriveIds.openForm, 'Redrive…', { q: queue.arn })];
}

export const afterCancel = 'Messages already moved stay moved, and a few more may still move.';

/** None where no action is allowed. A task without a start cannot be told from another. */
export function cancelButtons(queue: Queue, task: MoveTask, below?: 'notification'): Button[] {
  if (!queue.redrive || task.status !== 'RUNNING' || task.startedAt === undefined) return [];
  return [
    {
      ...button(redriveIds.cancel, 'Cancel…', { q: queue.arn, n: 1, s: task.startedAt, below }),
      style: 'danger',
      confirm: {
        title: plain('Cancel the redrive?'),
        text: plain(`${queue.name}: ${movedInWords(task)}. ${afterCancel}`),
        confirm: plain('Cancel redrive'),
        deny: plain('Keep it running'),
        style: 'danger',
      },
    },
  ];
}

function linkButtons(queue: Queue) {
  const link = consoleLink(queue);
  return [
    ...(link ? [linkButton(actionIds.openConsole, 'AWS console', link)] : []),
    ...(queue.runbook ? [linkButton(actionIds.openRunbook, 'Runbook', queue.runbook)] : []),
  ];
}
