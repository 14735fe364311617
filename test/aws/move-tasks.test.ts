import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { aQueue } from '../support/builders.ts';
import { moveTasksOfEachTest } from './over-the-wire.ts';
import { aSession, sqsAnswer, sqsError, startWireServer, stsError, type WireServer } from './wire-server.ts';

let wire: WireServer;
beforeAll(async () => {
  wire = await startWireServer();
});
afterAll(() => wire.stop());
beforeEach(() => {
  wire.seen = [];
  wire.sts = () => aSession();
  wire.sqs = () => sqsAnswer({});
});
const startMoveTasks = moveTasksOfEachTest(() => ({ sqs: wire.url, sts: wire.url }));

const queue = aQueue();
const seenBy = (service: string) => wire.seen.filter((request) => request.service === service);
const listed = {
  Results: [{ Status: 'RUNNING', TaskHandle: 'AQEBsecret', StartedTimestamp: 1_795_489_200_000 }],
};
const running = { status: 'RUNNING', statusText: 'RUNNING', startedAt: 1_795_489_200_000 };

describe('one poll', () => {
  test('is one AssumeRole and one ListMessageMoveTasks, signed for the queue’s region as the role', async () => {
    wire.sqs = () => sqsAnswer(listed);
    const tasks = await startMoveTasks().list(queue, 3);
    expect(tasks).toEqual({ ok: true, value: [running] });
    expect(wire.seen.map(({ service, region, accessKeyId }) => [service, region, accessKeyId])).toEqual([
      ['STS', 'eu-west-1', 'AKIA00000000000000BOT'],
      ['SQS', 'eu-west-1', 'ASIA0000000000000001'],
    ]);
    expect(JSON.parse(wire.seen[1]?.body ?? '')).toEqual({ SourceArn: queue.arn, MaxResults: 3 });
  });

  test.each([
    [
      "in the bot's own region, where the queue's may not know the bot's keys",
      'eu-central-1',
      'eu-central-1',
    ],
    ["in the queue's region, when the bot's own is of another partition", 'cn-north-1', 'af-south-1'],
    ["in the queue's region, when the bot has none", undefined, 'af-south-1'],
  ])('assumes the role %s', async (_, own, region) => {
    vi.stubEnv('AWS_REGION', own);
    const optIn = aQueue({ region: 'af-south-1' });
    expect(await startMoveTasks().list(optIn, 1)).toMatchObject({ ok: true });
    expect(wire.seen.map((one) => [one.service, one.region])).toEqual([
      ['STS', region],
      ['SQS', 'af-south-1'],
    ]);
  });

  test('assumes the role under a fixed name, with the external ID when there is one', async () => {
    const moveTasks = startMoveTasks();
    await moveTasks.list(queue, 1);
    await moveTasks.list(aQueue({ role: { arn: queue.role.arn, externalId: 'shared-word' } }), 1);
    expect(seenBy('STS').map(({ body }) => Object.fromEntries(new URLSearchParams(body)))).toEqual([
      {
        Action: 'AssumeRole',
        Version: '2011-06-15',
        RoleArn: queue.role.arn,
        RoleSessionName: 'dlq-tasks',
      },
      {
        Action: 'AssumeRole',
        Version: '2011-06-15',
        RoleArn: queue.role.arn,
        RoleSessionName: 'dlq-tasks',
        ExternalId: 'shared-word',
      },
    ]);
  });

  test.each([
    [0, 1],
    [-3, 1],
    [Number.NaN, 1],
    [2.9, 2],
    [10, 10],
    [99, 10],
  ])('of %d tasks asks SQS for %d', async (atMost, MaxResults) => {
    await startMoveTasks().list(queue, atMost);
    expect(JSON.parse(seenBy('SQS')[0]?.body ?? '')).toEqual({ SourceArn: queue.arn, MaxResults });
  });

  test.each([
    ['{}', []],
    ['{"Results":null}', []],
    ['{"Results":[]}', []],
    ['{"Results":{}}', []],
    ['{"Results":[null,{}]}', [{ status: 'UNKNOWN', statusText: '' }]],
    [
      '{"Results":[{"Status":"PAUSED","ApproximateNumberOfMessagesMoved":"5","ApproximateNumberOfMessagesToMove":null,"StartedTimestamp":1.5e12,"New":{"a":1}}]}',
      [{ status: 'UNKNOWN', statusText: 'PAUSED', moved: 5, startedAt: 1.5e12 }],
    ],
    [
      '{"Results":[{"Status":null,"ApproximateNumberOfMessagesMoved":99999999999999999999,"FailureReason":7}]}',
      [{ status: 'UNKNOWN', statusText: '' }],
    ],
  ])('understands %s', async (body, value) => {
    wire.sqs = () => ({ headers: { 'content-type': 'application/x-amz-json-1.0' }, body });
    expect(await startMoveTasks().list(queue, 10)).toEqual({ ok: true, value });
  });

  test.each(['', '<html>no</html>', '[]', '7', 'null'])('survives an answer of %j', async (body) => {
    wire.sqs = () => ({ body });
    const outcome = await startMoveTasks().list(queue, 1);
    expect(outcome.ok || outcome.awsError.kind).toSatisfy((it) => it === true || it === 'unexpected');
  });
});

