import { awsErrorInBrief } from '../../domain/explain-aws-error.ts';
import { isFinished, type MoveTask } from '../../domain/move-task.ts';
import { originalSources, statusInWords } from '../../domain/task-words.ts';
import type { CardContent } from '../../operations/answer.ts';
import { codeSpan, mrkdwn, personInWords, slackTime, usualTime } from '../text.ts';

export function statusMrkdwn(task: MoveTask): string {
  return mrkdwn(statusInWords(task));
}

export function destinationInWords(task: MoveTask): string {
  const name = destinationOf(task);
  return name === undefined ? originalSources : codeSpan(name, 100);
}

/** The name of the destination queue; undefined if none was chosen. */
export function destinationOf({ destinationArn }: MoveTask): string | undefined {
  return destinationArn?.split(':').at(-1) || destinationArn;
}

/** More names would push the rest of the message out of view. */
const namedAtMost = 50;

/** People as Slack mentions; an unexpected ID is shown as is. */
export function peopleInWords(users: readonly string[]): string {
  const named = users.slice(0, namedAtMost).map(personInWords);
  const more = users.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

const notWatchedAnyMore =
  "No longer watched: the bot's settings don't allow this queue in this channel anymore";

/** The watch ended before it had seen its task. */
export function isNeverSeen({ watch, task }: CardContent): boolean {
  return watch?.forbidden === true && task?.statusText === '';
}

/** What a watch adds to the card, one line each. */
export function watchNotes(card: CardContent): string[] {
  const { watch, task } = card;
  if (!watch) return [];
  const { watchers, followed, startedBy, newer, cannotPoll, notListed, forbidden } = watch;
  return [
    ...(forbidden
      ? [`🛑 ${notWatchedAnyMore}${isNeverSeen(card) ? '' : '. This is its last known state'}`]
      : []),
    ...(followed ? [followedInWords(task !== undefined && isFinished(task))] : []),
    ...(startedBy === undefined || card.startedHere?.kind === 'start'
      ? []
      : [`👤 Started by ${codeSpan(startedBy, 100)}`]),
    ...(watchers.length > 0
      ? [`👀 Watched by ${peopleInWords(watchers)}. The result will be posted in the thread`]
      : []),
    ...(cannotPoll
      ? [
          `⚠️ No update ${slackTime(cannotPoll.since, `since ${usualTime}`)}: ${mrkdwn(awsErrorInBrief(cannotPoll.awsError))}`,
        ]
      : []),
    ...(notListed ? ['⚠️ SQS no longer lists this redrive. This is its last known state'] : []),
    ...(newer && newer.startedAt !== task?.startedAt
      ? [
          `ℹ️ A newer redrive of this queue ${slackTime(newer.startedAt, `started ${usualTime}`)}. This card still shows the earlier one`,
        ]
      : []),
  ];
}

function followedInWords(hasEnded: boolean): string {
  return hasEnded
    ? '📣 This channel follows the queue. The redrive had already ended when the bot noticed it'
    : '📣 This channel follows the queue. The result will be posted in the thread';
}
