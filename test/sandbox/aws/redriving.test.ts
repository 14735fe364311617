import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  CancelMessageMoveTaskCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, type Credentials } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, test } from 'vitest';
import type { AwsFault } from '../../../sandbox/aws/faults.ts';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from '../../../sandbox/aws/local-aws.ts';
import { cloudTrailClient, sqsClient, stsClient } from './real-clients.ts';

const reading = 'arn:aws:iam::111122223333:role/dlq-tasks-status';
const redriving = 'arn:aws:iam::111122223333:role/dlq-tasks-redrive';
const orders = 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq';
const roles = [
  { arn: reading },
  { arn: redriving, externalId: 'word', redrives: true, trust: ['sts:SetSourceIdentity'] },
];

let aws: LocalAws;
afterEach(() => aws.stop());

async function start(options: Partial<LocalAwsOptions> = {}) {
  aws = await startLocalAws({ roles, queues: [{ arn: orders }], ...options });
  await aws.caretaker.deadLetter(orders, 20);
}

const redriver = { RoleArn: redriving, ExternalId: 'word', SourceIdentity: 'U0ADA' };

async function assume(
  given: Partial<AssumeRoleCommand['input']> = redriver,
  as?: { accessKeyId: string; secretAccessKey: string },
): Promise<Credentials | undefined> {
  const RoleSessionName = 'dlq-tasks-U0ADA-U0GRACE';
  const command = new AssumeRoleCommand({ RoleArn: reading, RoleSessionName, ...given });
  return (await stsClient(aws, as).send(command)).Credentials;
}

const begin = (keys: Credentials | undefined) =>
  sqsClient(aws, keys).send(
    new StartMessageMoveTaskCommand({ SourceArn: orders, MaxNumberOfMessagesPerSecond: 1 }),
  );
const cancel = (keys: Credentials | undefined, TaskHandle: string | undefined) =>
  sqsClient(aws, keys).send(new CancelMessageMoveTaskCommand({ TaskHandle }));
const listed = async (keys: Credentials | undefined, MaxResults = 10) => {
  const command = new ListMessageMoveTasksCommand({ SourceArn: orders, MaxResults });
  return (await sqsClient(aws, keys).send(command)).Results ?? [];
};
const statuses = async (keys: Credentials | undefined, most = 10) =>
  (await listed(keys, most)).map(({ Status }) => Status);
const begun = async () => (await aws.caretaker.tasks(orders)).length;

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: Error & { $metadata?: { httpStatusCode?: number } }) =>
      `${error.$metadata?.httpStatusCode} ${error.name}: ${error.message}`,
  );

