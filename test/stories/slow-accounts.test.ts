import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LocalAws } from '../../sandbox/aws/local-aws.ts';
import type { MoveTasks } from '../../src/operations/move-tasks.ts';
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

/** Starts the bot; people wait until this many calls are unanswered, not for a number of seconds. */
async function start(callsLeft: number) {
  const patience = new AbortController();
  const overTheWire = startMoveTasks();
  let left = 2 * queues.length;
  let answered = 0;
  const counted = async <T>(call: Promise<T>): Promise<T> => {
    const answer = await call;
    answered += 1;
    left -= 1;
    if (left === callsLeft) setImmediate(() => patience.abort());
    return answer;
  };
  const moveTasks: MoveTasks = {
    list: (...asked) => counted(overTheWire.list(...asked)),
    depth: (...asked) => counted(overTheWire.depth(...asked)),
  };
  bot = await startTestBot({ moveTasks, queues, overviewPatience: () => patience.signal });
  return { answeredCalls: () => answered };
}

const overview = () => overviewOf(bot);

describe('Ann asks for all 200 queues in 20 accounts, over the AWS SDK', () => {
  test('two queues take 20 s: the overview is complete but for those two', async () => {
    for (const { role } of slowQueues) aws.faults.add({ ...slow, service: 'SQS', role: role.arn });
    await start(4);
    expect((await overview()).lines).toEqual(allButTwo);
  });

  test.each(['SQS', 'STS'] as const)(
    '%s takes 20 s in two accounts: the overview is complete but for those two',
    async (service) => {
      for (const label of ['account-3', 'account-20']) {
        const role = queues.find(({ account }) => account.label === label)?.role.arn ?? '';
        aws.faults.add({ ...slow, service, role });
      }
      await start(40);
      expect((await overview()).lines).toEqual([
        '200 queues',
        '20 unknown · 180 queues are empty and idle',
        '⚠️ No answer from account-3: all 10 queues',
        '⚠️ No answer from account-20: all 10 queues',
      ]);
    },
  );

  test('gives up what no one waits for, and never starts what had not started', async () => {
    const role = queues[0]?.role.arn ?? '';
    aws.faults.add({ ...slow, service: 'SQS', role });
    const { answeredCalls } = await start(20);
    await overview();
    await expect.poll(answeredCalls).toBe(380 + 8);
    const asked = aws.requests.filter((request) => request.role === role && request.service === 'SQS');
    expect(asked.length).toBeLessThanOrEqual(8);
  });
});
