import { describe, expect, test } from 'vitest';
import type { Notice } from '../../src/domain/watch/telling.ts';
import { newWatch, type Watch } from '../../src/domain/watch/watch.ts';
import { paintWith } from '../../src/terminal/paint.ts';
import { endLines, noticeLines, progressLine } from '../../src/terminal/watch-text.ts';
import { aProblem, aQueue, aTask, now } from '../support/builders.ts';

const queue = aQueue();
const plain = paintWith(false);

function watching(given: Partial<Watch>): Watch {
  const card = { channel: '', ts: '' };
  return { ...newWatch({ id: 'w', queueArn: queue.arn, startedAt: now - 120_000, card, now }), ...given };
}

const blind = { since: now, problem: aProblem(), looks: 1, told: false };

describe('the progress line', () => {
  test.each<[string, Partial<Watch>, string]>([
    [
      'runs',
      { seen: { task: aTask(), at: now } },
      'orders-dlq ▰▰▰▰▰▰▰▰▰▰▱▱▱▱▱ 62 % · about 1 min 13 s left · 620 of 1,000 messages moved · 5.2 a second',
    ],
    [
      'has ended, and its numbers have not settled',
      { seen: { task: aTask({ status: 'COMPLETED', moved: 990 }), at: now }, phase: 'settling' },
      'orders-dlq ▰▰▰▰▰▰▰▰▰▰▰▰▰▰▱ 99 % · Completed · 990 of 1,000 messages moved · reading the final numbers…',
    ],
    [
      'cannot be seen just now',
      { seen: { task: aTask({ status: 'CANCELLING' }), at: now }, blind },
      'orders-dlq ▰▰▰▰▰▰▰▰▰▰▱▱▱▱▱ 62 % · Cancelling · 620 of 1,000 messages moved · not seen just now: access denied: sqs:ListMessageMoveTasks',
    ],
    ['was never seen', {}, 'orders-dlq · not listed by SQS'],
    [
      'could never be asked about',
      { blind },
      'orders-dlq · not seen just now: access denied: sqs:ListMessageMoveTasks',
    ],
  ])('of a redrive that %s', (_name, given, line) => {
    expect(progressLine(queue, watching(given))).toBe(line);
  });
});

test.each<[Notice, number]>([
  [{ kind: 'stalled', task: aTask(), forMs: 900_000 }, 1],
  [{ kind: 'too-slow', task: aTask(), secondsLeft: 200_000, limitAt: now }, 1],
  [{ kind: 'not-listed' }, 1],
  [{ kind: 'cannot-see', problem: aProblem(), forMs: 300_000 }, 2],
  [{ kind: 'can-see-again', forMs: 300_000 }, 1],
  [{ kind: 'gave-up', because: 'two-days-since-start' }, 1],
  [{ kind: 'ended', task: aTask(), timing: { atMostMs: 1 } }, 0],
])('a notice is said in a line or two, unless the bar says it: %o', (notice, lines) => {
  expect(noticeLines(notice, queue, plain).length).toBe(lines);
});

test('the end tells the final numbers, and for a failure what to do', () => {
  const task = aTask({ status: 'FAILED', failureReason: 'OverLimit' });
  expect(endLines(task, queue, 380, plain)).toEqual([
    '❌ orders-dlq: Failed · 620 of 1,000 messages moved · about 380 messages left in the DLQ',
    'Reason: OverLimit',
    'Too many messages of the DLQ are in flight.',
    'What to do: Stop what else receives from the DLQ, wait for its visibility timeout, and start the redrive again.',
  ]);
});