describe('the redrive role', () => {
  test("is assumed on a person's behalf, which is on the wire and in CloudTrail", async () => {
    await start();
    const keys = await assume();
    await begin(keys);
    expect(aws.requests.map(({ params, status, ...who }) => [params['SourceIdentity'], who, status])).toEqual(
      [
        ['U0ADA', expect.objectContaining({ action: 'AssumeRole', role: redriving }), 200],
        [
          undefined,
          expect.objectContaining({
            action: 'StartMessageMoveTask',
            role: redriving,
            sessionName: 'dlq-tasks-U0ADA-U0GRACE',
            sourceIdentity: 'U0ADA',
          }),
          200,
        ],
      ],
    );
    const { Events = [] } = await cloudTrailClient(aws, keys).send(new LookupEventsCommand({}));
    expect(Events.map(({ CloudTrailEvent = '' }) => JSON.parse(CloudTrailEvent))).toMatchObject([
      {
        eventName: 'StartMessageMoveTask',
        userIdentity: {
          arn: 'arn:aws:sts::111122223333:assumed-role/dlq-tasks-redrive/dlq-tasks-U0ADA-U0GRACE',
          sessionContext: { sourceIdentity: 'U0ADA', sessionIssuer: { arn: redriving } },
        },
      },
    ]);
  });

  test.each([
    ['the external id', { ...redriver, ExternalId: undefined }, 'sts:AssumeRole', redriving],
    ['a trust that takes names', { SourceIdentity: 'U0ADA' }, 'sts:SetSourceIdentity', reading],
    [
      'a trust that takes tags',
      { ...redriver, Tags: [{ Key: 'person', Value: 'U0ADA' }] },
      'sts:TagSession',
      redriving,
    ],
  ])('is refused without %s', async (_what, given, action, role) => {
    await start();
    expect(await refusal(assume(given))).toBe(
      `403 AccessDenied: User: arn:aws:iam::999900001111:user/dlq-tasks is not authorized to perform: ${action} on resource: ${role}`,
    );
  });

  test.each([
    [{ denied: ['sts:SetSourceIdentity'] }, /^403 AccessDenied: .*sts:SetSourceIdentity/],
    [{ sourceIdentity: 'platform' }, /^403 AccessDenied: .*sts:SetSourceIdentity/],
  ])("is refused on a person's behalf if the bot itself is %j", async (caller, expected) => {
    await start({ caller });
    expect(await refusal(assume())).toMatch(expected);
    expect(await refusal(assume({ ...redriver, SourceIdentity: undefined }))).toBe('accepted');
  });

  test('passes its source identity down a chain of roles, where no one can replace it', async () => {
    await start();
    const keys = await assume();
    const as = { accessKeyId: keys?.AccessKeyId ?? '', secretAccessKey: keys?.SecretAccessKey ?? '' };
    const other = { ...redriver, SourceIdentity: 'U0GRACE' };
    expect(await refusal(assume(other, as))).toMatch(/^403 AccessDenied: .*sts:SetSourceIdentity/);
    await begin(await assume({ ...redriver, SourceIdentity: undefined }, as));
    expect(aws.requests.at(-1)?.sourceIdentity).toBe('U0ADA');
  });

  test.each([
    [{ SourceIdentity: 'Ada Lovelace' }],
    [{ SourceIdentity: 'a' }],
    [{ DurationSeconds: 3_601 }],
    [{ DurationSeconds: 899 }],
  ])('is not assumed with %j', async (given) => {
    await start();
    expect(await refusal(assume({ ...redriver, ...given }))).toMatch(/^400 ValidationError/);
  });
});

describe('a redrive', () => {
  test('is started and canceled only by the redrive role', async () => {
    await start();
    const [reader, keys] = [await assume({}), await assume()];
    expect(await refusal(begin(reader))).toMatch(/^403 AccessDenied: .*sqs:startmessagemovetask on resource/);
    const { TaskHandle } = await begin(keys);
    expect(await refusal(cancel(reader, TaskHandle))).toMatch(
      /^403 AccessDenied: .*sqs:cancelmessagemovetask/,
    );
    expect(await statuses(reader)).toEqual(['RUNNING']);
    await cancel(keys, TaskHandle);
    expect(await refusal(cancel(keys, TaskHandle))).toMatch(/^400 InvalidParameterValue/);
    expect(await refusal(begin(keys))).toMatch(/^400 InvalidParameterValue: There is already a task running/);
    await aws.caretaker.finished(orders);
    expect(await statuses(reader)).toEqual(['CANCELLED']);
    expect(JSON.stringify(aws.requests)).not.toContain(TaskHandle);
  });

  test("can't be changed by a role that only reads", async () => {
    await start();
    const command = new SendMessageCommand({
      QueueUrl: `${aws.sqsUrl}/111122223333/orders-dlq`,
      MessageBody: 'x',
    });
    expect(await refusal(sqsClient(aws, await assume({})).send(command))).toMatch(/^403 AccessDenied/);
  });

  test('shows which queues it goes back to, in pages', async () => {
    await start({ queues: [{ arn: orders, sources: ['orders', 'orders-eu', 'orders-us'] }] });
    const QueueUrl = `${aws.sqsUrl}/111122223333/orders-dlq`;
    const sqs = sqsClient(aws, await assume({}));
    const first = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl, MaxResults: 2 }));
    const { NextToken } = first;
    const rest = await sqs.send(
      new ListDeadLetterSourceQueuesCommand({ QueueUrl, MaxResults: 2, NextToken }),
    );
    expect([...(first.queueUrls ?? []), 'next page', ...(rest.queueUrls ?? []), rest.NextToken]).toEqual([
      `${aws.sqsUrl}/111122223333/orders`,
      `${aws.sqsUrl}/111122223333/orders-eu`,
      'next page',
      `${aws.sqsUrl}/111122223333/orders-us`,
      undefined,
    ]);
  });
});

