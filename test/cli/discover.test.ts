import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type LocalAws, startLocalAws } from '../../sandbox/aws/local-aws.ts';
import type { LocalRole } from '../../sandbox/aws/local-sts.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { typed } from './a-terminal.ts';
import { stubAws } from './doctor-world.ts';

const prod = '111122223333';
const billing = '444455556666';
const own = '999900001111';
const roleOf = (id: string, name = 'dlq-tasks-status') => `arn:aws:iam::${id}:role/${name}`;
const arnOf = (name: string, id = prod, region = 'eu-west-1') => `arn:aws:sqs:${region}:${id}:${name}`;

let aws: LocalAws;
let folder: string;
let env: Record<string, string>;
const settings = () => readFile(env['DLQ_TASKS_CONFIG'] ?? '', 'utf8');
const run = async (...words: string[]) => {
  const { code, out, err } = await typed(['discover', ...words], { env });
  const shown = (text: string) => text.replaceAll(folder, '…');
  return { code, out: shown(out), err: shown(err) };
};

async function start(roles: LocalRole[], text?: string) {
  aws = await startLocalAws({ roles, ownKeysMayUseSqs: true });
  stubAws({ sqs: aws.sqsUrl, sts: aws.stsUrl });
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  if (text !== undefined) await writeFile(env['DLQ_TASKS_CONFIG'] ?? '', text);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-discover-'));
  env = { DLQ_TASKS_CONFIG: join(folder, 'dlq-tasks.yml') };
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.stop();
  await rm(folder, { recursive: true });
});

const written = `# Ours.
accounts:
  prod:    # the shop
    id: "${prod}"
    roleArn: ${roleOf(prod)}
queues:
    # Ask Ann about it.
    orders: ${arnOf('orders-dlq')}     # the oldest

    mails:
        arn: ${arnOf('mails-dlq')}
        channels: [C0123456789,  C0123456780]  # both
    # end of queues

watch: { minPollSeconds: 10 }
`;

describe('with settings', () => {
  beforeEach(async () => {
    await start([{ arn: roleOf(prod) }], written);
    await aws.caretaker.addQueue({ arn: arnOf('orders-dlq') });
    await aws.caretaker.addQueue({ arn: arnOf('mails-dlq') });
    await aws.caretaker.addQueue({ arn: arnOf('stock-dlq'), sources: ['stock', 'stock-retry'] });
  });

  test('prints what is missing, ready to paste, and leaves the file alone', async () => {
    expect(await run()).toEqual({
      code: 0,
      out: `queues:\n  stock-dlq: ${arnOf('stock-dlq')} # DLQ of stock, stock-retry\n`,
      err: '1 DLQ not in …/dlq-tasks.yml yet; --write adds them.\n',
    });
    expect(await settings()).toBe(written);
  });

  test('--write adds a line and touches no other, and a second run adds nothing', async () => {
    expect(await run('--write')).toMatchObject({ code: 0, out: 'Added to …/dlq-tasks.yml: 1 DLQ.\n' });
    const line = `    stock-dlq: ${arnOf('stock-dlq')} # DLQ of stock, stock-retry\n`;
    const expected = written.replace('    # end of queues', `${line}    # end of queues`);
    expect(await settings()).toBe(expected);
    expect(await run('--write')).toEqual({
      code: 0,
      out: '',
      err: 'Nothing to add: 3 DLQs, all listed.\n',
    });
    expect(await settings()).toBe(expected);
  });

  test('--check names queues that are not listed or gone, and exits with 1', async () => {
    await aws.caretaker.call(arnOf('mails'), 'DeleteQueue');
    await aws.caretaker.call(arnOf('mails-dlq'), 'DeleteQueue');
    expect(await run('--check')).toEqual({
      code: 1,
      out: `not listed: ${arnOf('stock-dlq')} (DLQ of stock, stock-retry)\ngone: mails (${arnOf('mails-dlq')})\n`,
      err: '',
    });
    expect(await settings()).toBe(written);
  });

  test('--check exits with 0 when the settings list all DLQs', async () => {
    await run('--write');
    expect(await run('--check')).toEqual({
      code: 0,
      out: 'The settings are up to date: 3 DLQs.\n',
      err: '',
    });
  });

  test('names a DLQ that does not exist, and adds no entry for it', async () => {
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('lost-dlq'), maxReceiveCount: 1 });
    await aws.caretaker.addQueue({ arn: arnOf('lost-dlq'), sources: ['lost'] });
    await aws.caretaker.call(arnOf('lost'), 'SetQueueAttributes', { Attributes: { RedrivePolicy } });
    await aws.caretaker.call(arnOf('lost-dlq'), 'DeleteQueue');
    const { out, err } = await run();
    expect(out).not.toContain('lost');
    expect(err).toContain(`– The DLQ of lost does not exist: ${arnOf('lost-dlq')}\n`);
  });

  test('--region searches elsewhere, and adds the region to a name that is already listed', async () => {
    await aws.caretaker.addQueue({ arn: arnOf('orders-dlq', prod, 'us-east-1') });
    const { out } = await run('prod', '--region', 'us-east-1', '--region', 'eu-west-1');
    expect(out).toContain(
      `  orders-dlq-us-east-1: ${arnOf('orders-dlq', prod, 'us-east-1')} # DLQ of orders\n`,
    );
  });
});

