import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRedrives } from '../../src/aws/redrives.ts';
import { createRoleAccess } from '../../src/aws/role-access.ts';
import { redriveQueue } from '../domain/actions/an-action.ts';
import { aQueue } from '../support/builders.ts';
import { stubAwsEnvironment } from './over-the-wire.ts';
import {
  aSession,
  sqsAnswer,
  sqsError,
  startWireServer,
  stsError,
  type WireAnswer,
  type WireServer,
} from './wire-server.ts';

let wire: WireServer;
let access: ReturnType<typeof createRoleAccess>;
beforeAll(async () => {
  wire = await startWireServer();
});
afterAll(() => wire.stop());
beforeEach(() => {
  stubAwsEnvironment({ sqs: wire.url, sts: wire.url });
  Object.assign(wire, {
    seen: [],
    sts: () => aSession(),
    sqs: () => sqsAnswer({ TaskHandle: 'AQEBsecret' }),
  });
  access = createRoleAccess({ timeouts: { request: 300, call: 1_000 } });
});
afterEach(() => {
  access.stop();
  vi.unstubAllEnvs();
});

const people = { requester: 'U0REQUESTER', decider: 'U0APPROVER' };
const role = { arn: 'arn:aws:iam::111122223333:role/dlq-tasks-redrive', externalId: 'our-word' };
const queue = redriveQueue({ role });
const startedAt = 1_795_489_200_000;
const start = (given = {}) => createRedrives(access).start(queue, { rate: 10, people, ...given });
const cancel = () => createRedrives(access).cancel(queue, { startedAt, people });
const sent = (service: string) => wire.seen.filter((one) => one.service === service).map(({ body }) => body);
const invalid = 'com.amazonaws.sqs#InvalidParameterValueException';

describe('a start', () => {
  test('is one call with the redrive role, assumed on behalf of both people for a full hour', async () => {
    expect(await start()).toEqual({ kind: 'accepted', requestId: 'request-1' });
    expect(sent('STS').map((body) => Object.fromEntries(new URLSearchParams(body)))).toEqual([
      {
        Action: 'AssumeRole',
        Version: '2011-06-15',
        RoleArn: role.arn,
        RoleSessionName: 'dlq-tasks-U0REQUESTER-U0APPROVER',
        SourceIdentity: 'U0REQUESTER',
        DurationSeconds: '3600',
        ExternalId: 'our-word',
      },
    ]);
    expect(sent('SQS').map((body) => JSON.parse(body))).toEqual([
      { SourceArn: queue.arn, MaxNumberOfMessagesPerSecond: 10 },
    ]);
  });

  test('names a destination only if one is chosen, and shares no session', async () => {
    const destinationArn = 'arn:aws:sqs:eu-west-1:111122223333:orders';
    await start({ destinationArn });
    await start({ people: { requester: 'U0OTHER', decider: 'U0OTHER' } });
    expect(sent('SQS').map((body) => JSON.parse(body).DestinationArn)).toEqual([destinationArn, undefined]);
    expect(sent('STS').map((body) => new URLSearchParams(body).get('SourceIdentity'))).toEqual([
      'U0REQUESTER',
      'U0OTHER',
    ]);
  });

  test("keeps the session name within STS's limits", async () => {
    const long = 'U'.repeat(40);
    await start({ people: { requester: long, decider: long } });
    expect(new URLSearchParams(sent('STS')[0]).get('RoleSessionName')?.length).toBe(64);
  });

  test.each<[string, WireAnswer, string, string]>([
    [
      'denied',
      sqsError(400, 'com.amazon.coral.service#AccessDeniedException', 'AccessDenied'),
      'rejected',
      'AccessDenied',
    ],
    ['already running', sqsError(400, invalid, 'InvalidParameterValue'), 'rejected', 'InvalidParameterValue'],
    ['throttled', sqsError(400, 'com.amazonaws.sqs#RequestThrottled'), 'rejected', 'RequestThrottled'],
    [
      'missing',
      sqsError(404, 'com.amazonaws.sqs#ResourceNotFoundException'),
      'rejected',
      'ResourceNotFoundException',
    ],
    ['broken at AWS', sqsError(500, 'com.amazonaws.sqs#InternalFailure'), 'unsure', 'InternalFailure'],
    ['out of service', sqsError(503, 'com.amazonaws.sqs#ServiceUnavailable'), 'unsure', 'ServiceUnavailable'],
    ['hung up on', { hangUp: true }, 'unsure', 'ECONNRESET'],
    ['late', { ...sqsAnswer({}), afterMs: 600 }, 'unsure', 'ETIMEDOUT'],
    ["a proxy's page", { status: 403, body: '<html>No.</html>' }, 'unsure', 'HTTP 403'],
    ['a page that says 200', { status: 200, body: '<html>Hello.</html>' }, 'unsure', 'HTTP 200'],
    ['an empty 200', { status: 200, body: '' }, 'unsure', 'NoConfirmation'],
    ['a 200 without a handle', sqsAnswer({ TaskHandle: null }), 'unsure', 'NoConfirmation'],
    ['a redirect', { status: 302, body: '' }, 'unsure', 'HTTP 302'],
    ['too large for a proxy', { status: 413, body: '' }, 'unsure', 'HTTP 413'],
    ["a proxy's JSON", { status: 403, body: '{"message":"Forbidden"}' }, 'unsure', 'HTTP 403'],
    ['a 4xx without a code', { ...sqsAnswer({}), status: 400 }, 'unsure', 'HTTP 400'],
  ])('that is %s is called once', async (_, answer, kind, code) => {
    wire.sqs = () => answer;
    expect(await start()).toMatchObject({
      kind,
      awsError: { code, action: 'sqs:StartMessageMoveTask', roleArn: role.arn },
    });
    expect(sent('SQS')).toHaveLength(1);
  });

  test('whose role cannot be assumed was never sent', async () => {
    wire.sts = () => stsError(403, 'AccessDenied', 'not authorized to perform: sts:SetSourceIdentity');
    expect(await start()).toMatchObject({
      kind: 'rejected',
      awsError: {
        kind: 'role-refused',
        roleArn: role.arn,
        detail: expect.stringContaining('SetSourceIdentity'),
      },
    });
    expect(sent('SQS')).toEqual([]);
  });
});

