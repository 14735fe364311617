import { describe, expect, test } from 'vitest';
import { paintWith } from '../../src/cli/terminal.ts';
import { endLines, notificationLines, progressLine } from '../../src/cli/watch-command.ts';
import type { Notification } from '../../src/domain/watch/notification.ts';
import { newWatch, type Watch } from '../../src/domain/watch/watch.ts';
import { anAwsError, aQueue, aTask, now } from '../support/builders.ts';

const queue = aQueue();
const plain = paintWith(false);

function watching(given: Partial<Watch>): Watch {
  const card = { channel: '', ts: '' };
  return { ...newWatch({ id: 'w', queueArn: queue.arn, startedAt: now - 120_000, card, now }), ...given };
}

const cannotPoll = { since: now, awsError: anAwsError(), polls: 1, said: false };

describe('the progress line', () => {
  test.each<[string, Partial<Watch>, string]>([
    [
      'runs',
      { seen: { task: aTask(), at: now } },
      'orders-dlq ▰▰▰▰▰▰▰▰▰▰▱▱▱▱▱ 62% · about 1 min left · 620 of 1,000 messages moved · 5.2 per second',
    ],
    [
      'has ended, and its numbers have not settled',
      { seen: { task: aTask({ status: 'COMPLETED', moved: 990 }), at: now }, phase: 'settling' },
      'orders-dlq ▰▰▰▰▰▰▰▰▰▰▰▰▰▰▱ 99% · Completed · 990 of 1,000 messages moved · reading the final numbers…',
    ],
    [
      'cannot be seen just now',
      { seen: { task: aTask({ status: 'CANCELLING' }), at: now }, cannotPoll },
      "orders-dlq ▰▰▰▰▰▰▰▰▰▰▱▱▱▱▱ 62% · Canceling · 620 of 1,000 messages moved · couldn't check just now: access denied: sqs:ListMessageMoveTasks",
    ],
    ['was never seen', {}, 'orders-dlq · not listed by SQS'],
    [
      'could never be asked about',
      { cannotPoll },
      "orders-dlq · couldn't check just now: access denied: sqs:ListMessageMoveTasks",
    ],
  ])('of a redrive that %s', (_name, given, line) => {
    expect(progressLine(queue, watching(given))).toBe(line);
  });
});

test.each<[Notification, number]>([
  [{ kind: 'stalled', task: aTask(), forMs: 900_000 }, 2],
  [{ kind: 'too-slow', task: aTask(), secondsLeft: 200_000, limitAt: now }, 2],
  [{ kind: 'not-listed' }, 2],
  [{ kind: 'cannot-see', awsError: anAwsError(), forMs: 300_000 }, 3],
  [{ kind: 'can-see-again', forMs: 300_000 }, 1],
  [{ kind: 'gave-up', because: 'two-days-since-start' }, 2],
  [{ kind: 'ended', task: aTask(), timing: { atMostMs: 1 } }, 0],
])('prints a notification in a few lines, unless the bar shows it: %o', (notification, lines) => {
  expect(notificationLines(notification, queue, plain).length).toBe(lines);
});

test('the end shows the final numbers, and for a failure what to do', () => {
  const task = aTask({ status: 'FAILED', failureReason: 'OverLimit' });
  expect(endLines(task, queue, 380, plain)).toEqual([
    '❌ orders-dlq: Failed · 620 of 1,000 messages moved · about 380 messages left in the DLQ',
    'Reason: OverLimit',
    'Too many messages in the DLQ are in flight.',
    'What to do: Stop other consumers of the DLQ, wait for its visibility timeout, and start the redrive again.',
  ]);
});
