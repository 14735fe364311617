import { LookupEventsCommand, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksCommandOutput,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, type Credentials, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, test } from 'vitest';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from '../../../sandbox/aws/local-aws.ts';
import { cloudTrailClient, sqsClient, stsClient } from './real-clients.ts';

const prod = 'arn:aws:iam::111122223333:role/dlq-tasks-status';
const billing = 'arn:aws:iam::444455556666:role/dlq-tasks-status';
const forOne = 'arn:aws:iam::111122223333:role/for-one';
const orders = 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq';
const ordersInUs = 'arn:aws:sqs:us-east-1:111122223333:orders-dlq';
const ordersOfBilling = 'arn:aws:sqs:eu-west-1:444455556666:orders-dlq';

let aws: LocalAws;
afterEach(() => aws.stop());

async function start(options: Partial<LocalAwsOptions> = {}) {
  aws = await startLocalAws({
    roles: [
      { arn: prod },
      { arn: billing, externalId: 'shared-word' },
      { arn: forOne, callers: ['AKIA0000000000000ONE'] },
    ],
    queues: [{ arn: orders }],
    ...options,
  });
  return aws;
}

async function assume(RoleArn = prod, ExternalId?: string): Promise<Credentials | undefined> {
  const command = new AssumeRoleCommand({
    RoleArn,
    RoleSessionName: 'dlq-tasks',
    ...(ExternalId && { ExternalId }),
  });
  return (await stsClient(aws).send(command)).Credentials;
}

function list(
  keys: Credentials | undefined,
  { arn = orders, region = 'eu-west-1', most = 10 } = {},
): Promise<ListMessageMoveTasksCommandOutput> {
  return sqsClient(aws, keys, region).send(
    new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: most }),
  );
}

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: Error & { $metadata?: { httpStatusCode?: number } }) =>
      `${error.$metadata?.httpStatusCode} ${error.name}: ${error.message}`,
  );

describe('the local STS', () => {
  test('issues new keys for a role each time, with their expiration', async () => {
    const now = Date.UTC(2026, 10, 24, 3);
    await start({ clock: () => now, sessionSeconds: 900 });
    const [first, second] = [await assume(), await assume()];
    expect(first).toMatchObject({
      AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      Expiration: new Date(now + 900_000),
    });
    expect(first?.AccessKeyId).not.toBe(second?.AccessKeyId);
  });

  test.each([
    ['a role nobody knows', 'arn:aws:iam::111122223333:role/another', undefined],
    ['a role that wants an external id', billing, undefined],
    ['a wrong external id', billing, 'another-word'],
    ['a role that trusts another caller', forOne, undefined],
  ])('refuses %s in AWS’s words', async (_what, role, externalId) => {
    await start();
    expect(await refusal(assume(role, externalId))).toBe(
      `403 AccessDenied: User: arn:aws:iam::999900001111:user/dlq-tasks is not authorized to perform: sts:AssumeRole on resource: ${role}`,
    );
  });

  test('accepts the right external ID', async () => {
    await start();
    expect(await refusal(assume(billing, 'shared-word'))).toBe('accepted');
  });

  test('says who is calling: the bot itself, or the role it has assumed', async () => {
    await start();
    const keys = await assume();
    const asRole = stsClient(aws, {
      accessKeyId: keys?.AccessKeyId ?? '',
      secretAccessKey: keys?.SecretAccessKey ?? '',
    });
    const arns = [];
    for (const sts of [stsClient(aws), asRole]) {
      const { Arn, Account } = await sts.send(new GetCallerIdentityCommand({}));
      arns.push([Account, Arn]);
    }
    expect(arns).toEqual([
      ['999900001111', 'arn:aws:iam::999900001111:user/dlq-tasks'],
      ['111122223333', 'arn:aws:sts::111122223333:assumed-role/dlq-tasks-status/dlq-tasks'],
    ]);
  });

  test('refuses a session name that AWS would refuse', async () => {
    await start();
    const command = new AssumeRoleCommand({ RoleArn: prod, RoleSessionName: 'no spaces' });
    expect(await refusal(stsClient(aws).send(command))).toMatch(/^400 ValidationError/);
  });
});