describe('the depth', () => {
  test('is one GetQueueAttributes to the given endpoint, with the queue’s own URL', async () => {
    wire.sqs = () =>
      sqsAnswer({
        Attributes: {
          ApproximateNumberOfMessages: '380',
          ApproximateNumberOfMessagesNotVisible: '2',
          ApproximateNumberOfMessagesDelayed: '1',
        },
      });
    const depth = await startMoveTasks().depth(queue);
    expect(depth).toEqual({ ok: true, value: { waiting: 380, inFlight: 2, delayed: 1 } });
    expect(seenBy('SQS').map(({ body }) => JSON.parse(body))).toEqual([
      {
        QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/orders-dlq',
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'ApproximateNumberOfMessagesDelayed',
        ],
      },
    ]);
  });

  test('without any count is an error, not zero', async () => {
    expect(await startMoveTasks().depth(queue)).toMatchObject({
      ok: false,
      awsError: { kind: 'unexpected', code: 'NoCountsInAnswer', action: 'sqs:GetQueueAttributes' },
    });
  });
});

describe('an error of SQS, with and without the header for old clients', () => {
  const coral = 'com.amazon.coral.service#';
  const sqs = 'com.amazonaws.sqs#';
  test.each([
    [403, `${coral}AccessDeniedException`, 'AccessDenied', 'access-denied', 1],
    [400, `${sqs}QueueDoesNotExist`, 'AWS.SimpleQueueService.NonExistentQueue', 'queue-missing', 1],
    [404, `${sqs}ResourceNotFoundException`, 'ResourceNotFoundException', 'queue-missing', 1],
    [400, `${sqs}InvalidAddress`, 'InvalidAddress', 'invalid-address', 1],
    [400, `${sqs}InvalidSecurity`, 'InvalidSecurity', 'invalid-security', 1],
    [
      400,
      `${sqs}UnsupportedOperation`,
      'AWS.SimpleQueueService.UnsupportedOperation',
      'unsupported-operation',
      1,
    ],
    [400, `${sqs}KmsAccessDenied`, 'KMS.AccessDeniedException', 'key-access-denied', 1],
    [400, `${coral}InvalidParameterValueException`, 'InvalidParameterValue', 'request-refused', 1],
    [400, `${coral}MissingRequiredParameterException`, 'MissingParameter', 'request-refused', 1],
    [403, `${coral}InvalidSignatureException`, 'SignatureDoesNotMatch', 'credentials-invalid', 2],
    [500, `${coral}InternalFailure`, 'InternalFailure', 'aws-failed', 3],
    [503, `${coral}ServiceUnavailable`, 'ServiceUnavailable', 'aws-failed', 3],
    [400, `${coral}SomethingNew`, 'SomethingNew', 'unexpected', 1],
  ])('%i %s / %s', async (status, type, queryCode, kind, attempts) => {
    for (const header of [queryCode, undefined]) {
      wire.seen = [];
      wire.sqs = () => sqsError(status, type, header, 'As AWS says.');
      const outcome = await startMoveTasks().list(queue, 1);
      expect(outcome).toMatchObject({
        ok: false,
        awsError: {
          kind,
          service: 'SQS',
          action: 'sqs:ListMessageMoveTasks',
          roleArn: queue.role.arn,
          region: queue.region,
          detail: 'As AWS says.',
          requestId: 'request-1',
        },
      });
      expect(seenBy('SQS')).toHaveLength(attempts);
    }
  });

  test('SQS’s own errors keep their name, the others have the one that old clients get', async () => {
    const codes = [];
    for (const [type, header] of [
      [`${sqs}QueueDoesNotExist`, 'AWS.SimpleQueueService.NonExistentQueue'],
      [`${coral}InvalidParameterValueException`, 'InvalidParameterValue'],
      [`${coral}InvalidParameterValueException`, undefined],
    ] as const) {
      wire.sqs = () => sqsError(400, type, header);
      const outcome = await startMoveTasks().list(queue, 1);
      codes.push(outcome.ok || outcome.awsError.code);
    }
    expect(codes).toEqual(['QueueDoesNotExist', 'InvalidParameterValue', 'InvalidParameterValueException']);
  });

  test('unescapes what STS writes in XML', async () => {
    wire.sts = () =>
      stsError(403, 'AccessDenied', 'User &lt;a&gt; &amp; &quot;b&quot; may not, it&#39;s &#x41;.');
    expect(await startMoveTasks().list(queue, 1)).toMatchObject({
      awsError: { detail: 'User <a> & "b" may not, it\'s A.' },
    });
  });

  test('throttled: three attempts, whatever it is called', async () => {
    const names = [
      [`${coral}ThrottlingException`, 'Throttling'],
      [`${coral}ThrottlingException`, undefined],
      [`${sqs}RequestThrottled`, 'RequestThrottled'],
      [`${sqs}RequestThrottled`, undefined],
      [`${coral}TooManyRequestsException`, undefined],
    ] as const;
    const queues = names.map((_, i) => aQueue({ name: `queue-${i}` }));
    wire.sqs = ({ body }) => {
      const [type, header] = names[queues.findIndex(({ arn }) => body.includes(arn))] ?? [''];
      return sqsError(400, type, header);
    };
    const moveTasks = startMoveTasks();
    const outcomes = await Promise.all(queues.map((it) => moveTasks.list(it, 1)));
    expect(outcomes.map((it) => it.ok || it.awsError.kind)).toEqual(names.map(() => 'throttled'));
    expect(queues.map(({ arn }) => wire.seen.filter(({ body }) => body.includes(arn)).length)).toEqual(
      names.map(() => 3),
    );
  });

  test.each(['Signature expired: 20261124T020000Z', 'Signature not yet current: 20261124T050000Z'])(
    '%s: the clock is wrong',
    async (message) => {
      wire.sqs = () =>
        sqsError(403, `${coral}InvalidSignatureException`, 'InvalidSignatureException', message);
      expect(await startMoveTasks().list(queue, 1)).toMatchObject({ awsError: { kind: 'clock-skewed' } });
    },
  );

  test('retries a dropped connection, and uses the answer', async () => {
    wire.sqs = (_request, index) => (index < 2 ? { hangUp: true } : sqsAnswer(listed));
    expect(await startMoveTasks().list(queue, 1)).toEqual({ ok: true, value: [running] });
  });

  test('reports a connection that always drops as ECONNRESET', async () => {
    wire.sqs = () => ({ hangUp: true });
    expect(await startMoveTasks().list(queue, 1)).toMatchObject({
      awsError: { kind: 'unreachable', service: 'SQS', code: 'ECONNRESET' },
    });
  });
});

