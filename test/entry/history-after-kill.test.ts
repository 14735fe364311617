import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { orders, startServerStage } from '../support/server-stage.ts';

const within = { timeout: 30_000, interval: 20 };
const cli = fileURLToPath(new URL('../../bin/dlq-tasks.js', import.meta.url));

test('keeps a redrive in the history after kill -9 at its end, readable while the bot runs', {
  timeout: 60_000,
}, async () => {
  await using stage = await startServerStage();
  const task = {
    StartedTimestamp: Date.now() - 60_000,
    ApproximateNumberOfMessagesMoved: 90,
    ApproximateNumberOfMessagesToMove: 100,
  };
  stage.aws.script(orders.arn, [[{ Status: 'RUNNING', ...task }]]);
  const types = (text: string) => stage.slack.as('UANN').types('CGENERAL', text);
  const said = () => stage.slack.messages('CGENERAL').filter(({ author }) => author === 'UBOT');
  const thread = () => said().flatMap(({ channel, ts }) => stage.slack.thread(channel, ts).slice(1));

  const first = await stage.open();
  await types('/dlq-tasks watch orders-dlq');
  await expect.poll(() => said()[0]?.text, within).toContain('Watched by');
  stage.aws.script(orders.arn, [[{ Status: 'COMPLETED', ...task, ApproximateNumberOfMessagesMoved: 100 }]]);
  await expect.poll(() => thread().some(({ text }) => text.includes('has completed')), within).toBe(true);
  first.signal('SIGKILL');
  await first.exit();

  await using server = await stage.open();
  const answers = () => stage.slack.privateWords('UANN').map(({ text }) => text);
  await expect
    .poll(async () => {
      await types('/dlq-tasks history orders-dlq');
      return answers().at(-1);
    }, within)
    .toContain('100 of 100 messages moved');
  const env = { ...process.env, ...stage.variables };
  const { stdout } = await promisify(execFile)(process.execPath, [cli, 'history', 'orders-dlq', '--json'], {
    env,
  });
  expect(JSON.parse(stdout)).toMatchObject([{ kind: 'redrive', status: 'COMPLETED', moved: 100 }]);
  server.signal('SIGTERM');
  expect(await server.exit()).toEqual({ code: 0, signal: null });
});
