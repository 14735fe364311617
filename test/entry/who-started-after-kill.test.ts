import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { payments, startServerStage } from '../support/server-stage.ts';

const minute = 60_000;
const within = { timeout: 30_000, interval: 50 };

/** Everything that the server stores, in the encoding in which it would contain a task handle. */
async function raw(folder: string): Promise<string> {
  const files = await readdir(folder);
  const read = await Promise.all(files.map((file) => readFile(join(folder, file), 'latin1')));
  return read.join('');
}

test('a server that is killed with an open question asks it when it is back, and the card says who', {
  timeout: 60_000,
}, async () => {
  await using stage = await startServerStage();
  // CloudTrail is asked nine minutes after the start, among other times: that is twelve seconds from now.
  const startedAt = Date.now() - 9 * minute + 12_000;
  const task = { Status: 'RUNNING', StartedTimestamp: startedAt, ApproximateNumberOfMessagesMoved: 5 };
  stage.aws.script(payments.arn, [[task]]);
  const taskHandle = Buffer.from(JSON.stringify({ taskId: '1', sourceArn: payments.arn })).toString('base64');
  const session = `assumed-role/nightly-redrives/${'1f7c3e5a'.repeat(4)}`;
  stage.aws.cloudTrail.record({
    queueArn: payments.arn,
    at: startedAt,
    userIdentity: { type: 'AssumedRole', arn: `arn:aws:sts::${payments.accountId}:${session}` },
    record: {
      userAgent: 'AmazonEventBridgeScheduler aws-sdk-java/2.28.29 exec-env/AWS_ECS_FARGATE',
      requestParameters: null,
      responseElements: { TaskHandle: taskHandle },
    },
  });
  await writeFile(
    stage.config,
    stringify({
      accounts: { prod: { id: payments.accountId, roleArn: payments.role.arn } },
      queues: { 'payments-dlq': { arn: payments.arn, notify: 'CGENERAL' } },
    }),
  );
  const cards = () => stage.slack.messages('CGENERAL').filter(({ author }) => author === 'UBOT');
  const lookups = () => stage.aws.requests.filter(({ action }) => action === 'LookupEvents').length;

  const first = await stage.open();
  await expect.poll(cards, within).toHaveLength(1);
  first.signal('SIGKILL');
  await first.exit();
  expect([cards()[0]?.text.includes('Started by'), lookups()]).toEqual([false, 0]);

  await using server = await stage.open();
  await expect
    .poll(() => cards()[0]?.text, within)
    .toContain('👤 Started by `EventBridge Scheduler as nightly-redrives`');
  expect([cards().length, lookups()]).toEqual([1, 1]);
  const stored = await raw(stage.variables['DLQ_TASKS_DATA'] ?? '');
  expect(stored).toContain('EventBridge Scheduler as nightly-redrives');
  expect([stored, first.said(), server.said()].map((text) => text.includes(taskHandle))).toEqual([
    false,
    false,
    false,
  ]);
  server.signal('SIGTERM');
  expect(await server.exit()).toEqual({ code: 0, signal: null });
});