describe('the local SQS checks keys like AWS', () => {
  test('keys that STS did not give', async () => {
    await start();
    expect(await refusal(list(undefined))).toBe(
      '403 InvalidClientTokenId: The security token included in the request is invalid.',
    );
  });

  test('keys with another token', async () => {
    await start();
    const keys = await assume();
    expect(await refusal(list({ ...keys, SessionToken: 'another' } as Credentials))).toMatch(
      /^403 InvalidClientTokenId/,
    );
  });

  test('keys that have expired', async () => {
    let now = Date.UTC(2026, 10, 24, 3);
    await start({ clock: () => now, sessionSeconds: 900 });
    const keys = await assume();
    now += 899_000;
    expect(await refusal(list(keys))).toBe('accepted');
    now += 1_000;
    expect(await refusal(list(keys))).toBe(
      '403 ExpiredToken: The security token included in the request is expired',
    );
  });

  test('a role of another account', async () => {
    await start();
    expect(await refusal(list(await assume(billing, 'shared-word')))).toBe(
      `403 AccessDenied: User: arn:aws:sts::444455556666:assumed-role/dlq-tasks-status/dlq-tasks is not authorized to perform: sqs:listmessagemovetasks on resource: ${orders} because no identity-based policy allows the sqs:listmessagemovetasks action`,
    );
  });

  test('an action that the role may not use', async () => {
    await start({ roles: [{ arn: prod, denied: ['sqs:GetQueueAttributes'] }] });
    const keys = await assume();
    const command = new GetQueueAttributesCommand({
      QueueUrl: `${aws.sqsUrl}/111122223333/orders-dlq`,
      AttributeNames: ['ApproximateNumberOfMessages'],
    });
    expect(await refusal(list(keys))).toBe('accepted');
    expect(await refusal(sqsClient(aws, keys).send(command))).toMatch(
      /^403 AccessDenied: .* sqs:getqueueattributes on resource: arn:aws:sqs:eu-west-1:111122223333:orders-dlq/,
    );
  });

  test('a queue that does not exist, at all or in that region', async () => {
    await start();
    const keys = await assume();
    expect(await refusal(list(keys, { arn: orders.replace('orders', 'nothing') }))).toMatch(
      /^404 ResourceNotFoundException/,
    );
    expect(await refusal(list(keys, { arn: orders, region: 'us-east-1' }))).toMatch(
      /^404 ResourceNotFoundException/,
    );
  });
});

