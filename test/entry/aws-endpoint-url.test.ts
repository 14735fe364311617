import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { functionsFromSource } from '../packaging/from-source.ts';
import { payments as followed, settings, startPackagedStage } from '../packaging/packaged-stage.ts';
import { startOneAws } from '../support/one-aws.ts';
import { payments, startServerStage } from '../support/server-stage.ts';

const within = { timeout: 30_000, interval: 50 };

test('AWS_ENDPOINT_URL alone redirects all calls of one process', {
  timeout: 60_000,
}, async () => {
  await using stage = await startServerStage();
  const { aws, slack } = stage;
  const one = await startOneAws({ sqs: aws.sqsUrl, sts: aws.stsUrl, cloudtrail: aws.cloudTrailUrl });
  // For a task that is older than a quarter of an hour, CloudTrail is asked at once.
  const startedAt = Date.now() - 20 * 60_000;
  aws.script(payments.arn, [[{ Status: 'RUNNING', StartedTimestamp: startedAt }]]);
  const accounts = { prod: { id: payments.accountId, roleArn: payments.role.arn } };
  const queues = { 'payments-dlq': { arn: payments.arn, notify: 'CGENERAL' } };
  await writeFile(stage.config, stringify({ accounts, queues }));
  await using server = await stage.open({
    AWS_ENDPOINT_URL: one.url,
    AWS_ENDPOINT_URL_SQS: '',
    AWS_ENDPOINT_URL_STS: '',
    AWS_ENDPOINT_URL_CLOUDTRAIL: '',
  });
  await expect.poll(() => new Set(one.asked), within).toEqual(new Set(['sts', 'sqs', 'cloudtrail']));
  await expect.poll(() => slack.messages('CGENERAL'), within).toHaveLength(1);
  expect(server.said()).not.toContain('"level":"error"');
  one.stop();
});

test('AWS_ENDPOINT_URL alone redirects all calls of the functions', { timeout: 90_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-functions-'));
  const config = join(folder, 'dlq-tasks.yml');
  await writeFile(config, settings);
  await using stage = await startPackagedStage(functionsFromSource, { DLQ_TASKS_CONFIG: config });
  const { thread } = await stage.annWatches();
  await expect.poll(() => thread().length, within).toBe(1);
  stage.redriveOf(followed, {});
  stage.lambda.eventBridge(stage.startEvent());
  await expect.poll(() => stage.cards().length, within).toBe(2);
  await stage.lambda.settled();
  expect([...stage.lambda.asked].toSorted()).toEqual([
    'follow dynamodb',
    'follow lambda',
    'follow ssm',
    'follow sts',
    'front lambda',
    'front ssm',
    'session sqs',
    'watch dynamodb',
    'watch lambda',
    'watch ssm',
    'watch sts',
    'worker dynamodb',
    'worker lambda',
    'worker ssm',
    'worker sts',
  ]);
  await rm(folder, { recursive: true });
});