describe('an error of STS', () => {
  test.each([
    [403, 'AccessDenied', 'role-refused', 1],
    [403, 'InvalidClientTokenId', 'credentials-invalid', 1],
    [400, 'ExpiredToken', 'session-expired', 1],
    [403, 'ExpiredTokenException', 'session-expired', 1],
    [403, 'RegionDisabledException', 'credentials-invalid', 1],
    [403, 'SignatureDoesNotMatch', 'credentials-invalid', 1],
    [400, 'Throttling', 'throttled', 3],
    [400, 'ValidationError', 'request-refused', 1],
    [500, 'InternalFailure', 'aws-failed', 3],
    [503, 'ServiceUnavailable', 'aws-failed', 3],
  ])('%i %s', async (status, code, kind, attempts) => {
    wire.sts = () => stsError(status, code, 'As STS says.');
    expect(await startMoveTasks().list(queue, 1)).toEqual({
      ok: false,
      awsError: {
        kind,
        service: 'STS',
        action: 'sts:AssumeRole',
        roleArn: queue.role.arn,
        region: 'eu-west-1',
        code,
        detail: 'As STS says.',
        requestId: 'request-1',
      },
    });
    expect([seenBy('STS').length, seenBy('SQS').length]).toEqual([attempts, 0]);
  });

  test('an answer without keys', async () => {
    wire.sts = () => ({ body: '<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>' });
    expect(await startMoveTasks().list(queue, 1)).toMatchObject({
      awsError: { kind: 'unexpected', service: 'STS', code: 'NoCredentialsInAnswer' },
    });
  });

  test('nothing listens there', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_STS', 'http://127.0.0.1:1');
    expect(await startMoveTasks().list(queue, 1)).toMatchObject({
      awsError: { kind: 'unreachable', service: 'STS', code: 'ECONNREFUSED' },
    });
  });

  test('no such host', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_STS', 'http://sts.invalid');
    expect(await startMoveTasks().list(queue, 1)).toMatchObject({
      awsError: {
        kind: 'unreachable',
        service: 'STS',
        code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
      },
    });
  });
});

