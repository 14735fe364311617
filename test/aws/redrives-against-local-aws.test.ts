import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type LocalAws, startLocalAws } from '../../sandbox/aws/local-aws.ts';
import { createMoveTasks } from '../../src/aws/move-tasks.ts';
import { createRedrives } from '../../src/aws/redrives.ts';
import { createRoleAccess } from '../../src/aws/role-access.ts';
import { redriveQueue, redriveRules } from '../domain/actions/an-action.ts';
import { stubAwsEnvironment } from './over-the-wire.ts';

const queue = redriveQueue();
const people = { requester: 'U0REQUESTER', decider: 'U0APPROVER' };

let aws: LocalAws;
beforeEach(async () => {
  aws = await startLocalAws({
    roles: [queue.role, { ...redriveRules().role, redrives: true, trust: ['sts:SetSourceIdentity'] }],
    queues: [queue],
  });
  stubAwsEnvironment({ sqs: aws.sqsUrl, sts: aws.stsUrl });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.stop();
});

test('a redrive is started, refused while it runs, and canceled', async () => {
  const access = createRoleAccess();
  const [redrives, moveTasks] = [createRedrives(access), createMoveTasks()];
  await aws.caretaker.deadLetter(queue.arn, 12);
  expect(await redrives.sources(queue)).toEqual({ ok: true, value: [queue.arn.replace('-dlq', '')] });
  expect(await redrives.start(queue, { rate: 1, people })).toMatchObject({ kind: 'accepted' });
  const listed = await moveTasks.list(queue, 1);
  const [task] = listed.ok ? listed.value : [];
  expect(task).toMatchObject({ status: 'RUNNING', customRate: 1 });
  expect(await redrives.start(queue, { rate: 1, people })).toMatchObject({
    kind: 'rejected',
    awsError: { detail: expect.stringContaining('already a task running') },
  });
  const order = { startedAt: task?.startedAt ?? 0, people };
  expect(await redrives.cancel(queue, { ...order, startedAt: order.startedAt - 1 })).toEqual({
    kind: 'had-ended',
  });
  expect(await redrives.cancel(queue, order)).toMatchObject({ kind: 'accepted' });
  const after = await moveTasks.list(queue, 1);
  expect(after.ok && after.value[0]?.status).toMatch(/^CANCELL(ING|ED)$/);
  const calls = aws.requests.filter(({ action }) => /^(Start|Cancel)/.test(action));
  expect(calls.map(({ action, role }) => [action, role])).toEqual([
    ['StartMessageMoveTask', redriveRules().role.arn],
    ['StartMessageMoveTask', redriveRules().role.arn],
    ['CancelMessageMoveTask', redriveRules().role.arn],
  ]);
  access.stop();
  moveTasks.stop();
});
