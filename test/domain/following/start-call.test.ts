import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isKnown, justBefore, startBy, startCallOf } from '../../../src/domain/following/start-call.ts';

const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq';
const other = 'arn:aws:sqs:eu-west-1:111122223333:payments-dlq';
const at = Date.UTC(2026, 10, 24, 3);

describe('the call that started a task', () => {
  const call = (seconds: number, by = 'Ada', arn = queueArn) => ({
    queueArn: arn,
    at: at + seconds * 1000,
    by,
  });
  const task = { queueArn, startedAt: at + 420 };

  test('is the one in the same second, even though CloudTrail truncates the time', () => {
    expect(startCallOf([call(-30, 'Bob'), call(0)], task)?.by).toBe('Ada');
  });

  test.each([
    ['long before', call(-61)],
    ['after it', call(4)],
    ['of another queue', call(0, 'Ada', other)],
  ])('is not found %s', (_when, given) => {
    expect(startCallOf([given], task)).toBeUndefined();
  });

  test('is not the call that started the previous task, even if its record came first', () => {
    const quickly = { ...task, previousStartedAt: at - 19_300 };
    expect(startCallOf([call(-20, 'Bob')], quickly)).toBeUndefined();
    expect(startCallOf([call(-20, 'Bob'), call(0)], quickly)?.by).toBe('Ada');
  });

  test('is not the call that started the previous task, even if CloudTrail’s clock is slightly ahead of SQS’s', () => {
    const quickly = { ...task, previousStartedAt: at - 20_050 };
    expect(startCallOf([call(-20, 'Bob')], quickly)).toBeUndefined();
    expect(startCallOf([call(-18, 'Bob')], quickly)).toBeUndefined();
    expect(startCallOf([call(-20, 'Bob'), call(0)], quickly)?.by).toBe('Ada');
  });

  test('is never one of another queue, of a later time or of an earlier task', () => {
    const calls = fc.array(
      fc.record({
        queueArn: fc.constantFrom(queueArn, other),
        at: fc.integer({ min: -100, max: 100 }).map((s) => at + s * 1000),
      }),
    );
    fc.assert(
      fc.property(
        calls,
        fc.option(fc.integer({ min: -100_000, max: 0 }), { nil: undefined }),
        (given, before) => {
          const found = startCallOf(given, {
            ...task,
            ...(before !== undefined && { previousStartedAt: task.startedAt + before }),
          });
          if (!found) return true;
          return (
            found.queueArn === queueArn &&
            found.at <= task.startedAt + 3_000 &&
            (before === undefined || found.at > task.startedAt + before + 3_000)
          );
        },
      ),
    );
  });
});

describe('a call may belong', () => {
  const call = { queueArn, at };
  const began = (afterMs: number) => ({ startedAt: at + afterMs });

  test.each([
    [-3_001, false],
    [-3_000, true],
    [60_000, true],
    [60_001, false],
  ])('to a task that started %i ms after it: %s', (afterMs, isIt) => {
    expect(startCallOf([call], { queueArn, ...began(afterMs) }) !== undefined).toBe(isIt);
  });

  test.each([
    [-3_001, true],
    [-3_000, false],
  ])('to a task whose predecessor started %i ms after it: %s', (afterMs, isIt) => {
    const task = { queueArn, ...began(500), previousStartedAt: at + afterMs };
    expect(startCallOf([call], task) !== undefined).toBe(isIt);
  });

  const tasksThat = (...began: (number | undefined)[]) =>
    began.map((afterMs) => ({
      status: 'RUNNING' as const,
      statusText: 'RUNNING',
      ...(afterMs !== undefined && { startedAt: at + afterMs }),
    }));

  test.each<[string, (number | undefined)[], number | undefined]>([
    ['the task that began with it', [90_000, 400, -90_000], 400],
    ['the first one that may have', [40_000, 400], 400],
    ['none without a start', [undefined], undefined],
    ['none that began long before or after', [61_000, -4_000], undefined],
    ['none at all', [], undefined],
  ])('to one of a queue’s tasks: %s', (_which, began, first) => {
    expect(startBy(call, tasksThat(...began))).toBe(first === undefined ? undefined : at + first);
  });

  test('to a task that is already known, or to a later one', () => {
    expect([undefined, at - 3_001, at - 3_000, at].map((upTo) => isKnown(call, upTo))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(isKnown(call, justBefore(call))).toBe(false);
    expect(isKnown(call, justBefore(call) + 1)).toBe(true);
  });
});
