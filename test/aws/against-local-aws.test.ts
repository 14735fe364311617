import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LocalAws, startLocalAws } from '../../sandbox/aws/local-aws.ts';
import { aQueue } from '../support/builders.ts';
import { moveTasksOfEachTest } from './over-the-wire.ts';

const orders = aQueue();
const ordersInUs = aQueue({ region: 'us-east-1' });
const invoices = aQueue({
  accountId: '444455556666',
  name: 'billing-events-dlq',
  role: { arn: 'arn:aws:iam::444455556666:role/dlq-tasks-status', externalId: 'shared-word' },
});

let aws: LocalAws;
let now: number;
beforeEach(async () => {
  now = Date.now();
  aws = await startLocalAws({
    roles: [orders.role, invoices.role],
    queues: [orders, ordersInUs, invoices],
    clock: () => now,
  });
});
afterEach(() => aws.stop());
const actions = () => aws.requests.map(({ action, status }) => `${action} ${status}`);

describe('against the local AWS', () => {
  const startMoveTasks = moveTasksOfEachTest(() => ({ sqs: aws.sqsUrl, sts: aws.stsUrl }));

  test('follows a redrive from its start to its end', async () => {
    const moveTasks = startMoveTasks();
    expect(await moveTasks.list(orders, 1)).toEqual({ ok: true, value: [] });
    await aws.caretaker.deadLetter(orders.arn, 12);
    expect(await moveTasks.depth(orders)).toEqual({
      ok: true,
      value: { waiting: 12, inFlight: 0, delayed: 0 },
    });

    const destinationArn = orders.arn.replace('-dlq', '');
    await aws.caretaker.startRedrive(orders.arn, { messagesPerSecond: 6, destinationArn });
    const task = { toMove: 12, customRate: 6, destinationArn, startedAt: expect.any(Number) };
    expect(await moveTasks.list(orders, 1)).toEqual({
      ok: true,
      value: [{ ...task, status: 'RUNNING', statusText: 'RUNNING', moved: 0 }],
    });
    await aws.caretaker.finished(orders.arn);
    expect(await moveTasks.list(orders, 1)).toEqual({
      ok: true,
      value: [{ ...task, status: 'COMPLETED', statusText: 'COMPLETED', moved: 12 }],
    });
    expect(await moveTasks.depth(orders)).toEqual({
      ok: true,
      value: { waiting: 0, inFlight: 0, delayed: 0 },
    });
  });

  test('two accounts, two regions: a session for each role, one for both regions', async () => {
    const moveTasks = startMoveTasks();
    const polls = [orders, ordersInUs, invoices].flatMap((queue) => [
      moveTasks.list(queue, 1),
      moveTasks.depth(queue),
    ]);
    expect((await Promise.all(polls)).map(({ ok }) => ok)).toEqual(Array(6).fill(true));
    expect(actions().sort()).toEqual([
      ...Array(2).fill('AssumeRole 200'),
      ...Array(3).fill('GetQueueAttributes 200'),
      ...Array(3).fill('ListMessageMoveTasks 200'),
    ]);
  });

  test('reports a wrong external ID as a refusal of the role', async () => {
    const role = { ...invoices.role, externalId: 'another-word' };
    expect(await startMoveTasks().list({ ...invoices, role }, 1)).toMatchObject({
      awsError: { kind: 'role-refused', service: 'STS', action: 'sts:AssumeRole', roleArn: role.arn },
    });
  });

  test('a role of another account is denied, with the permission by name', async () => {
    const role = { arn: 'arn:aws:iam::111122223333:role/dlq-tasks-status' };
    expect(await startMoveTasks().list({ ...invoices, role }, 1)).toMatchObject({
      awsError: {
        kind: 'access-denied',
        service: 'SQS',
        action: 'sqs:ListMessageMoveTasks',
        roleArn: role.arn,
      },
    });
  });

  test.each(['list', 'depth'] as const)('a queue that is gone (%s)', async (ask) => {
    const gone = aQueue({ name: 'gone-dlq' });
    const moveTasks = startMoveTasks();
    const outcome = ask === 'list' ? await moveTasks.list(gone, 1) : await moveTasks.depth(gone);
    expect(outcome).toMatchObject({ awsError: { kind: 'queue-missing' } });
  });

  test('renews the session before it ends, and replaces it when it has ended early', async () => {
    const moveTasks = startMoveTasks({ clock: () => now });
    await moveTasks.list(orders, 1);
    now += 56 * 60_000;
    await moveTasks.list(orders, 1);
    aws.expireSessions();
    expect(await moveTasks.list(orders, 1)).toEqual({ ok: true, value: [] });
    expect(actions()).toEqual([
      'AssumeRole 200',
      'ListMessageMoveTasks 200',
      'AssumeRole 200',
      'ListMessageMoveTasks 200',
      'ListMessageMoveTasks 403',
      'AssumeRole 200',
      'ListMessageMoveTasks 200',
    ]);
  });
});
