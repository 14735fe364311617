import { expect, test } from 'vitest';
import type { Outcome } from '../../../src/domain/aws-error.ts';
import type { Check } from '../../../src/domain/doctor/check.ts';
import type { Queue } from '../../../src/domain/queue.ts';
import type { Role } from '../../../src/domain/settings.ts';
import { examineAws } from '../../../src/operations/doctor/examine-aws.ts';
import type { AwsProbe } from '../../../src/operations/doctor/ports.ts';
import { anAwsError, aQueue, closedDirectory } from '../../support/builders.ts';

type Fake = {
  assume?: (role: Role) => Promise<Outcome<unknown>>;
  onPoll?: (queue: Queue) => Promise<void>;
  more?: Partial<AwsProbe>;
};

function aProbe({ assume, onPoll, more }: Fake = {}) {
  const asked: string[] = [];
  const probe: AwsProbe = {
    identity: async () => ({ found: { ok: true, value: { arn: 'arn:aws:iam::999900001111:user/bot' } } }),
    assume: async (role) => {
      asked.push(role.arn);
      return (await assume?.(role)) ?? { ok: true, value: {} };
    },
    assumeInSomebodysName: async () => ({ ok: true, value: {} }),
    list: async (queue) => {
      asked.push(queue.alias);
      await onPoll?.(queue);
      return { ok: true, value: [] };
    },
    depth: async () => anyDepth,
    sources: async ({ arn }) => ({ ok: true, value: [arn.replace('-dlq', ''), `${arn}-other`] }),
    startCalls: async () => ({ ok: true, value: [] }),
    directory: closedDirectory,
    ...more,
  };
  return { probe, asked };
}

const anyDepth = { ok: true as const, value: { waiting: 0, inFlight: 0, delayed: 0 } };
const slow = aQueue({ name: 'slow-dlq', role: { arn: 'arn:aws:iam::111122223333:role/slow' } });
const quick = aQueue({ name: 'quick-dlq', role: { arn: 'arn:aws:iam::111122223333:role/quick' } });

const linesOf = (checks: readonly Check[]) => checks.map(({ verdict, subject }) => `${verdict} ${subject}`);

test('a slow account does not delay the others', async () => {
  const inAtLast = Promise.withResolvers<Outcome<unknown>>();
  const { probe, asked } = aProbe({
    assume: async (role) => (role === slow.role ? inAtLast.promise : { ok: true, value: {} }),
  });
  const examined = examineAws([slow, quick], 'eu-west-1', probe);
  await expect.poll(() => asked).toEqual([slow.role.arn, quick.role.arn, 'quick-dlq']);
  inAtLast.resolve({ ok: true, value: {} });
  const { checks } = await examined;
  expect(checks.filter(({ area }) => area === 'Queues').map(({ subject }) => subject)).toEqual([
    'slow-dlq (prod · eu-west-1)',
    'quick-dlq (prod · eu-west-1)',
  ]);
});

test('checks no queue with a role that was refused, and tries each role once', async () => {
  const queues = Array.from({ length: 5 }, (_, i) => aQueue({ name: `queue-${i}` }));
  const { probe, asked } = aProbe({
    assume: async () => ({ ok: false, awsError: anAwsError({ kind: 'role-refused', service: 'STS' }) }),
  });
  const { checks } = await examineAws(queues, 'eu-west-1', probe);
  expect(asked).toEqual([queues[0]?.role.arn]);
  expect(linesOf(checks)).toEqual(['ok identity', 'fault role for prod', 'not-proven 5 queues in prod']);
});

test('at most 20 queues are polled at once', async () => {
  const queues = Array.from({ length: 50 }, (_, i) => aQueue({ name: `queue-${i}` }));
  let now = 0;
  let most = 0;
  const { probe } = aProbe({
    onPoll: async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
    },
  });
  await examineAws(queues, 'eu-west-1', probe);
  expect(most).toBe(20);
});

test("reports queues in the order of the settings, after CloudTrail's results", async () => {
  const one = aQueue({ name: 'one', notify: 'COPS' });
  const two = aQueue({
    name: 'two',
    accountId: '444455556666',
    account: { label: 'shop', id: '444455556666' },
  });
  const three = aQueue({ name: 'three' });
  const { probe } = aProbe({ more: { startCalls: async () => ({ ok: false, awsError: anAwsError() }) } });
  const { checks, offsets } = await examineAws([one, two, three], 'eu-west-1', probe);
  expect([linesOf(checks), offsets]).toEqual([
    [
      'ok identity',
      'ok role for prod',
      'ok role for shop',
      'not-proven CloudTrail in prod (eu-west-1)',
      'ok one (prod · eu-west-1)',
      'ok two (shop · eu-west-1)',
      'ok three (prod · eu-west-1)',
    ],
    [],
  ]);
});

test("tries nothing with credentials that AWS doesn't accept, but knows AWS's time", async () => {
  const awsError = anAwsError({ kind: 'credentials-invalid', service: 'STS' });
  const identity = async () => ({ found: { ok: false as const, awsError }, aheadMs: -700 });
  const { probe, asked } = aProbe({ more: { identity } });
  const { checks, offsets } = await examineAws([slow, quick], 'eu-west-1', probe);
  expect([linesOf(checks), offsets, asked]).toEqual([
    [
      'fault identity',
      'not-proven role for prod',
      'not-proven role for prod',
      'not-proven 1 queue in prod',
      'not-proven 1 queue in prod',
    ],
    [{ of: 'AWS', aheadMs: -700 }],
    [],
  ]);
});

