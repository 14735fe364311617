import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startCallIn } from '../../src/aws/cloudtrail-record.ts';

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

const fixtures = new URL('../fixtures/cloudtrail/', import.meta.url);

describe('a record as CloudTrail writes it', () => {
  const result: Record<string, string | undefined> = {
    'capital-names.json': 'Ada',
    'console.json': 'ada@example.com',
    'delegated.json': 'deploy-7 as partner-access, delegated to account 444455556666',
    'ecs-task.json': 'ECS as orders-worker-task',
    'refused.json': undefined,
    'scheduler.json': 'EventBridge Scheduler as nightly-redrives',
    'step-functions-by-url.json': 'Step Functions as orders-recovery',
    'without-request.json': 'ada as on-call',
  };

  test('says which queue, when and who, and nothing else', () => {
    const read = readdirSync(fixtures)
      .sort()
      .map((file) => [file, startCallIn(JSON.parse(readFileSync(new URL(file, fixtures), 'utf8')))]);
    const right = Object.entries(result).map(([file, by]) => [file, by && { queueArn, at, by }]);
    expect(read).toEqual(right);
  });
});

/** The same names nested as in JSON, each spelled in another case. */
function inCase(value: unknown, spell: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => inCase(one, spell));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [spell(name), inCase(one, spell)]));
}

const handleOf = (contents: unknown) => Buffer.from(JSON.stringify(contents)).toString('base64');
const byHandle = (taskHandle: unknown) => ({ requestParameters: null, responseElements: { taskHandle } });
const byUrl = (queueUrl: unknown, more: object = {}) => ({
  requestParameters: { queueUrl },
  responseElements: null,
  ...more,
});

