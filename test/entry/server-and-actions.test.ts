import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { orders, redriveRoleArn, type ServerStage, startServerStage } from '../support/server-stage.ts';

const within = { timeout: 15_000, interval: 20 };

let stage: ServerStage;
beforeEach(async () => {
  stage = await startServerStage({}, true);
  await stage.aws.caretaker.addQueue({ arn: orders.arn });
  await stage.aws.caretaker.deadLetter(orders.arn, 40);
});
afterEach(() => stage[Symbol.asyncDispose]());

const ours = () => stage.slack.messages('CGENERAL').filter(({ author }) => author === 'UBOT');
const formOf = (person: string) => JSON.stringify(stage.slack.as(person).modal() ?? '');
const assumed = () =>
  stage.aws.requests.filter(({ action, role }) => action === 'AssumeRole' && role === redriveRoleArn);

async function requested() {
  await stage.slack.as('UANN').types('CGENERAL', '/dlq-tasks redrive orders-dlq 5');
  await expect.poll(() => formOf('UANN'), within).toContain('about 40 waiting');
  await stage.slack.as('UANN').submits({ Reason: 'The bug is fixed' });
  await expect.poll(() => ours()[0]?.text, within).toContain('Waiting for approval.');
  const [request] = ours();
  if (!request) throw new Error('no request');
  return request;
}

test('Ann asks and Bob approves while AWS takes 200 ms to answer: it shows within a second, and AWS sees both names', async () => {
  await using server = await stage.open();
  const request = await requested();
  stage.aws.faults.add({ kind: 'slow', ms: 200 });
  const clickedAt = performance.now();
  await stage.slack.as('UBOB').clicks(request, 'Approve');
  await expect.poll(() => ours()[0]?.text, within).toMatch(/Starting|Started|Running/);
  const seenMs = performance.now() - clickedAt;
  expect(stage.slack.deliveries.at(-1)?.ackMs).toBeLessThan(3_000);
  expect(seenMs).toBeLessThan(1_000);
  await expect.poll(() => ours()[0]?.text, within).toMatch(/Running|Completed/);
  expect(ours()[0]?.text).toContain('Requested by <@UANN>, approved by <@UBOB>: `The bug is fixed`');
  expect(assumed()[0]?.params).toMatchObject({
    SourceIdentity: 'UANN',
    RoleSessionName: 'dlq-tasks-UANN-UBOB',
  });
  expect(stage.aws.requests.filter(({ action }) => action === 'StartMessageMoveTask')).toHaveLength(1);
  expect(server.said()).not.toMatch(/TaskHandle|hooks\/|xoxb-/);
  const kept = await readFile(join(stage.variables['DLQ_TASKS_DATA'] ?? '', 'actions.sqlite'), 'latin1');
  expect(kept).not.toMatch(/TaskHandle|"handle"/i);
});

test('the answer to Start is lost: the bot calls once, and the message becomes the card', async () => {
  await using _ = await stage.open();
  const request = await requested();
  stage.aws.faults.add({ kind: 'done-then-reset', action: 'StartMessageMoveTask', times: 1 });
  await stage.slack.as('UBOB').clicks(request, 'Approve');
  await expect.poll(() => ours()[0]?.text, within).toMatch(/Running|Completed/);
  expect(stage.aws.requests.filter(({ action }) => action === 'StartMessageMoveTask')).toHaveLength(1);
});

test('a request survives a kill, and a read-only bot says that it is no longer valid', async () => {
  const first = await stage.open();
  const request = await requested();
  first.signal('SIGKILL');
  await first.exit();
  await using _ = await stage.open({ DLQ_TASKS_READ_ONLY: '1' });
  await expect.poll(() => ours()[0]?.text, within).toContain('The bot is read-only now.');
  const lastSaid = () => stage.slack.thread(request.channel, request.ts).at(-1)?.text;
  await expect.poll(lastSaid, within).toContain('your request is no longer valid');
});

test('a request whose settings are gone is no longer valid, and the command is gone, too', async () => {
  const first = await stage.open();
  await requested();
  first.signal('SIGTERM');
  await first.exit();
  const settings = parse(await readFile(stage.config, 'utf8'));
  await writeFile(stage.config, stringify({ ...settings, redrive: undefined }));
  await using _ = await stage.open();
  await expect
    .poll(() => ours()[0]?.text, within)
    .toContain('The settings no longer allow redrives of this queue.');
  await stage.slack.as('UANN').types('CGENERAL', '/dlq-tasks redrive orders-dlq');
  const told = () => stage.slack.privateWords('UANN').at(-1)?.text;
  await expect.poll(told, within).toContain('`orders-dlq` is not a number');
});

describe('a start whose answer was lost in a process that was killed', () => {
  async function lost() {
    const first = await stage.open();
    const request = await requested();
    stage.aws.showStartsAfter(4_000);
    stage.aws.faults.add({ kind: 'done-then-reset', action: 'StartMessageMoveTask', times: 1 });
    await stage.slack.as('UBOB').clicks(request, 'Approve');
    await expect.poll(() => ours()[0]?.text, within).toContain('No clear answer');
    first.signal('SIGKILL');
    await first.exit();
    return request;
  }

  test('is found by a bot that is read-only now', async () => {
    await lost();
    await using _ = await stage.open({ DLQ_TASKS_READ_ONLY: '1' });
    await expect.poll(() => ours()[0]?.text, within).toMatch(/Running|Completed/);
    expect(stage.aws.requests.filter(({ action }) => action === 'StartMessageMoveTask')).toHaveLength(1);
  }, 60_000);

  test('shows no card in a channel that the settings no longer allow', async () => {
    const request = await lost();
    const settings = parse(await readFile(stage.config, 'utf8'));
    await writeFile(stage.config, stringify({ ...settings, access: { channels: ['COTHER'] } }));
    await using _ = await stage.open();
    await expect.poll(() => ours()[0]?.text, within).toContain('✅ *Started.* Approved by <@UBOB>.\n');
    const thread = stage.slack.thread(request.channel, request.ts).slice(1);
    expect(thread.map(({ text }) => text)).toEqual([expect.stringContaining('AWS gave no clear answer')]);
  }, 60_000);
});