describe("a proxy's page", () => {
  const page = {
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: '<html><h1>Busy</h1></html>',
  };

  test.each([
    ['sqs', 503, 'aws-failed', 3],
    ['sts', 503, 'aws-failed', 3],
    ['sqs', 502, 'aws-failed', 3],
    ['sqs', 403, 'unexpected', 1],
    ['sqs', 200, 'unexpected', 1],
  ] as const)(
    'in place of %s with %i counts as its status, and is retried as such',
    async (service, status, kind, times) => {
      wire[service] = () => ({ status, ...page });
      expect(await startMoveTasks().list(queue, 1)).toMatchObject({
        awsError: {
          kind,
          code: `HTTP ${status}`,
          detail: "The response is text/html, not in AWS's format.",
        },
      });
      expect(seenBy(service.toUpperCase())).toHaveLength(times);
    },
  );
});

describe('sessions', () => {
  const listsForTwenty = (moveTasks: ReturnType<typeof startMoveTasks>) =>
    Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        moveTasks.list(aQueue({ name: `queue-${i}`, region: i % 2 ? 'eu-west-1' : 'us-east-1' }), 1),
      ),
    );

  test('twenty cards at once, in two regions, cost one AssumeRole and one poll each', async () => {
    const outcomes = await listsForTwenty(startMoveTasks());
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect([seenBy('STS').length, seenBy('SQS').length]).toEqual([1, 20]);
    expect(new Set(seenBy('SQS').map(({ region }) => region))).toEqual(new Set(['eu-west-1', 'us-east-1']));
  });

  test('each role and each external ID has its own', async () => {
    const moveTasks = startMoveTasks();
    const other = aQueue({ accountId: '444455556666' });
    const withWord = aQueue({ role: { ...queue.role, externalId: 'word' } });
    for (const it of [queue, other, withWord, queue, other, withWord]) await moveTasks.list(it, 1);
    expect(seenBy('STS')).toHaveLength(3);
  });

  test('a refused AssumeRole is shared by those who wait, and tried again by the next', async () => {
    wire.sts = (_request, index) => (index === 0 ? stsError(403, 'AccessDenied') : aSession());
    const moveTasks = startMoveTasks();
    const outcomes = await listsForTwenty(moveTasks);
    expect(outcomes.map((it) => it.ok || it.awsError.kind)).toEqual(Array(20).fill('role-refused'));
    expect(await moveTasks.list(queue, 1)).toEqual({ ok: true, value: [] });
    expect(seenBy('STS')).toHaveLength(2);
  });

  test('are renewed about five minutes before they expire, once for all who ask', async () => {
    let now = Date.UTC(2026, 10, 24, 3);
    wire.sts = (_request, index) => aSession(`ASIA000000000000000${index}`, now + 3_600_000);
    const moveTasks = startMoveTasks({ clock: () => now });
    await listsForTwenty(moveTasks);
    now += 54 * 60_000;
    await listsForTwenty(moveTasks);
    expect(seenBy('STS')).toHaveLength(1);
    now += 2 * 60_000;
    wire.seen = [];
    wire.sts = () => aSession('ASIA00000000000RENEW', now + 3_600_000);
    await listsForTwenty(moveTasks);
    expect(seenBy('STS')).toHaveLength(1);
    expect(new Set(seenBy('SQS').map(({ accessKeyId }) => accessKeyId))).toEqual(
      new Set(['ASIA00000000000RENEW']),
    );
  });

  test('stay in use while STS fails, until they expire', async () => {
    let now = Date.UTC(2026, 10, 24, 3);
    wire.sts = (_request, index) =>
      index === 0 ? aSession('ASIA1', now + 3_600_000) : stsError(403, 'AccessDenied');
    const moveTasks = startMoveTasks({ clock: () => now });
    await moveTasks.list(queue, 1);
    now += 57 * 60_000;
    expect(await moveTasks.list(queue, 1)).toMatchObject({ ok: true });
    now += 4 * 60_000;
    expect(await moveTasks.list(queue, 1)).toMatchObject({ awsError: { kind: 'role-refused' } });
  });

  test.each([
    ['com.amazon.coral.service#ExpiredTokenException', 'ExpiredToken'],
    ['com.amazon.coral.service#ExpiredTokenException', undefined],
    ['com.amazon.coral.service#UnrecognizedClientException', 'InvalidClientTokenId'],
    ['com.amazon.coral.service#UnrecognizedClientException', undefined],
  ])(
    'that SQS no longer accepts (%s, %s) are replaced once for everyone, and the answer arrives',
    async (type, code) => {
      wire.sts = (_request, index) => aSession(`ASIA${index}`);
      wire.sqs = ({ accessKeyId }) =>
        accessKeyId === 'ASIA0' ? sqsError(403, type, code) : sqsAnswer(listed);
      const outcomes = await listsForTwenty(startMoveTasks());
      expect(outcomes).toEqual(Array(20).fill({ ok: true, value: [running] }));
      expect([seenBy('STS').length, seenBy('SQS').length]).toEqual([2, 40]);
    },
  );

  test('that SQS never accepts are not renewed endlessly', async () => {
    wire.sqs = () => sqsError(403, 'com.amazon.coral.service#ExpiredTokenException', 'ExpiredToken');
    expect(await startMoveTasks().list(queue, 1)).toMatchObject({
      awsError: { kind: 'session-expired', service: 'SQS', code: 'ExpiredToken' },
    });
    expect([seenBy('STS').length, seenBy('SQS').length]).toEqual([2, 2]);
  });
});