describe('a start on a bad day', () => {
  const action = 'StartMessageMoveTask';
  test.each([
    [{ kind: 'error' }, /^500 InternalFailure/, 0],
    [{ kind: 'throttle' }, /^400 Throttling/, 0],
    [{ kind: 'error', status: 400, code: 'InvalidAddress', message: 'No.' }, /^400 InvalidAddress: No\./, 0],
    [
      { kind: 'deny', because: 'with an explicit deny in a service control policy' },
      /^403 AccessDenied: .*orders-dlq with an explicit deny in a service control policy$/,
      0,
    ],
    [{ kind: 'page' }, /SyntaxError|is not valid JSON/, 0],
    [{ kind: 'done-then-reset' }, /ECONNRESET|socket hang up/, 1],
    [{ kind: 'done-then-error' }, /^500 InternalFailure/, 1],
    [{ kind: 'done-then-page' }, /SyntaxError|is not valid JSON/, 1],
    [{ kind: 'done-then-slow', ms: 50 }, 'accepted', 1],
  ] as [AwsFault, RegExp | string, number][])('%j', async (fault, expected, tasks) => {
    await start();
    const keys = await assume();
    aws.faults.add({ ...fault, action, times: 1 });
    expect(await refusal(begin(keys))).toMatch(expected);
    expect([await begun(), await refusal(listed(keys))]).toEqual([tasks, 'accepted']);
    if (tasks === 0) expect(await refusal(begin(keys))).toBe('accepted');
  });

  test('is listed late, but still blocks the queue', async () => {
    let now = Date.now();
    await start({ clock: () => now });
    const keys = await assume();
    await aws.caretaker.startRedrive(orders, { messagesPerSecond: 100 });
    await aws.caretaker.finished(orders);
    await aws.caretaker.deadLetter(orders, 20);
    aws.showStartsAfter(90_000);
    const { TaskHandle } = await begin(keys);
    expect([await statuses(keys, 1), await begun()]).toEqual([['COMPLETED'], 2]);
    expect(await refusal(begin(keys))).toMatch(/There is already a task running/);
    now += 89_999;
    expect(await statuses(keys)).toEqual(['COMPLETED']);
    now += 1;
    expect([await statuses(keys, 1), await statuses(keys)]).toEqual([['RUNNING'], ['RUNNING', 'COMPLETED']]);
    expect(await refusal(cancel(keys, TaskHandle))).toBe('accepted');
  });

  test('has switches on the page, with only one late list at a time', async () => {
    await start();
    const keys = await assume();
    const switches = aws.pageFaults.filter(({ name }) => name.startsWith('start-'));
    const on = () => switches.filter((one) => one.isOn()).map(({ name }) => name);
    for (const { set } of switches) set(true);
    expect(on()).toEqual([
      'start-lost',
      'start-fails',
      'start-throttled',
      'start-denied',
      'start-shown-after-90',
    ]);
    for (const { set } of switches) set(false);
    expect([on(), await refusal(begin(keys)), await statuses(keys)]).toEqual([[], 'accepted', ['RUNNING']]);
  });
});