test('reports what AWS says about a queue for that queue', async () => {
  const { probe } = aProbe({
    more: {
      list: async ({ name }) =>
        name === 'slow-dlq' ? { ok: false, awsError: anAwsError() } : { ok: true, value: [] },
    },
  });
  const { checks } = await examineAws([slow, quick], 'eu-west-1', probe);
  expect(linesOf(checks).slice(-2)).toEqual([
    'fault slow-dlq (prod · eu-west-1)',
    'ok quick-dlq (prod · eu-west-1)',
  ]);
});

test("counts a single source queue with the DLQ's role, but not several, like the card", async () => {
  const counted: string[] = [];
  const { probe } = aProbe({
    more: {
      sources: async ({ arn, alias }) => ({
        ok: true,
        value: alias === 'slow-dlq' ? [arn.replace('-dlq', '')] : [`${arn}-1`, `${arn}-2`],
      }),
      depth: async ({ name, role }) => {
        counted.push(`${name} ${role.arn.split('/')[1]}`);
        return name === 'slow' ? { ok: false, awsError: anAwsError({ kind: 'access-denied' }) } : anyDepth;
      },
    },
  });
  const { checks } = await examineAws([slow, quick], 'eu-west-1', probe);
  expect(counted.toSorted()).toEqual(['quick-dlq quick', 'slow slow', 'slow-dlq slow']);
  expect(linesOf(checks).filter((line) => line.includes('source'))).toEqual([
    'not-proven source queues in prod',
  ]);
});

test('a queue that AWS never answers about is not waited for, and those behind it are not asked', async () => {
  const many = Array.from({ length: 30 }, (_, i) => aQueue({ name: `queue-${i}`, role: slow.role }));
  const never = new Promise<void>(() => undefined);
  const { probe, asked } = aProbe({ onPoll: () => never });
  const { checks } = await examineAws(many, 'eu-west-1', probe, 1);
  expect(asked.filter((name) => name.startsWith('queue'))).toHaveLength(20);
  expect(linesOf(checks)).toEqual([
    'ok identity',
    'ok role for prod',
    'not-proven 30 queues in prod',
    'not-proven unlisted DLQs in prod',
  ]);
});

test('a source queue that AWS never answers about costs nothing but its count', async () => {
  const { probe } = aProbe({
    more: {
      sources: async ({ arn }) => ({ ok: true, value: [arn.replace('-dlq', '')] }),
      depth: async ({ name }) => (name === 'quick' ? new Promise<never>(() => undefined) : anyDepth),
    },
  });
  const { checks } = await examineAws([quick], 'eu-west-1', probe, 1);
  expect(linesOf(checks)).toContain('ok quick-dlq (prod · eu-west-1)');
  expect(linesOf(checks).filter((line) => line.includes('source'))).toEqual([]);
});

test.each<[string, Partial<AwsProbe>, string[]]>([
  ['that has none', { sources: async () => ({ ok: true, value: [] }) }, ['slow-dlq']],
  ['whose one is no queue', { sources: async () => ({ ok: true, value: ['arn:odd'] }) }, ['slow-dlq']],
  ['that may not be listed', { sources: async () => ({ ok: false, awsError: anAwsError() }) }, ['slow-dlq']],
  [
    'that has one',
    { sources: async () => ({ ok: true, value: [aQueue({ name: 'slow' }).arn] }) },
    ['slow-dlq', 'slow'],
  ],
])('counts the sources of a queue %s', async (_which, more, expected) => {
  const counted: string[] = [];
  const depth: AwsProbe['depth'] = async ({ name }) => {
    counted.push(name);
    return anyDepth;
  };
  const { probe } = aProbe({ more: { ...more, depth } });
  await examineAws([slow], 'eu-west-1', probe);
  expect(counted).toEqual(expected);
});

test('counts nothing of a source whose DLQ could not be counted', async () => {
  const counted: string[] = [];
  const depth: AwsProbe['depth'] = async ({ name }) => {
    counted.push(name);
    return { ok: false, awsError: anAwsError() };
  };
  const sources: AwsProbe['sources'] = async () => ({ ok: true, value: [aQueue({ name: 'slow' }).arn] });
  const { probe } = aProbe({ more: { sources, depth } });
  await examineAws([slow], 'eu-west-1', probe);
  expect(counted).toEqual(['slow-dlq']);
});

test('looks for unlisted DLQs once for an account, in the regions of its first role, as that role', async () => {
  const looked: string[] = [];
  const page: AwsProbe['directory']['page'] = async ({ account, partition, region, role }) => {
    looked.push(`${account.id} ${partition} ${region} ${role?.arn.split('/')[1]}`);
    return { ok: true, value: { names: ['orders', 'orders-dlq'] } };
  };
  const deadLetterTarget: AwsProbe['directory']['deadLetterTarget'] = async ({ region }, name) => ({
    ok: true,
    value: name === 'orders' ? aQueue({ region }).arn : undefined,
  });
  const inUs = aQueue({ name: 'us-dlq', role: slow.role, region: 'us-east-1' });
  const shop = { accountId: '444455556666', account: { label: 'shop', id: '444455556666' } };
  const other = aQueue({ name: 'shop-dlq', ...shop });
  const { probe } = aProbe({ more: { directory: { page, deadLetterTarget } } });
  const { checks } = await examineAws([slow, quick, inUs, other], 'eu-west-1', probe);
  expect(looked.toSorted()).toEqual([
    '111122223333 aws eu-west-1 slow',
    '111122223333 aws us-east-1 slow',
    '444455556666 aws eu-west-1 dlq-tasks-status',
  ]);
  expect(linesOf(checks).slice(-2)).toEqual(['ok unlisted DLQs in prod', 'ok unlisted DLQs in shop']);
});