describe('queues and redrives', () => {
  test('one name in two regions and two accounts is three queues', async () => {
    await start({ queues: [{ arn: orders }, { arn: ordersInUs }, { arn: ordersOfBilling }] });
    await aws.caretaker.deadLetter(orders, 3);
    await aws.caretaker.deadLetter(ordersInUs, 2);
    const counts = [orders, ordersInUs, ordersOfBilling].map((arn) => aws.caretaker.count(arn));
    expect(await Promise.all(counts)).toEqual([3, 2, 0]);
    await aws.caretaker.startRedrive(ordersInUs, { messagesPerSecond: 1 });
    const keys = await assume();
    const { Results = [] } = await list(keys, { arn: ordersInUs, region: 'us-east-1' });
    expect([Results.map(({ SourceArn }) => SourceArn), (await list(keys)).Results]).toEqual([
      [ordersInUs],
      undefined,
    ]);
  });

  test('a queue’s URL is the gateway’s', async () => {
    await start();
    const { QueueUrl } = await sqsClient(aws, await assume()).send(
      new GetQueueUrlCommand({ QueueName: 'orders-dlq' }),
    );
    expect(QueueUrl).toBe(`${aws.sqsUrl}/111122223333/orders-dlq`);
  });

  test('all messages that failed at the source go back there', async () => {
    await start();
    await aws.caretaker.deadLetter(orders, 25);
    await aws.caretaker.startRedrive(orders);
    const keys = await assume();
    expect((await list(keys)).Results?.[0]).toMatchObject({
      Status: 'RUNNING',
      TaskHandle: expect.any(String),
      ApproximateNumberOfMessagesToMove: 25,
    });
    await aws.caretaker.finished(orders);
    expect((await list(keys)).Results).toEqual([
      {
        Status: 'COMPLETED',
        SourceArn: orders,
        ApproximateNumberOfMessagesMoved: 25,
        ApproximateNumberOfMessagesToMove: 25,
        StartedTimestamp: expect.any(Number),
      },
    ]);
    const counts = [orders, orders.replace('-dlq', '')].map((arn) => aws.caretaker.count(arn));
    expect(await Promise.all(counts)).toEqual([0, 25]);
  });

  test('a queue can be emptied', async () => {
    await start();
    await aws.caretaker.deadLetter(orders, 23);
    await aws.caretaker.empty(orders);
    expect(await aws.caretaker.count(orders)).toBe(0);
  });

  test('messages sent directly to the DLQ fail', async () => {
    await start();
    await aws.caretaker.send(orders, 2);
    await aws.caretaker.startRedrive(orders);
    await aws.caretaker.finished(orders);
    expect((await list(await assume())).Results?.[0]).toMatchObject({
      Status: 'FAILED',
      FailureReason: 'CouldNotDetermineMessageSource',
    });
  });

  test('a redrive can be canceled; a worker that fails brings messages back', async () => {
    await start();
    await aws.caretaker.deadLetter(orders, 20);
    await aws.caretaker.startRedrive(orders, { messagesPerSecond: 5 });
    await expect
      .poll(async () => (await aws.caretaker.tasks(orders))[0]?.['ApproximateNumberOfMessagesMoved'], {
        timeout: 3_000,
      })
      .toBe(5);
    await aws.caretaker.cancelRedrive(orders);
    await aws.caretaker.finished(orders);
    expect((await aws.caretaker.tasks(orders))[0]).toMatchObject({ Status: 'CANCELLED' });
    const left = await aws.caretaker.count(orders);
    expect(left).toBeLessThan(20);
    aws.caretaker.failAllMessages(orders.replace('-dlq', ''), 0);
    await expect.poll(() => aws.caretaker.count(orders), { timeout: 3_000 }).toBe(20);
  });
});

describe('bad days', () => {
  test.each([
    [{ kind: 'throttle' }, '400 Throttling: Rate exceeded'],
    [{ kind: 'throttle', code: 'RequestThrottled' }, '400 RequestThrottled: Rate exceeded'],
    [{ kind: 'error' }, '500 InternalFailure: We encountered an internal error. Please try again.'],
    [{ kind: 'error', code: 'ServiceUnavailable', status: 503 }, /^503 ServiceUnavailable: /],
    [{ kind: 'deny' }, /^403 AccessDenied: .*sqs:listmessagemovetasks/],
    [{ kind: 'expire-credentials' }, /^403 ExpiredToken: /],
    [{ kind: 'reset' }, /ECONNRESET|socket hang up/],
  ] as const)('%j on SQS', async (fault, expected) => {
    await start();
    const keys = await assume();
    aws.faults.add({ ...fault, service: 'SQS', times: 1 });
    const [struck, next] = [await refusal(list(keys)), await refusal(list(keys))];
    expect(struck).toMatch(expected);
    expect(next === 'accepted').toBe(fault.kind !== 'expire-credentials');
  });

  test.each([
    [{ kind: 'throttle' }, /^400 Throttling: /],
    [{ kind: 'error' }, /^500 InternalFailure: /],
    [{ kind: 'deny' }, /^403 AccessDenied: .*sts:AssumeRole/],
    [{ kind: 'reset' }, /ECONNRESET|socket hang up/],
  ] as const)('%j on STS', async (fault, expected) => {
    await start();
    aws.faults.add({ ...fault, service: 'STS', times: 1 });
    expect([await refusal(assume()), await refusal(assume())]).toEqual([
      expect.stringMatching(expected),
      'accepted',
    ]);
  });

  test('affect only the intended role and action', async () => {
    await start();
    const keys = await assume();
    aws.faults.add({ kind: 'deny', role: billing });
    aws.faults.add({ kind: 'deny', action: 'GetQueueAttributes' });
    expect(await refusal(list(keys))).toBe('accepted');
  });

  test('a slow answer is late but correct', async () => {
    await start();
    const keys = await assume();
    const remove = aws.faults.add({ kind: 'slow', ms: 200 });
    const began = performance.now();
    expect(await refusal(list(keys))).toBe('accepted');
    expect(performance.now() - began).toBeGreaterThan(190);
    remove();
    aws.faults.clear();
  });

  test('all switches on the page can be turned on and off', async () => {
    await start();
    const found = [];
    const ofLists = aws.pageFaults.filter(({ name }) => !/^(aws-slow|start-|counts-)/.test(name));
    for (const { name, label, isOn, set } of ofLists) {
      set(true);
      set(true);
      const wasOn = isOn();
      const struck = await refusal(assume().then((keys) => list(keys)));
      set(false);
      found.push([name, label.length > 5, wasOn, isOn(), /^(undefined|\d+)/.exec(struck)?.[0]]);
    }
    expect(found).toEqual([
      ['sqs-throttles', true, true, false, '400'],
      ['sqs-denies', true, true, false, '403'],
      ['sqs-fails', true, true, false, '500'],
      ['sqs-resets', true, true, false, 'undefined'],
      ['sts-refuses', true, true, false, '403'],
      ['cloudtrail-denies', true, true, false, undefined],
      ['session-expires', true, true, false, '403'],
    ]);
    expect(await refusal(assume().then((keys) => list(keys)))).toBe('accepted');
  });
});

