import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type LocalAws, startLocalAws } from '../../sandbox/aws/local-aws.ts';
import { createRoleAccess, type RoleAccess } from '../../src/aws/role-access.ts';
import { createStartCalls } from '../../src/aws/start-calls.ts';
import { aQueue, now } from '../support/builders.ts';
import { stubAwsEnvironment } from './over-the-wire.ts';

const orders = aQueue();
const ordersInUs = aQueue({ region: 'us-east-1' });
const denied = aQueue({
  accountId: '444455556666',
  role: { arn: 'arn:aws:iam::444455556666:role/dlq-tasks-status' },
});
const minute = 60_000;
const span = { from: now - minute, to: now + 3_000 };

let aws: LocalAws;
let access: RoleAccess;
let clock: number;
beforeEach(async () => {
  clock = now + 10 * minute;
  aws = await startLocalAws({
    roles: [orders.role, { ...denied.role, denied: ['cloudtrail:LookupEvents'] }],
    clock: () => clock,
  });
  stubAwsEnvironment({ sqs: aws.sqsUrl, sts: aws.stsUrl, cloudTrail: aws.cloudTrailUrl });
  access = createRoleAccess({ clock: () => clock });
});
afterEach(async () => {
  access.stop();
  vi.unstubAllEnvs();
  await aws.stop();
});

const find = (queue = orders) => createStartCalls(access).find(queue, span);
const lookups = () => aws.requests.filter(({ service }) => service === 'CloudTrail');

describe('CloudTrail is asked by its own SDK client', () => {
  test("for the calls in a period, in the queue's region and with its role, in one request", async () => {
    const { arn: queueArn } = orders;
    aws.cloudTrail.record({ queueArn, at: now - 400 });
    aws.cloudTrail.record({ queueArn: ordersInUs.arn, at: now, userIdentity: { type: 'Root' } });
    aws.cloudTrail.record({ queueArn, at: now - 2 * minute });
    aws.cloudTrail.record({ queueArn, at: now, errorCode: 'InvalidParameterValueException' });
    const at = now - 1_000;
    expect(await find()).toEqual({ ok: true, value: [{ queueArn, at, by: 'ada@example.com' }] });
    expect(await find(ordersInUs)).toMatchObject({ ok: true, value: [{ by: 'the root user' }] });
    expect(lookups().map(({ action, role, region }) => [action, role, region])).toEqual([
      ['LookupEvents', orders.role.arn, 'eu-west-1'],
      ['LookupEvents', orders.role.arn, 'us-east-1'],
    ]);
    expect(aws.requests.filter(({ action }) => action === 'AssumeRole')).toHaveLength(1);
  });

  test('for all pages of a busy minute', async () => {
    for (let second = 0; second < 60; second += 1) {
      aws.cloudTrail.record({ queueArn: orders.arn, at: now - second * 500 });
    }
    expect(await find()).toMatchObject({ ok: true, value: { length: 60 } });
    expect(lookups()).toHaveLength(2);
  });

  test('and reports that the role may not ask', async () => {
    expect(await find(denied)).toMatchObject({
      ok: false,
      awsError: { kind: 'access-denied', service: 'CloudTrail', action: 'cloudtrail:LookupEvents' },
    });
    expect(lookups()).toHaveLength(1);
  });

  test('and opens a new session the next time after one was rejected', async () => {
    await find();
    aws.expireSessions();
    expect(await find()).toMatchObject({ ok: false, awsError: { kind: 'session-expired' } });
    expect(await find()).toMatchObject({ ok: true });
  });
});
