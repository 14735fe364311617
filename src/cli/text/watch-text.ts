import { awsErrorInBrief } from '../../domain/explain-aws-error.ts';
import { type MoveTask, progressOf } from '../../domain/move-task.ts';
import type { Queue } from '../../domain/queue.ts';
import {
  barAndPercent,
  failureInWords,
  leftInWords,
  movedInWords,
  paceInWords,
  statusInWords,
  statusSymbol,
} from '../../domain/task-words.ts';
import type { Notification } from '../../domain/watch/notification.ts';
import { notificationInWords } from '../../domain/watch/notification-words.ts';
import type { Watch } from '../../domain/watch/watch.ts';
import { type Paint, sentence, unpainted } from './paint.ts';

export function progressLine({ alias }: Queue, watch: Watch): string {
  const { seen, counts, cannotPoll } = watch;
  const unseen = cannotPoll
    ? [`couldn't check just now: ${sentence(awsErrorInBrief(cannotPoll.awsError), unpainted)}`]
    : [];
  if (!seen) return [alias, ...(unseen.length > 0 ? unseen : ['not listed by SQS'])].join(' · ');
  const { task, at } = seen;
  const earlier = counts.filter((count) => count.at < at);
  const progress = progressOf(task, at, earlier);
  const name = [alias, ...barAndPercent(progress)].join(' ');
  const status = task.status === 'RUNNING' ? [] : [sentence(statusInWords(task), unpainted)];
  const { rate, ...withoutRate } = progress;
  // The most important numbers come first, because a narrow terminal cuts off the rest.
  const numbers = [
    ...paceInWords(withoutRate),
    movedInWords(task, progress),
    ...(rate === undefined ? [] : paceInWords({ rate })),
  ];
  const wait = watch.phase === 'settling' ? ['reading the final numbers…'] : [];
  return [name, ...status, ...numbers, ...unseen, ...wait].join(' · ');
}

/** Notifications that get lines of their own. The progress line shows the others already. */
export function notificationLines(notification: Notification, queue: Queue, paint: Paint): string[] {
  const { kind } = notification;
  if (kind === 'joined' || kind === 'ended' || kind === 'bounced-back') return [];
  return notificationInWords(notification, queue).map((line) => sentence(line, paint));
}

export function endLines(task: MoveTask, { name }: Queue, depth: number | undefined, paint: Paint): string[] {
  const facts = [sentence(statusInWords(task), unpainted), movedInWords(task), ...leftInWords(depth)];
  return [
    `${statusSymbol(task)} ${name}: ${facts.join(' · ')}`,
    ...(task.status === 'FAILED'
      ? failureInWords(task.failureReason).map((line) => sentence(line, paint))
      : []),
  ];
}