describe('counts that are late', () => {
  const waiting = async (keys: Credentials | undefined) => {
    const QueueUrl = `https://sqs.eu-west-1.amazonaws.com/111122223333/orders-dlq`;
    const command = new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages'],
    });
    const { Attributes = {} } = await sqsClient(aws, keys).send(command);
    return Number(Attributes['ApproximateNumberOfMessages']);
  };

  test.each([15, 60])(
    'show what has arrived after %i seconds, and at once without the lag',
    async (seconds) => {
      let now = Date.UTC(2026, 10, 24, 3);
      await start({ clock: () => now });
      const keys = await assume();
      const lag = aws.pageFaults.find(({ name }) => name === `counts-late-by-${seconds}`);
      lag?.set(true);
      expect([lag?.isOn(), await waiting(keys)]).toEqual([true, 0]);
      await aws.caretaker.deadLetter(orders, 5);
      expect(await waiting(keys)).toBe(0);
      now += (seconds - 1) * 1_000;
      expect(await waiting(keys)).toBe(0);
      now += seconds * 1_000;
      expect(await waiting(keys)).toBe(5);
      await aws.caretaker.deadLetter(orders, 5);
      lag?.set(false);
      expect([lag?.isOn(), await waiting(keys)]).toEqual([false, 10]);
    },
  );

  test('do not count a message held by a worker as waiting', async () => {
    await start();
    await aws.caretaker.deadLetter(orders, 5);
    await aws.caretaker.call(orders, 'ReceiveMessage', { MaxNumberOfMessages: 3, VisibilityTimeout: 60 });
    expect(await waiting(await assume())).toBe(2);
  });
});

