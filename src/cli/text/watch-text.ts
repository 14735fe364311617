import { awsErrorInBrief, explainAwsError } from '../../domain/explain-aws-error.ts';
import type { MoveTask } from '../../domain/move-task.ts';
import { progressOf } from '../../domain/progress.ts';
import { durationInWords } from '../../domain/quantities.ts';
import type { Queue } from '../../domain/queue.ts';
import {
  barOf,
  leftInWords,
  movedInWords,
  paceInWords,
  percentOf,
  statusSymbol,
} from '../../domain/task-words.ts';
import type { Notification } from '../../domain/watch/notification.ts';
import type { Watch } from '../../domain/watch/watch.ts';
import { failureLines, statusInWords } from './card-text.ts';
import { type Paint, sentence } from './paint.ts';
import { localTime } from './times.ts';

const plain: Paint = (_, text) => text;

/** The bar and the numbers in one line. */
export function progressLine({ alias }: Queue, watch: Watch): string {
  const { seen, counts, cannotPoll } = watch;
  const unseen = cannotPoll
    ? [`not seen just now: ${sentence(awsErrorInBrief(cannotPoll.awsError), plain)}`]
    : [];
  if (!seen) return [alias, ...(unseen.length > 0 ? unseen : ['not listed by SQS'])].join(' · ');
  const { task, at } = seen;
  const earlier = counts.filter((count) => count.at < at);
  const progress = progressOf(task, at, earlier);
  const bar = progress.share === undefined ? '' : ` ${barOf(progress.share)} ${percentOf(progress).join('')}`;
  const status = task.status === 'RUNNING' ? [] : [statusInWords(task)];
  const { rate, ...withoutRate } = progress;
  // What matters most comes first: a narrow terminal cuts the rest off.
  const numbers = [
    ...paceInWords(withoutRate),
    movedInWords(task, progress),
    ...(rate === undefined ? [] : paceInWords({ rate })),
  ];
  const wait = watch.phase === 'settling' ? ['reading the final numbers…'] : [];
  return [`${alias}${bar}`, ...status, ...numbers, ...unseen, ...wait].join(' · ');
}

/** What is worth a line of its own while a redrive is followed; nothing for what the bar shows by itself. */
export function notificationLines(notification: Notification, queue: Queue, paint: Paint): string[] {
  switch (notification.kind) {
    case 'stalled':
      return [
        `No progress for ${durationInWords(notification.forMs)}. SQS still calls it running. Check that the destination takes messages, or cancel the redrive in the console.`,
      ];
    case 'too-slow':
      return [
        `At this pace it needs about ${durationInWords(notification.secondsLeft * 1000)} more, but SQS stops it at ${localTime(notification.limitAt)}, after 36 hours.`,
      ];
    case 'not-listed':
      return ['SQS does not list this redrive any more, and never said how it ended. Looking on.'];
    case 'cannot-see': {
      const { meaning, remedy } = explainAwsError(notification.awsError, queue);
      return [
        `Not seen for ${durationInWords(notification.forMs)}; the redrive itself goes on at SQS.`,
        `${sentence(meaning, paint)} ${sentence(remedy, paint)}`,
      ];
    }
    case 'can-see-again':
      return [`Seen again, after ${durationInWords(notification.forMs)}.`];
    case 'gave-up':
      return ['Nothing more can be seen of this redrive. Look at the queue in the console.'];
    default:
      return [];
  }
}

/** How it ended, in the final numbers. */
export function endLines(task: MoveTask, { name }: Queue, depth: number | undefined, paint: Paint): string[] {
  const facts = [statusInWords(task), movedInWords(task), ...leftInWords(depth)];
  return [
    `${statusSymbol(task)} ${name}: ${facts.join(' · ')}`,
    ...(task.status === 'FAILED' ? failureLines(task, paint) : []),
  ];
}
