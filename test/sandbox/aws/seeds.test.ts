import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoAccounts, demoQueues } from '../../../sandbox/aws/demo-queues.ts';
import { demoRedrives } from '../../../sandbox/aws/demo-redrives.ts';
import type { LocalAws } from '../../../sandbox/aws/local-aws.ts';
import { seedDemo, startDemoAws } from '../../../sandbox/aws/seeds.ts';
import { parseQueueArn, type Queue } from '../../../src/domain/queue.ts';
import { moveTasksOfEachTest } from '../../aws/over-the-wire.ts';

let aws: LocalAws;
let seeding: { ms: number; cpuMs: number };
beforeAll(async () => {
  aws = await startDemoAws();
  const [began, before] = [performance.now(), process.cpuUsage()];
  await seedDemo(aws);
  const { user, system } = process.cpuUsage(before);
  seeding = { ms: performance.now() - began, cpuMs: (user + system) / 1_000 };
}, 60_000);
afterAll(() => aws.stop());
const startMoveTasks = moveTasksOfEachTest(() => ({ sqs: aws.sqsUrl, sts: aws.stsUrl }));

function demoQueue(alias: string): Queue {
  const given = demoQueues.find((queue) => queue.alias === alias);
  const arn = parseQueueArn(given?.arn ?? '');
  if (!given || !arn) throw new Error(alias);
  const account = Object.entries(demoAccounts).find(([, { id }]) => id === arn.accountId);
  if (!account) throw new Error(arn.accountId);
  const [label, { id, roleArn, ...rest }] = account;
  return {
    ...arn,
    alias,
    arn: given.arn,
    account: { label, id },
    role: { arn: roleArn, ...rest },
    channels: [],
  };
}

describe('the demo', () => {
  test('is ready within seconds, and within half a minute on a busy machine', () => {
    expect(seeding.cpuMs).toBeLessThan(6_000);
    expect(seeding.ms).toBeLessThan(30_000);
  });

  test('has queues in every state, as the bot sees them', async () => {
    const moveTasks = startMoveTasks();
    const seen = await Promise.all(
      demoQueues.map(async ({ alias }) => {
        const tasks = await moveTasks.list(demoQueue(alias), 10);
        return [alias, tasks.ok ? tasks.value.map(({ status }) => status).join(' ') : tasks.awsError];
      }),
    );
    expect(Object.fromEntries(seen)).toEqual({
      'orders-dlq': 'RUNNING',
      'payments-dlq': 'COMPLETED',
      'emails-dlq': 'CANCELLED',
      'webhooks-dlq': 'FAILED',
      'refunds-dlq': '',
      'shipments-dlq': 'COMPLETED CANCELLED FAILED COMPLETED',
      'ledger-dlq.fifo': 'COMPLETED',
      stock: 'RUNNING',
      'events-eu': 'COMPLETED',
      'events-us': '',
      invoices: 'RUNNING',
      'reports-dlq': '',
      'exports-dlq': '',
      'notifications-dlq': '',
    });
  });

  test('orders-dlq runs for many minutes, with a growing count and a round total', async () => {
    const moveTasks = startMoveTasks();
    const look = async () => {
      const tasks = await moveTasks.list(demoQueue('orders-dlq'), 1);
      return tasks.ok ? tasks.value[0] : undefined;
    };
    const first = await look();
    expect(first).toMatchObject({ status: 'RUNNING', toMove: 3_000, customRate: 3 });
    await expect
      .poll(async () => (await look())?.moved, { timeout: 5_000 })
      .toBeGreaterThan(first?.moved ?? 0);
    expect(await moveTasks.depth(demoQueue('orders-dlq'))).toMatchObject({ ok: true });
  });

  test('webhooks-dlq says why it failed', async () => {
    expect(await startMoveTasks().list(demoQueue('webhooks-dlq'), 1)).toMatchObject({
      value: [{ status: 'FAILED', failureReason: 'CouldNotDetermineMessageSource' }],
    });
  });

  test('has a name of the greatest length, and one name in two accounts', () => {
    const names = demoQueues.map(({ arn }) => arn.split(':').at(-1) ?? '');
    expect(Math.max(...names.map((name) => name.length))).toBe(80);
    expect(names.filter((name) => name === 'events-dlq')).toHaveLength(2);
  });

  test('has redrives to start and to cancel', async () => {
    const redrives = await demoRedrives(aws);
    expect(redrives.map(({ name, isOn }) => [name, isOn()])).toEqual([
      ['redrive-reports-dlq', false],
      ['redrive-exports-dlq', false],
      ['redrive-notifications-dlq', false],
      ['redrive-payments-dlq', false],
      ['redrive-orders-dlq', true],
    ]);
    const reports = redrives[0];
    reports?.set(true);
    const moveTasks = startMoveTasks();
    const status = async () => {
      const tasks = await moveTasks.list(demoQueue('reports-dlq'), 1);
      return tasks.ok && tasks.value[0]?.status;
    };
    await expect.poll(status, { timeout: 5_000 }).toBe('RUNNING');
    expect(reports?.isOn()).toBe(true);
    reports?.set(false);
    await expect.poll(status, { timeout: 5_000 }).toBe('CANCELLED');
    await expect.poll(() => reports?.isOn()).toBe(false);
  });
});
