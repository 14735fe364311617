import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { actingFromSource, functionsFromSource } from '../packaging/from-source.ts';
import { aFunctionsStage } from '../stories/a-functions-stage.ts';
import { buttonsOf, rules } from '../stories/an-actions-stage.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-acts-'));
});
afterAll(() => rm(folder, { recursive: true }));

const { requesters, approvers } = rules;
const account = { id: '111122223333', roleArn: 'arn:aws:iam::111122223333:role/dlq-tasks-status' };
const settings = { queues: { 'payments-dlq': 'arn:aws:sqs:eu-west-1:111122223333:payments-dlq' } };
const withoutRedrive = { ...settings, accounts: { prod: account } };
const withRedrive = {
  ...settings,
  accounts: { prod: { ...account, redriveRoleArn: rules.role.arn } },
  redrive: { requesters, approvers },
};

/** The quick ones; all others are told of the packaged functions in test/stories. */
async function aStage(functions = actingFromSource, written: object = withRedrive) {
  const file = join(folder, 'dlq-tasks.yml');
  await writeFile(file, stringify(written));
  const runnable = { ...functions, env: { DLQ_TASKS_CONFIG: file } };
  return aFunctionsStage({}, { with: async () => runnable });
}

test('everything comes twice, and one request is approved and started once', async () => {
  await using stage = await aStage();
  stage.lambda.faults.startsTwice = true;
  const request = await stage.requested();
  expect(stage.slack.calls[0]?.method).toBe('views.open');
  expect(JSON.stringify(stage.slack.calls[0]?.args)).not.toContain('payments-dlq');
  await stage.clicks('UBOB', 'Approve', request);
  await stage.timePasses(5);
  expect([stage.starts.length, stage.ours().length]).toEqual([1, 1]);
  expect(stage.shown(request)).toContain('Requested by <@UANN>, approved by <@UBOB>: `The bug is fixed`');
  expect([stage.told('UANN'), stage.told('UBOB')]).toEqual([[], []]);
}, 90_000);

test('a worker that is killed at work: a minute later, the person is told so once', async () => {
  await using stage = await aStage();
  const { faults } = stage.lambda;
  let kills = 1;
  faults.killsAfter = ({ by, what }) => by === 'worker' && what.includes('PutItem') && kills-- > 0;
  await stage.types('UANN', '/dlq-tasks payments-dlq');
  expect(stage.told('UANN')).toEqual([]);
  await stage.timePasses(5 * 60);
  expect(stage.told('UANN')).toEqual([expect.stringContaining('The bot was interrupted')]);
}, 90_000);

test('a worker that is killed before it has claimed a request: the next one answers', async () => {
  await using stage = await aStage();
  let kills = 1;
  stage.lambda.faults.killsAfter = ({ by, what }) =>
    by === 'worker' && what.includes('GetParameter') && kills-- > 0;
  await stage.types('UANN', '/dlq-tasks payments-dlq');
  expect([stage.ours(), stage.told('UANN')]).toEqual([[], []]);
  await stage.timePasses(5 * 60);
  expect([stage.ours().length, stage.told('UANN')]).toEqual([1, []]);
}, 90_000);

test('while the bot cannot start, the form that was opened says so', async () => {
  await using stage = await aStage();
  stage.slack.faults.add({ kind: 'error', method: 'auth.test', error: 'internal_error' });
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  expect(stage.formOf('UANN')).toMatch(/Something went wrong.*E-/);
}, 90_000);

test.each([
  ['without actions', functionsFromSource, withRedrive],
  ['with actions, and settings without `redrive`', actingFromSource, withoutRedrive],
])(
  'deployed %s, nothing of them is to be seen',
  async (_, functions, written) => {
    await using stage = await aStage(functions, written);
    await stage.types('UANN', '/dlq-tasks redrive payments-dlq 5');
    expect(stage.told('UANN')).toHaveLength(1);
    await stage.types('UANN', '/dlq-tasks payments-dlq');
    expect(buttonsOf(stage.ours()[0])).toEqual(['refresh', 'open-console']);
    expect(stage.slack.callsOf('views.open')).toEqual([]);
  },
  90_000,
);
