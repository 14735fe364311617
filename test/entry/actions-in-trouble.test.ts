import { mkdir, open as openFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServerProcess } from '../support/server-process.ts';
import { orders, type ServerStage, startServerStage } from '../support/server-stage.ts';

const within = { timeout: 20_000, interval: 20 };

let stage: ServerStage;
const servers: ServerProcess[] = [];
beforeEach(async () => {
  stage = await startServerStage({}, true);
  await stage.aws.caretaker.addQueue({ arn: orders.arn });
  await stage.aws.caretaker.deadLetter(orders.arn, 40);
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server[Symbol.asyncDispose]()));
  await stage[Symbol.asyncDispose]();
});

async function open() {
  const server = await stage.open();
  servers.push(server);
  return server;
}

const folder = () => stage.variables['DLQ_TASKS_DATA'] ?? '';
const ours = () => stage.slack.messages('CGENERAL').filter(({ author }) => author === 'UBOT');
const formOf = (person: string) => JSON.stringify(stage.slack.as(person).modal() ?? '');
const toBob = () => stage.slack.privateWords('UBOB').map(({ text }) => text.split('\n')[0]);
const starts = () => stage.aws.requests.filter(({ action }) => action === 'StartMessageMoveTask');
const errors = (server: ServerProcess) => server.lines().filter((line) => line['level'] === 'error');

async function readiness({ port }: { port: number }): Promise<string[]> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  return ((await answer.json()) as { because?: string[] }).because ?? [];
}

async function requested() {
  await stage.slack.as('UANN').types('CGENERAL', '/dlq-tasks redrive orders-dlq 5');
  await expect.poll(() => formOf('UANN'), within).toContain('about 40 waiting');
  await stage.slack.as('UANN').submits({ Reason: 'The bug is fixed' });
  await expect.poll(() => ours()[0]?.text, within).toContain('Waiting for approval.');
  const [request] = ours();
  if (!request) throw new Error('no request');
  return request;
}

/** All pages but the first, which says that it is a database. */
async function damage(file: string): Promise<void> {
  const opened = await openFile(file, 'r+');
  const { size } = await opened.stat();
  await opened.write(Buffer.alloc(size - 4096, 'Z'), 0, size - 4096, 4096);
  await opened.close();
}

describe('the data folder is deleted', () => {
  test('while a request waits: no one can decide it until the folder is back, and then at once', async () => {
    const server = await open();
    const request = await requested();
    await rm(folder(), { recursive: true });
    await stage.slack.as('UBOB').clicks(request, 'Approve');
    await expect.poll(toBob, within).toEqual(['⚠️ *Nothing was changed:* the data folder is gone.']);
    await mkdir(folder());
    await expect.poll(() => readiness(server), within).toEqual([]);
    await stage.slack.as('UBOB').clicks(request, 'Approve');
    await expect.poll(() => ours()[0]?.text, within).toMatch(/Running|Completed/);
    expect(starts()).toHaveLength(1);
  }, 60_000);

  test('while AWS is asked to start: it is asked once, and the message becomes the card', async () => {
    const server = await open();
    const request = await requested();
    stage.aws.faults.add({
      kind: 'done-then-slow',
      ms: 1_000,
      action: 'StartMessageMoveTask',
      times: 1,
    });
    await stage.slack.as('UBOB').clicks(request, 'Approve');
    await expect.poll(starts, within).toHaveLength(1);
    await rm(folder(), { recursive: true });
    await expect.poll(() => errors(server), within).not.toEqual([]);
    await mkdir(folder());
    await expect.poll(() => ours()[0]?.text, within).toMatch(/Running|Completed/);
    expect(starts()).toHaveLength(1);
    expect(errors(server).filter(({ msg }) => !String(msg).startsWith('storage failed: '))).toEqual([]);
  }, 60_000);
});

test('pages of the file of actions are damaged: says so to who clicks, and to the operator once', async () => {
  const first = await open();
  const request = await requested();
  first.signal('SIGTERM');
  await first.exit();
  await damage(join(folder(), 'actions.sqlite'));
  const server = await open();
  await stage.slack.as('UBOB').clicks(request, 'Approve');
  await expect
    .poll(toBob, within)
    .toEqual([expect.stringMatching(/^⚠️ \*Nothing was changed:\* the bot's data file is damaged/)]);
  expect(await readiness(server)).toEqual([
    expect.stringMatching(
      /^the bot's data file is damaged .*\/actions\.sqlite\]: stop the bot and restore a backup;/,
    ),
  ]);
  expect(errors(server).map(({ msg }) => msg)).toEqual([expect.stringMatching(/^storage failed: /)]);
  expect(starts()).toEqual([]);
}, 60_000);
