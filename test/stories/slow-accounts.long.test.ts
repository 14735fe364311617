import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LocalAws } from '../../sandbox/aws/local-aws.ts';
import { moveTasksOfEachTest } from '../aws/over-the-wire.ts';
import { startTestBot, type TestBot } from '../support/bot.ts';
import { allButTwo, overviewOf, queues, slow, slowQueues, startTwentyAccounts } from './twenty-accounts.ts';

let aws: LocalAws;
let bot: TestBot;
beforeEach(async () => {
  aws = await startTwentyAccounts();
});
afterEach(async () => {
  await bot[Symbol.asyncDispose]();
  await aws.stop();
});
const startMoveTasks = moveTasksOfEachTest(() => ({ sqs: aws.sqsUrl, sts: aws.stsUrl }));

// This depends on real time, so it is a long test, of which few run in parallel.
test('two of 200 queues take 20 s: with the patience of production the overview is complete but for them, within 5 s', async () => {
  for (const { role } of slowQueues) aws.faults.add({ ...slow, service: 'SQS', role: role.arn });
  bot = await startTestBot({ moveTasks: startMoveTasks(), queues });
  const { lines, ms } = await overviewOf(bot);
  expect(lines).toEqual(allButTwo);
  expect(ms).toBeLessThan(5_000);
});
