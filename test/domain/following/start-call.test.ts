import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startCallIn, startCallOf } from '../../../src/domain/following/start-call.ts';

const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq';
const other = 'arn:aws:sqs:eu-west-1:111122223333:payments-dlq';
const at = Date.UTC(2026, 10, 24, 3);

const recorded = {
  eventVersion: '1.11',
  userIdentity: { type: 'IAMUser', userName: 'Ada' },
  eventTime: '2026-11-24T03:00:00Z',
  eventSource: 'sqs.amazonaws.com',
  eventName: 'StartMessageMoveTask',
  awsRegion: 'eu-west-1',
  requestParameters: { sourceArn: queueArn, maxNumberOfMessagesPerSecond: 5 },
  responseElements: { taskHandle: 'HIDDEN' },
};

describe('a record of CloudTrail', () => {
  test('tells the queue, the time and who it was', () => {
    expect(startCallIn(recorded)).toEqual({ queueArn, at, by: 'Ada' });
  });

  test('tells the queue by the one resource of the call, where the request was left out', () => {
    const resources = [{ type: 'AWS::SQS::Queue', ARN: queueArn }, { ARN: 'arn:aws:kms:eu-west-1:1:key/k' }];
    expect(startCallIn({ ...recorded, requestParameters: null, resources })).toMatchObject({ queueArn });
    const both = [...resources, { ARN: other }];
    expect(startCallIn({ ...recorded, requestParameters: null, resources: both })).toBeUndefined();
  });

  test.each([
    ['of a call that was refused', { errorCode: 'InvalidParameterValueException' }],
    ['of another call', { eventName: 'CancelMessageMoveTask' }],
    ['of another service', { eventSource: 'ec2.amazonaws.com' }],
    ['without a time', { eventTime: 'soon' }],
    ['without a queue', { requestParameters: {} }],
  ])('%s is none', (_which, changes) => {
    expect(startCallIn({ ...recorded, ...changes })).toBeUndefined();
  });

  test('of any shape does no harm', () => {
    const anything = fc.record({
      eventSource: fc.constantFrom('sqs.amazonaws.com'),
      eventName: fc.constantFrom('StartMessageMoveTask'),
      eventTime: fc.jsonValue(),
      requestParameters: fc.jsonValue(),
      resources: fc.jsonValue(),
      userIdentity: fc.jsonValue(),
    });
    fc.assert(
      fc.property(anything, (given) => {
        const { by = 'x' } = startCallIn(given) ?? {};
        return by.length > 0 && by.length <= 100;
      }),
    );
  });
});

describe('the call that began a task', () => {
  const call = (seconds: number, by = 'Ada', arn = queueArn) => ({
    queueArn: arn,
    at: at + seconds * 1000,
    by,
  });
  const task = { queueArn, startedAt: at + 420 };

  test('is the one at that second, though CloudTrail cuts the time', () => {
    expect(startCallOf([call(-30, 'Bob'), call(0)], task)?.by).toBe('Ada');
  });

  test.each([
    ['long before', call(-61)],
    ['after it', call(4)],
    ['of another queue', call(0, 'Ada', other)],
  ])('is none %s', (_when, given) => {
    expect(startCallOf([given], task)).toBeUndefined();
  });

  test('is not the one that began the task before, whose record has come first', () => {
    const quickly = { ...task, previousStartedAt: at - 19_300 };
    expect(startCallOf([call(-20, 'Bob')], quickly)).toBeUndefined();
    expect(startCallOf([call(-20, 'Bob'), call(0)], quickly)?.by).toBe('Ada');
  });

  test('is not the one that began the task before, though CloudTrail’s clock is a little ahead of SQS’s', () => {
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