describe('the local CloudTrail', () => {
  const lookup = async (keys: Credentials | undefined, given: Partial<LookupEventsCommandInput> = {}) => {
    const { Events = [] } = await cloudTrailClient(aws, keys).send(new LookupEventsCommand(given));
    return Events.map(
      ({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent ?? '{}').requestParameters.sourceArn,
    );
  };

  test('reports a started redrive late, and only to its own account', async () => {
    let now = Date.now();
    await start({ clock: () => now, cloudTrailDelayMs: 60_000 });
    await aws.caretaker.deadLetter(orders, 3);
    await aws.caretaker.startRedrive(orders);
    const keys = await assume();
    expect(await lookup(keys)).toEqual([]);
    now += 61_000;
    expect(await lookup(keys)).toEqual([orders]);
    expect(await lookup(await assume(billing, 'shared-word'))).toEqual([]);
    expect(await lookup(keys, { StartTime: new Date(now - 1_000) })).toEqual([]);
    const AttributeKey = 'EventName';
    expect(
      await lookup(keys, { LookupAttributes: [{ AttributeKey, AttributeValue: 'CreateQueue' }] }),
    ).toEqual([]);
  });

  test('refuses a role without permission, and unknown keys', async () => {
    await start({ roles: [{ arn: prod, denied: ['cloudtrail:LookupEvents'] }] });
    expect(await refusal(lookup(await assume()))).toMatch(
      /^403 AccessDeniedException: User: .*cloudtrail:LookupEvents/,
    );
    expect(await refusal(lookup(undefined))).toMatch(/^403 InvalidClientTokenId/);
  });
});

describe('what tests need', () => {
  test('records requests with the caller and the result, without the sandbox’s own', async () => {
    const now = Date.UTC(2026, 10, 24, 3);
    await start({ clock: () => now });
    await aws.caretaker.deadLetter(orders, 1);
    const keys = await assume();
    await list(keys, { most: 3 });
    await refusal(list(undefined));
    expect(aws.requests).toEqual([
      {
        service: 'STS',
        action: 'AssumeRole',
        role: prod,
        params: { Action: 'AssumeRole', Version: '2011-06-15', RoleArn: prod, RoleSessionName: 'dlq-tasks' },
        accessKeyId: 'AKIA00000000000000BOT',
        region: 'eu-west-1',
        at: now,
        status: 200,
      },
      {
        service: 'SQS',
        action: 'ListMessageMoveTasks',
        role: prod,
        params: { SourceArn: orders, MaxResults: 3 },
        queueArn: orders,
        accessKeyId: keys?.AccessKeyId,
        sessionName: 'dlq-tasks',
        region: 'eu-west-1',
        at: now,
        status: 200,
      },
      {
        service: 'SQS',
        action: 'ListMessageMoveTasks',
        role: '',
        params: { SourceArn: orders, MaxResults: 10 },
        queueArn: orders,
        accessKeyId: 'AKIA00000000000000BOT',
        region: 'eu-west-1',
        at: now,
        status: 403,
      },
    ]);
  });

  test('answers can be scripted: one per request, and the last one stays', async () => {
    await start();
    const keys = await assume();
    const task = (moved: unknown) => ({
      Status: 'RUNNING',
      ApproximateNumberOfMessagesMoved: moved,
      Odd: [null],
    });
    aws.script(orders, [[task(1)], [task(null)], [task(3)]]);
    const moved = [];
    for (let i = 0; i < 4; i += 1)
      moved.push((await list(keys)).Results?.[0]?.ApproximateNumberOfMessagesMoved);
    expect(moved).toEqual([1, undefined, 3, 3]);
    aws.script(orders);
    expect((await list(keys)).Results).toBeUndefined();
  });

  test('the depth can be set', async () => {
    await start();
    aws.setDepth(orders, { waiting: 7, inFlight: 2, delayed: 1 });
    const command = new GetQueueAttributesCommand({
      QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/orders-dlq',
      AttributeNames: ['All'],
    });
    const { Attributes } = await sqsClient(aws, await assume()).send(command);
    expect(Attributes).toEqual({
      ApproximateNumberOfMessages: '7',
      ApproximateNumberOfMessagesNotVisible: '2',
      ApproximateNumberOfMessagesDelayed: '1',
    });
  });

  test('refuses junk, and serves the next request', async () => {
    await start();
    for (const url of [aws.sqsUrl, aws.stsUrl]) {
      for (const body of ['', '{', 'x'.repeat(10_000)]) {
        const response = await fetch(url, { method: 'POST', body });
        expect(response.status).toBeGreaterThanOrEqual(400);
      }
    }
    expect(await refusal(list(await assume()))).toBe('accepted');
  });
});
