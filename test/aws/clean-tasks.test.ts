import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanTasks } from '../../src/aws/move-tasks.ts';

const running = {
  Status: 'RUNNING',
  TaskHandle: 'eyJ0YXNrSWQiOiIxIn0=',
  SourceArn: 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
  DestinationArn: 'arn:aws:sqs:eu-west-1:111122223333:orders',
  MaxNumberOfMessagesPerSecond: 50,
  ApproximateNumberOfMessagesMoved: 620,
  ApproximateNumberOfMessagesToMove: 1000,
  StartedTimestamp: 1_795_489_200_000,
};

describe('what SQS lists becomes tasks', () => {
  test('a running task keeps all but its handle and its source', () => {
    expect(cleanTasks([running], 1)).toEqual([
      {
        status: 'RUNNING',
        statusText: 'RUNNING',
        destinationArn: 'arn:aws:sqs:eu-west-1:111122223333:orders',
        customRate: 50,
        moved: 620,
        toMove: 1000,
        startedAt: 1_795_489_200_000,
      },
    ]);
  });

  test.each([undefined, null, {}, 'none', 7, [null, 'x', 3, []]])('%j lists no task', (results) => {
    expect(cleanTasks(results, 10)).toEqual([]);
  });

  test('an empty entry is a task with nothing known about it', () => {
    expect(cleanTasks([{}], 1)).toEqual([{ status: 'UNKNOWN', statusText: '' }]);
  });

  test('an undocumented status is kept as text', () => {
    expect(cleanTasks([{ Status: 'PAUSED' }], 1)).toEqual([{ status: 'UNKNOWN', statusText: 'PAUSED' }]);
  });

  test.each([
    ['a number as text', '50', 50],
    ['a fraction', 12.7, 12],
    ['zero', 0, 0],
    ['null', null, undefined],
    ['negative', -1, undefined],
    ['not a number', Number.NaN, undefined],
    ['without end', Number.POSITIVE_INFINITY, undefined],
    ['over what a number holds exactly', 2 ** 60, undefined],
    ['words', 'many', undefined],
    ['an object', { n: 1 }, undefined],
    ['true', true, undefined],
  ])('a count that is %s', (_what, moved, expected) => {
    expect(cleanTasks([{ Status: 'RUNNING', ApproximateNumberOfMessagesMoved: moved }], 1)).toEqual([
      { status: 'RUNNING', statusText: 'RUNNING', ...(expected !== undefined && { moved: expected }) },
    ]);
  });

  test('a failure keeps its reason, shortened; empty texts count as absent', () => {
    const failed = { Status: 'FAILED', FailureReason: 'x'.repeat(5_000), DestinationArn: '  ' };
    expect(cleanTasks([failed], 1)).toEqual([
      { status: 'FAILED', statusText: 'FAILED', failureReason: 'x'.repeat(1_000) },
    ]);
  });

  test('lists the newest first, keeps tasks without a start in place, and returns no more than requested', () => {
    const started = [10, undefined, 30, 20].map((StartedTimestamp) => ({
      Status: 'COMPLETED',
      StartedTimestamp,
    }));
    expect(cleanTasks(started, 3).map(({ startedAt }) => startedAt)).toEqual([30, undefined, 20]);
  });

  test.each([
    ['milliseconds', 1_795_489_200_000, 1_795_489_200_000],
    ['seconds', 1_795_489_200, 1_795_489_200_000],
    ['seconds as text, with a fraction', '1795489200.5', 1_795_489_200_000],
    ['a moment', new Date(1_795_489_200_000), 1_795_489_200_000],
    ['more than a date can be', 8_640_000_000_000_001, undefined],
  ])('a start in %s', (_what, StartedTimestamp, expected) => {
    expect(cleanTasks([{ Status: 'RUNNING', StartedTimestamp }], 1)[0]?.startedAt).toBe(expected);
  });

  test('whatever SQS lists, numbers are whole and not negative, and no task handle is left', () => {
    const odd = fc.oneof(fc.anything(), fc.integer(), fc.double(), fc.string());
    const entry = fc.record({
      Status: odd,
      TaskHandle: fc.constant('handle-handle'),
      DestinationArn: odd,
      MaxNumberOfMessagesPerSecond: odd,
      ApproximateNumberOfMessagesMoved: odd,
      ApproximateNumberOfMessagesToMove: odd,
      FailureReason: odd,
      StartedTimestamp: odd,
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(entry, odd)), (results) => {
        const tasks = cleanTasks(results, 10);
        expect(tasks.length).toBeLessThanOrEqual(10);
        expect(JSON.stringify(tasks)).not.toContain('handle-handle');
        for (const { moved = 0, toMove = 0, customRate = 1, startedAt = 1 } of tasks) {
          expect([moved, toMove, customRate, startedAt].every((n) => Number.isSafeInteger(n) && n >= 0)).toBe(
            true,
          );
          expect(new Date(startedAt).getTime()).toBe(startedAt);
        }
      }),
    );
  });
});