describe('a record of CloudTrail', () => {
  test('says which queue, when and who', () => {
    expect(startCallIn(recorded)).toEqual({ queueArn, at, by: 'Ada' });
    expect(startCallIn({ ...recorded, userIdentity: {} })).toStrictEqual({ queueArn, at });
  });

  test('names the queue by the one resource of the call, where the request was left out', () => {
    const resources = [{ type: 'AWS::SQS::Queue', ARN: queueArn }, { ARN: 'arn:aws:kms:eu-west-1:1:key/k' }];
    expect(startCallIn({ ...recorded, requestParameters: null, resources })).toMatchObject({ queueArn });
    const both = [...resources, { ARN: other }];
    expect(startCallIn({ ...recorded, requestParameters: null, resources: both })).toBeUndefined();
  });

  test.each<[string, (name: string) => string]>([
    ['capitals', (name) => name.toUpperCase()],
    ['small letters', (name) => name.toLowerCase()],
    ['a capital first', (name) => name.slice(0, 1).toUpperCase() + name.slice(1)],
  ])('may write its names in %s', (_case, spell) => {
    const session = {
      type: 'AssumedRole',
      principalId: 'AROA:ada',
      sessionContext: { sessionIssuer: { userName: 'on-call' } },
    };
    const record = { ...recorded, userIdentity: session };
    expect(startCallIn(inCase(record, spell))).toEqual({ queueArn, at, by: 'ada as on-call' });
  });

  test.each([[''], [' '], [null], [undefined]])(
    'with the error code %j is of a call that SQS accepted',
    (errorCode) => {
      expect(startCallIn({ ...recorded, errorCode })).toMatchObject({ queueArn });
    },
  );

  test.each<[string, object]>([
    ['its URL', byUrl('https://sqs.eu-west-1.amazonaws.com/111122223333/orders-dlq')],
    ['an older URL', byUrl('https://eu-west-1.queue.amazonaws.com/111122223333/orders-dlq')],
    ['its URL, which may not tell the region', byUrl('https://vpce-1.example/111122223333/orders-dlq')],
    [
      'its URL, where the record does not tell the region',
      byUrl('https://sqs.eu-west-1.amazonaws.com/111122223333/orders-dlq', { awsRegion: undefined }),
    ],
    ['the handle of its task', byHandle(handleOf({ taskId: '1', sourceArn: queueArn }))],
    ['the handle of its task, in other names', byHandle(handleOf({ TaskId: '1', SourceArn: queueArn }))],
    [
      'the handle, beside a hidden ARN',
      { ...byHandle(handleOf({ sourceArn: queueArn })), requestParameters: { sourceArn: 'HIDDEN' } },
    ],
  ])('may name the queue by %s', (_how, changes) => {
    expect(startCallIn({ ...recorded, ...changes })).toEqual({ queueArn, at, by: 'Ada' });
  });

  test.each([
    ['cn-north-1', 'aws-cn', 'https://sqs.cn-north-1.amazonaws.com.cn/111122223333/orders-dlq'],
    ['eusc-de-east-1', 'aws-eusc', 'https://sqs.eusc-de-east-1.amazonaws.eu/111122223333/orders-dlq'],
    ['us-gov-west-1', 'aws-us-gov', 'https://sqs.us-gov-west-1.amazonaws.com/111122223333/orders-dlq'],
  ])('may name the queue by its URL in %s', (awsRegion, partition, url) => {
    expect(startCallIn({ ...recorded, ...byUrl(url, { awsRegion }) })).toMatchObject({
      queueArn: `arn:${partition}:sqs:${awsRegion}:111122223333:orders-dlq`,
    });
  });

  test('never reveals a task handle, whatever it contains', () => {
    const secret = fc.string({ minLength: 12, unit: fc.constantFrom(...'ghjkmnpqrtvwxyz') });
    const handles = fc.oneof(
      secret.map((taskId) => ({ taskId, taskHandle: handleOf({ taskId, sourceArn: queueArn }) })),
      secret.map((taskId) => ({ taskId, taskHandle: taskId })),
      secret.map((taskId) => ({ taskId, taskHandle: Buffer.from(`{"${taskId}`).toString('base64') })),
    );
    fc.assert(
      fc.property(handles, ({ taskId, taskHandle }) => {
        const result = JSON.stringify(startCallIn({ ...recorded, ...byHandle(taskHandle) }) ?? {});
        return !result.includes(taskId) && !result.includes(taskHandle);
      }),
    );
  });

  test.each([
    ['of a call that was refused', { errorCode: 'InvalidParameterValueException' }],
    ['of another call', { eventName: 'CancelMessageMoveTask' }],
    ['of another service', { eventSource: 'ec2.amazonaws.com' }],
    ['without a time', { eventTime: 'soon' }],
    ['with a time that is no text', { eventTime: 1_764_000_000_000 }],
    ['whose queue is no text', { requestParameters: { sourceArn: 7 } }],
    [
      'whose one resource has a queue in its name',
      { requestParameters: {}, resources: [{ ARN: 'not:arn:aws:sqs:' }] },
    ],
    ['whose queue’s URL is of no queue', byUrl('https://sqs.eu-west-1.amazonaws.com/orders-dlq')],
    ['whose handle is no JSON', byHandle('AQEBsomething')],
    ['whose handle names no queue', byHandle(handleOf({ sourceArn: 'arn:aws:s3:::orders' }))],
    ['whose handle is of another shape', byHandle(handleOf([queueArn]))],
    ['whose handle is no text', byHandle({ sourceArn: queueArn })],
    ['without resources', { requestParameters: {}, resources: 'none' }],
    ['without a queue', { requestParameters: {} }],
  ])('%s is none', (_which, changes) => {
    expect(startCallIn({ ...recorded, ...changes })).toBeUndefined();
  });

  test('of any shape is harmless', () => {
    const anything = fc.record({
      eventSource: fc.constantFrom('sqs.amazonaws.com'),
      eventName: fc.constantFrom('StartMessageMoveTask'),
      eventTime: fc.jsonValue(),
      errorCode: fc.oneof(fc.constant(''), fc.jsonValue()),
      requestParameters: fc.oneof(fc.constant({ sourceArn: queueArn }), fc.jsonValue()),
      responseElements: fc.jsonValue(),
      userAgent: fc.jsonValue(),
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
