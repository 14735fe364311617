import { explainAwsError } from '../explain-aws-error.ts';
import type { MoveTask } from '../move-task.ts';
import { isFinished } from '../move-task-status.ts';
import type { Queue } from '../queue.ts';
import {
  failureInWords,
  leftInWords,
  movedInWords,
  statusAndSymbol,
  statusInWords,
  statusSymbol,
} from '../task-words.ts';
import {
  countInWords,
  durationInWords,
  estimateInWords,
  messagesInWords,
  type Phrase,
  phrase,
  rateInWords,
  strong,
  timeOf,
  words,
} from '../wording.ts';
import type { EndTiming, GaveUpBecause, Notification } from './notification.ts';

type NotificationOf<K extends Notification['kind']> = Extract<Notification, { kind: K }>;

/** Each view names the person who joined in its own way. */
export type WordedNotification = Exclude<Notification, { kind: 'joined' }>;

export function notificationInWords(notification: WordedNotification, queue: Queue): Phrase[] {
  const name = phrase`${queue.name}`;
  switch (notification.kind) {
    case 'ended':
      return endedInWords(notification, name);
    case 'coming-back':
      return comingBackInWords(notification);
    case 'bounced-back':
      return bouncedBackInWords(notification);
    case 'stalled':
      return [
        phrase`⚠️ ${strong(`No progress for ${durationInWords(notification.forMs)}.`)} ${words(movedInWords(notification.task))}.`,
        phrase`SQS still lists it as running. Check that the destination accepts messages, or cancel the redrive in the console.`,
      ];
    case 'too-slow':
      return [
        phrase`⚠️ ${strong("At this rate it won't finish in time.")} It needs ${words(estimateInWords(notification.secondsLeft * 1000))} more, but SQS's 36-hour limit ${timeOf(notification.limitAt, 'ends it ')}.`,
        phrase`Messages moved by then stay moved. For the rest, start another redrive afterwards, or cancel this one and start it again at a higher rate.`,
      ];
    case 'not-listed':
      return [
        phrase`⚠️ ${strong(...phrase`SQS no longer lists this redrive of ${name}`)}, and never reported how it ended.`,
        ...lastSeenInWords(notification.lastSeen?.task),
        phrase`Check the queue in the console. The watch continues in case SQS lists it again.`,
      ];
    case 'cannot-see': {
      const { meaning, remedy } = explainAwsError(notification.awsError, queue);
      return [
        phrase`⚠️ ${strong(`Haven't been able to check `, ...name, ` for ${durationInWords(notification.forMs)}.`)} The redrive continues in SQS, and so does the watch.`,
        meaning,
        remedy,
      ];
    }
    case 'can-see-again':
      return [phrase`👁️ Checking ${name} works again after ${words(durationInWords(notification.forMs))}.`];
    case 'gave-up':
      return [
        phrase`🛑 ${strong(...phrase`Stopped watching ${name}:`)} ${words(gaveUpReasons[notification.because])}`,
        ...lastSeenInWords(notification.lastSeen?.task),
        ...(notification.awsError ? [explainAwsError(notification.awsError, queue).meaning] : []),
        phrase`Check the queue in the console.`,
      ];
  }
}

const gaveUpReasons: Record<GaveUpBecause, string> = {
  'not-seen-for-a-day': "the bot hasn't seen the redrive for a day.",
  'two-days-since-start': 'the redrive started two days ago, and SQS stops redrives after 36 hours.',
  'queue-not-in-settings': 'the queue is no longer in the settings.',
  another: 'a newer version of the bot ended it.',
};