describe('a cancel', () => {
  const running = { Status: 'RUNNING', TaskHandle: 'AQEBfresh', StartedTimestamp: startedAt };
  /** The listed tasks, and then the answer to the cancel. */
  const answers = (
    listed: object[],
    answer: WireAnswer = sqsAnswer({ ApproximateNumberOfMessagesMoved: 2 }),
  ) => {
    wire.sqs = ({ body }) => ('TaskHandle' in JSON.parse(body) ? answer : sqsAnswer({ Results: listed }));
  };

  test('reads a fresh handle and uses it once, on behalf of both people', async () => {
    answers([{ Status: 'COMPLETED', StartedTimestamp: startedAt - 1 }, running]);
    expect(await cancel()).toEqual({ kind: 'accepted', requestId: 'request-1' });
    expect(sent('SQS').map((body) => JSON.parse(body))).toEqual([
      { SourceArn: queue.arn, MaxResults: 10 },
      { TaskHandle: 'AQEBfresh' },
    ]);
    expect(new URLSearchParams(sent('STS')[1]).get('SourceIdentity')).toBe('U0REQUESTER');
  });

  test.each([
    ['another task runs', { ...running, StartedTimestamp: startedAt + 1 }],
    ['it has ended', { ...running, Status: 'COMPLETED' }],
    ['it is being canceled', { ...running, Status: 'CANCELLING' }],
  ])('sends nothing when %s', async (_, listed) => {
    answers([listed]);
    expect(await cancel()).toEqual({ kind: 'had-ended' });
    expect(sent('SQS')).toHaveLength(1);
  });

  test.each<[string, WireAnswer, string]>([
    ['unknown', sqsError(404, 'com.amazonaws.sqs#ResourceNotFoundException'), 'had-ended'],
    ['invalid', sqsError(400, invalid, 'InvalidParameterValue'), 'had-ended'],
    ['denied', sqsError(400, 'com.amazon.coral.service#AccessDeniedException', 'AccessDenied'), 'rejected'],
    ['lost', { hangUp: true }, 'unsure'],
    ['answered with an empty 200', { status: 200, body: '' }, 'unsure'],
    ['canceled before it moved anything', sqsAnswer({ ApproximateNumberOfMessagesMoved: 0 }), 'accepted'],
  ])('whose task is %s', async (_, answer, kind) => {
    answers([running], answer);
    const answered = await cancel();
    expect(answered.kind).toBe(kind);
    expect(JSON.stringify(answered)).not.toContain('AQEB');
    expect(sent('SQS')).toHaveLength(2);
  });

  test('is rejected when tasks cannot be listed, or have no handle', async () => {
    wire.sqs = () => sqsError(400, 'com.amazon.coral.service#AccessDeniedException', 'AccessDenied');
    expect(await cancel()).toMatchObject({ kind: 'rejected', awsError: { code: 'AccessDenied' } });
    answers([{ ...running, TaskHandle: '' }]);
    expect(await cancel()).toMatchObject({
      kind: 'rejected',
      awsError: { code: 'NoTaskHandle', detail: expect.stringContaining('handle') },
    });
    answers([]);
    expect(await cancel()).toMatchObject({
      kind: 'rejected',
      awsError: { code: 'NoTasksListed', detail: expect.stringContaining('listed') },
    });
  });
});

describe('the source queues', () => {
  test('are read page by page, as the reading role', async () => {
    const url = (name: string) => `https://sqs.eu-west-1.amazonaws.com/111122223333/${name}`;
    wire.sqs = (_, index) =>
      sqsAnswer(
        index === 0 ? { queueUrls: [url('a'), url('b')], NextToken: 'more' } : { queueUrls: [url('c.fifo')] },
      );
    expect(await createRedrives(access).sources(aQueue())).toEqual({
      ok: true,
      value: ['a', 'b', 'c.fifo'].map((name) => `arn:aws:sqs:eu-west-1:111122223333:${name}`),
    });
    expect(new URLSearchParams(sent('STS')[0]).get('RoleArn')).toBe(aQueue().role.arn);
    expect(JSON.parse(sent('SQS')[1] ?? '')).toMatchObject({ NextToken: 'more', MaxResults: 1000 });
  });

  test('may be hidden from the bot', async () => {
    wire.sqs = () => sqsError(400, 'com.amazon.coral.service#AccessDeniedException', 'AccessDenied');
    expect(await createRedrives(access).sources(aQueue())).toMatchObject({ ok: false });
  });
});
