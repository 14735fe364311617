import { explainAwsError } from '../explain-aws-error.ts';
import { failureInWords } from '../explain-failure.ts';
import type { MoveTask } from '../move-task.ts';
import { type Phrase, phrase, strong, timeOf, words } from '../phrase.ts';
import { countInWords, durationInWords, messagesInWords, rateInWords } from '../quantities.ts';
import type { Queue } from '../queue.ts';
import { leftInWords, movedInWords, statusInWords, statusSymbol } from '../task-words.ts';
import type { EndTiming, GaveUpBecause, Notification } from './notification.ts';

type NotificationOf<K extends Notification['kind']> = Extract<Notification, { kind: K }>;

/** Who joined is named in another way in each place that shows it. */
export type WordedNotification = Exclude<Notification, { kind: 'joined' }>;

/** What a watch has to say, a line each, wherever it is shown. */
export function notificationInWords(notification: WordedNotification, queue: Queue): Phrase[] {
  const name = phrase`${queue.name}`;
  switch (notification.kind) {
    case 'ended':
      return endedInWords(notification, name);
    case 'bounced-back':
      return bouncedBackInWords(notification);
    case 'stalled':
      return [
        phrase`⚠️ ${strong(`No progress for ${durationInWords(notification.forMs)}.`)} ${words(movedInWords(notification.task))}.`,
        phrase`SQS still calls it running. Check that the destination takes messages, or cancel the redrive in the console.`,
      ];
    case 'too-slow':
      return [
        phrase`⚠️ ${strong('At this pace it will not end in time.')} It needs about ${words(durationInWords(notification.secondsLeft * 1000))} more; SQS stops a redrive after 36 hours, here ${timeOf(notification.limitAt)}.`,
        phrase`What has moved by then stays moved. For the rest, start another redrive then, or cancel this one and start it with a higher rate.`,
      ];
    case 'not-listed':
      return [
        phrase`⚠️ ${strong(...phrase`SQS does not list this redrive of ${name} any more`)}, and never said how it ended.`,
        ...lastSeenInWords(notification.lastSeen?.task),
        phrase`Look at the queue in the console. The watch goes on, in case it is listed again.`,
      ];
    case 'cannot-see': {
      const { meaning, remedy } = explainAwsError(notification.awsError, queue);
      return [
        phrase`⚠️ ${strong(...name, ` could not be looked at for ${durationInWords(notification.forMs)}.`)} The redrive itself goes on at SQS, and so does the watch.`,
        meaning,
        remedy,
      ];
    }
    case 'can-see-again':
      return [phrase`👁️ ${name} can be looked at again, after ${words(durationInWords(notification.forMs))}.`];
    case 'gave-up':
      return [
        phrase`🛑 ${strong(...phrase`The watch of ${name} ends here:`)} ${words(gaveUpReasons[notification.because])}`,
        ...lastSeenInWords(notification.lastSeen?.task),
        ...(notification.awsError ? [explainAwsError(notification.awsError, queue).meaning] : []),
        phrase`Look at the queue in the console.`,
      ];
  }
}

const gaveUpReasons: Record<GaveUpBecause, string> = {
  'not-seen-for-a-day': 'the redrive has not been seen for a day.',
  'two-days-since-start': 'the redrive began two days ago, and SQS ends every one after 36 hours.',
  'queue-not-in-settings': 'the queue is not in the settings any more.',
  another: 'a newer version of the bot ended it.',
};

function endedInWords({ task, timing, depth, newer }: NotificationOf<'ended'>, name: Phrase): Phrase[] {
  const facts = [movedInWords(task), ...timingInWords(timing, task), ...leftInWords(depth)].join(' · ');
  return [
    phrase`${words(statusSymbol(task))} ${strong(...phrase`The redrive of ${name} ${endInWords(task)}`)}`,
    words(facts),
    ...(task.status === 'CANCELLED'
      ? [phrase`What has moved stays moved; the rest is still in the DLQ.`]
      : []),
    ...(task.status === 'FAILED' ? failureInWords(task.failureReason) : []),
    ...(newer && !newer.finished
      ? [phrase`A newer redrive of this queue began ${timeOf(newer.startedAt)}.`]
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
      return words('was cancelled.');
    default:
      return phrase`is ${statusInWords(task)}.`;
  }
}

/** SQS tells no end time, so duration and rate are only as sharp as the polls around it. */
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

function bouncedBackInWords({
  depth,
  more,
  moreThanSaid,
  sinceEndMs,
}: NotificationOf<'bounced-back'>): Phrase[] {
  const moreMessages = messagesInWords(more).replace(' ', ' more ');
  const since = moreThanSaid === undefined ? '' : ` (${countInWords(moreThanSaid)} more than last said)`;
  const headline = `${moreMessages} in the DLQ than when the redrive ended ${durationInWords(sinceEndMs)} ago`;
  return [
    phrase`↩️ ${strong(headline)}${words(since)}: they came back, or new ones failed.`,
    words(
      `The DLQ holds about ${messagesInWords(depth)}; SQS's count is approximate. Find out why before the next redrive.`,
    ),
  ];
}

function lastSeenInWords(task: MoveTask | undefined): Phrase[] {
  if (!task) return [];
  return [
    phrase`Last seen: ${words(statusSymbol(task))} ${statusInWords(task)} · ${words(movedInWords(task))}`,
  ];
}
