import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Packaged, packageInAClone } from './package-in-a-clone.ts';
import { settings, startPackagedStage } from './packaged-stage.ts';

const slowly = { timeout: 60_000, interval: 50 };
const patience = { timeout: 120_000 };
const forOps = settings.replace(/orders-dlq: (.*)/, 'orders-dlq: { arn: "$1", channels: [COPS] }');

let packages: [before: Packaged, after: Packaged];
beforeAll(async () => {
  packages = [await packageInAClone(settings), await packageInAClone(forOps)];
}, 300_000);
afterAll(() => Promise.all(packages?.map((one) => one[Symbol.asyncDispose]()) ?? []));

/** EventBridge's event for an updated stack. */
const deployed = {
  version: '0',
  source: 'aws.cloudformation',
  'detail-type': 'CloudFormation Stack Status Change',
  account: '111122223333',
  region: 'eu-west-1',
  detail: {
    'stack-id': 'arn:aws:cloudformation:eu-west-1:111122223333:stack/dlq-tasks-dev/1',
    'status-details': { status: 'UPDATE_COMPLETE', 'status-reason': '' },
    'client-request-token': '',
  },
};

test.each([
  ['the deployment itself', (stage: Stage) => stage.lambda.eventBridge(deployed)],
  ['a command', (stage: Stage) => stage.annTypes('/dlq-tasks help')],
])('a watch ends after a deployment that forbids it, made known by %s', patience, async (_, makesKnown) => {
  const [before, after] = packages;
  await using stage = await startPackagedStage(before);
  const { card, thread } = await stage.annWatches();
  await expect.poll(() => thread().length, slowly).toBe(1);
  const runs = () => [...stage.lambda.durable.executions.values()].map(({ status }) => status);
  expect(runs()).toEqual(['RUNNING']);

  await stage.lambda.deploy(after);
  await makesKnown(stage);
  const now = () => stage.slack.messages('CGENERAL').find(({ ts }) => ts === card.ts)?.text;
  await expect.poll(now, slowly).toContain('🛑 No longer watched');
  stage.redrive({ Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' });
  await expect.poll(runs, slowly).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  expect([thread().length, stage.cards().length]).toEqual([1, 1]);
});

type Stage = Awaited<ReturnType<typeof startPackagedStage>>;