describe('slow answers', () => {
  const hurried = { request: 100, assumeRole: 400, call: 500 };

  test('waits for an answer when both STS and SQS are slow', async () => {
    wire.sts = () => ({ ...aSession(), afterMs: 300 });
    wire.sqs = () => ({ ...sqsAnswer(listed), afterMs: 300 });
    expect(await startMoveTasks().list(queue, 1)).toEqual({ ok: true, value: [running] });
  });

  test('retries a request that takes too long', async () => {
    wire.sqs = (_request, index) => ({ ...sqsAnswer(listed), afterMs: index === 0 ? 300 : 0 });
    const moveTasks = startMoveTasks({ timeouts: { ...hurried, call: 5_000 } });
    expect(await moveTasks.list(queue, 1)).toEqual({ ok: true, value: [running] });
    expect(seenBy('SQS')).toHaveLength(2);
  });

  test('reports an error in time if SQS never answers', async () => {
    wire.sqs = () => ({ afterMs: 60_000 });
    const began = performance.now();
    expect(await startMoveTasks({ timeouts: { ...hurried, request: 450 } }).list(queue, 1)).toMatchObject({
      awsError: { kind: 'unreachable', service: 'SQS' },
    });
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test('reports an STS error in time if STS never answers', async () => {
    wire.sts = () => ({ afterMs: 60_000 });
    expect(await startMoveTasks({ timeouts: hurried }).list(queue, 1)).toMatchObject({
      awsError: { kind: 'unreachable', service: 'STS', action: 'sts:AssumeRole' },
    });
  });

  test("a Retry-After of an hour doesn't keep a person waiting", async () => {
    wire.sqs = () => ({
      ...sqsError(503, 'com.amazon.coral.service#ServiceUnavailable'),
      headers: { 'retry-after': '3600', 'x-amz-retry-after': '3600000' },
    });
    expect(await startMoveTasks({ timeouts: { call: 1_000 } }).list(queue, 1)).toMatchObject({ ok: false });
  });

  test('stopping ends calls in progress', async () => {
    wire.sqs = () => ({ afterMs: 60_000 });
    const moveTasks = startMoveTasks();
    const outcome = moveTasks.list(queue, 1);
    await vi.waitFor(() => expect(seenBy('SQS')).toHaveLength(1));
    moveTasks.stop();
    expect(await outcome).toMatchObject({ awsError: { kind: 'unreachable', code: 'AbortError' } });
  });
});

test('says that the bot has no credentials, and calls nothing', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
  expect(await startMoveTasks().list(queue, 1)).toMatchObject({
    awsError: { kind: 'credentials-missing', service: 'STS', code: 'CredentialsProviderError' },
  });
  expect(wire.seen).toEqual([]);
});

test.each([
  ['5', 'standard', 5],
  ['1', 'adaptive', 1],
])('respects AWS_MAX_ATTEMPTS=%s and AWS_RETRY_MODE=%s', async (attempts, mode, asked) => {
  vi.stubEnv('AWS_MAX_ATTEMPTS', attempts);
  vi.stubEnv('AWS_RETRY_MODE', mode);
  wire.sqs = () => sqsError(503, 'com.amazon.coral.service#ServiceUnavailable');
  await startMoveTasks().list(queue, 1);
  expect(seenBy('SQS')).toHaveLength(asked);
});