test('fills settings that have accounts but no queues yet', async () => {
  const accounts = `accounts:\n  prod: { id: "${prod}", roleArn: "${roleOf(prod)}" } # the shop\n`;
  await start([{ arn: roleOf(prod) }], `${accounts}queues: {} # none yet\n`);
  await aws.caretaker.addQueue({ arn: arnOf('orders-dlq') });
  expect(await run('--write')).toMatchObject({ code: 0 });
  const text = await settings();
  expect(text).toContain('# the shop');
  expect(text).toContain('# none yet');
  expect(parseSettings(text)).toMatchObject({ ok: true, settings: { queues: [{ alias: 'orders-dlq' }] } });
});

describe('without settings', () => {
  beforeEach(async () => {
    await start([]);
    await aws.caretaker.addQueue({ arn: arnOf('orders-dlq', own) });
  });
  const made = (
    label: string,
    role: string,
  ) => `# The queues that dlq-tasks can check. docs/settings.md shows all settings.
accounts:
  ${label}:
    id: "${own}"
    roleArn: ${role}
queues:
  orders-dlq: ${arnOf('orders-dlq', own)} # DLQ of orders
`;

  test('are created with the current credentials, and name the policy command', async () => {
    expect(await run('--write')).toEqual({
      code: 0,
      out: 'Created …/dlq-tasks.yml: 1 DLQ.\n',
      err: `account-${own} will be read with ${roleOf(own)}. To create that role, run: dlq-tasks policy account-${own}\n`,
    });
    expect(await settings()).toBe(made(`account-${own}`, roleOf(own)));
    expect(await run('--write')).toEqual({
      code: 0,
      out: '',
      err: `– account-${own} in eu-west-1 was read with your own credentials: ${roleOf(own)} isn't allowed to list queues there, or doesn't exist yet.\nNothing to add: 1 DLQ, all listed.\n`,
    });
  });

  test('says why a file cannot be written', async () => {
    env['DLQ_TASKS_CONFIG'] = join(folder, 'nowhere', 'dlq-tasks.yml');
    expect(await run('--write')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^Can't write \S+dlq-tasks\.yml: ENOENT/),
    });
  });

  test('can be given a label and a role name', async () => {
    await run('shop', '--role-name', 'sqs-reader', '--write');
    expect(await settings()).toBe(made('shop', roleOf(own, 'sqs-reader')));
  });

  test('are printed as they would be written', async () => {
    const { code, out } = await run();
    expect({ code, out }).toEqual({ code: 0, out: made(`account-${own}`, roleOf(own)) });
  });

  test('are not created where there is no DLQ', async () => {
    const { code, out, err } = await run('--region', 'us-east-1', '--write');
    expect({ code, out, err }).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringContaining('Nothing to add'),
    });
    await expect(settings()).rejects.toThrow('ENOENT');
  });

  test('say that there is no region or no credentials', async () => {
    vi.stubEnv('AWS_REGION', undefined);
    expect(await run()).toMatchObject({
      code: 2,
      err: expect.stringContaining('Set a region with --region'),
    });
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    expect(await run('--region', 'eu-west-1')).toMatchObject({
      code: 1,
      err: expect.stringContaining('has no AWS credentials'),
    });
  });
});

test('adds an account that is not listed yet, with its queues', async () => {
  await start([{ arn: roleOf(prod) }, { arn: roleOf(billing, 'sqs-reader') }], written);
  await aws.caretaker.addQueue({ arn: arnOf('invoices-dlq', billing) });
  expect(await run(billing, '--role-name', 'sqs-reader', '--write')).toMatchObject({ code: 0 });
  const text = await settings();
  expect(text.split('\n').filter((line) => !written.split('\n').includes(line))).toEqual([
    `  account-${billing}:`,
    `    id: "${billing}"`,
    `    roleArn: ${roleOf(billing, 'sqs-reader')}`,
    `    invoices-dlq: ${arnOf('invoices-dlq', billing)} # DLQ of invoices`,
  ]);
});

describe('what AWS refuses', () => {
  test('names a role that may not list queues, with the statement that allows it', async () => {
    await start([{ arn: roleOf(prod), denied: ['sqs:ListQueues'] }], written);
    expect(await run('--check')).toEqual({
      code: 1,
      out: '',
      err: `✗ Couldn't list the queues of prod in eu-west-1: ${roleOf(prod)} isn't allowed to use sqs:ListQueues.\n    → dlq-tasks policy prod prints an optional statement that allows it.\n`,
    });
  });
});