function endedInWords(
  { task, timing, depth, newer, cameBack }: NotificationOf<'ended'>,
  name: Phrase,
): Phrase[] {
  const facts = [movedInWords(task), ...timingInWords(timing, task), ...leftInWords(depth)].join(' · ');
  return [
    phrase`${words(statusSymbol(task))} ${strong(...phrase`The redrive of ${name} ${endInWords(task)}`)}`,
    words(facts),
    ...(cameBack === undefined ? [] : [words(`${cameBackInWords(cameBack)}.`)]),
    ...(task.status === 'CANCELLED' ? [cancelledInWords(cameBack)] : []),
    ...(task.status === 'FAILED' ? failureInWords(task.failureReason) : []),
    ...(newer && !newer.finished
      ? [phrase`A newer redrive of this queue ${timeOf(newer.startedAt, 'started ')}.`]
      : []),
  ];
}

function endInWords(task: MoveTask): Phrase {
  switch (task.status) {
    case 'COMPLETED':
      return words('has completed.');
    case 'FAILED':
      return words('has failed.');
    case 'CANCELLED':
      return words('was canceled.');
    default:
      return phrase`is ${statusInWords(task)}.`;
  }
}

/** SQS reports no end time, so duration and rate are only as exact as the polls around it. */
function timingInWords({ aboutMs, atLeastMs, atMostMs, meanRate }: EndTiming, { moved }: MoveTask): string[] {
  const rateOver = (ms: number) => (moved && ms > 0 ? (moved * 1000) / ms : undefined);
  if (aboutMs !== undefined) {
    return [`took about ${durationInWords(aboutMs)}`, ...onAverage('', meanRate ?? rateOver(aboutMs))];
  }
  if (atLeastMs === undefined) {
    return [`took at most ${durationInWords(atMostMs)}`, ...onAverage('at least ', rateOver(atMostMs))];
  }
  const span = `took between ${durationInWords(atLeastMs)} and ${durationInWords(atMostMs)}`;
  return [span, ...onAverage('about ', rateOver((atLeastMs + atMostMs) / 2))];
}

function onAverage(sharpness: string, rate: number | undefined): string[] {
  return rate ? [`${sharpness}${rateInWords(rate)} on average`] : [];
}

function cancelledInWords(cameBack: number | undefined): Phrase {
  return cameBack === undefined
    ? phrase`Messages already moved stay moved; the rest are still in the DLQ.`
    : phrase`The rest were not moved and are still in the DLQ.`;
}

/** A count cannot tell a message that came back from one that failed for the first time. */
function comingBackInWords({ atLeast, task }: NotificationOf<'coming-back'>): Phrase[] {
  if (isFinished(task))
    return [phrase`🔁 ${strong(`${cameBackInWords(atLeast)}.`)} ${words(sameForNewOnes)}`];
  return [
    phrase`🔁 ${strong(`An estimated ${countInWords(atLeast)} or more messages are back in the DLQ or newly failed.`)} ${words(sameForNewOnes)}`,
    phrase`Check whether the cause is fixed. If it isn't, cancel the redrive. So far, ${words(movedInWords(task))}.`,
  ];
}

const sameForNewOnes = "New failures look the same, and SQS's counts are approximate.";

function cameBackInWords(atLeast: number): string {
  return `An estimated ${countInWords(atLeast)} or more messages came back to the DLQ or newly failed while it ran`;
}

function bouncedBackInWords({
  depth,
  more,
  moreThanSaid,
  sinceEndMs,
}: NotificationOf<'bounced-back'>): Phrase[] {
  const moreMessages = messagesInWords(more).replace(' ', ' more ');
  const since = moreThanSaid === undefined ? '' : ` (${countInWords(moreThanSaid)} more than last reported)`;
  const headline = `${moreMessages} in the DLQ than when the redrive ended ${durationInWords(sinceEndMs)} ago`;
  return [
    phrase`↩️ ${strong(headline)}${words(since)}: messages came back, or new ones failed.`,
    words(
      `The DLQ has about ${messagesInWords(depth)} (SQS's count is approximate). Find out why before the next redrive.`,
    ),
  ];
}

function lastSeenInWords(task: MoveTask | undefined): Phrase[] {
  if (!task) return [];
  return [phrase`Last seen: ${statusAndSymbol(task)} · ${words(movedInWords(task))}`];
}
