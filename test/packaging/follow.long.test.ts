import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Packaged, packageInAClone } from './package-in-a-clone.ts';
import { endsIn, type PackagedStage, payments, settings, startPackagedStage } from './packaged-stage.ts';

const slowly = { timeout: 60_000, interval: 50 };
/** A claim that a killed function leaves behind lasts a minute. */
const afterTheHold = { timeout: 150_000, interval: 100 };

let packaged: Packaged;
let stage: PackagedStage;
beforeAll(async () => {
  packaged = await packageInAClone(settings);
}, 120_000);
afterAll(() => packaged?.[Symbol.asyncDispose]());
beforeEach(async () => {
  stage = await startPackagedStage(packaged);
});
afterEach(() => stage[Symbol.asyncDispose]());

const thread = () => stage.slack.thread('CGENERAL', stage.cards()[0]?.ts ?? '').slice(1);
const roots = () => stage.cards().filter(({ threadTs }) => threadTs === undefined);
const sends = (changes?: object) => stage.lambda.eventBridge(stage.startEvent(changes));

async function endsWithOneNotification() {
  stage.redriveOf(payments, { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1_000 });
  await expect.poll(() => endsIn(thread()).length, slowly).toBe(1);
  await expect.poll(stage.isWatching, slowly).toBe(false);
  expect(endsIn(thread())).toHaveLength(1);
  expect(roots()).toHaveLength(1);
}

describe('a redrive that Ada starts in the console, reported by EventBridge', () => {
  test('becomes a current card that says who started it, and a thread that says how it ended', async () => {
    stage.redriveOf(payments, {}, { ApproximateNumberOfMessagesMoved: 300 });
    sends();
    await expect.poll(() => roots().length, slowly).toBe(1);
    expect(roots()[0]?.text).toContain(
      '📣 This channel follows the queue. The result will be posted in the thread',
    );
    expect(roots()[0]?.text).toContain('👤 Started by `ada@example.com`');
    await expect.poll(() => roots()[0]?.text, slowly).toContain('300 of 1,000 messages moved');
    await endsWithOneNotification();
    expect(roots()[0]?.text).toContain('👤 Started by `ada@example.com`');
    expect(endsIn(thread())[0]).not.toContain('<@');
    expect(stage.aws.requests.filter(({ action }) => action === 'LookupEvents')).toEqual([]);
    expect(stage.lambda.dropped).toEqual([]);
  });

  test('is one card when EventBridge delivers the event twice at once, and once more later', async () => {
    stage.redriveOf(payments, {});
    sends();
    sends();
    await expect.poll(() => roots().length, slowly).toBe(1);
    await stage.lambda.settled();
    sends();
    await stage.lambda.settled();
    expect([roots().length, stage.lambda.dropped]).toEqual([1, []]);
    await endsWithOneNotification();
  });

  test('is one card if the function is killed after Slack accepted it', async () => {
    const { slack, lambda } = stage;
    stage.redriveOf(payments, {});
    lambda.faults.retryAfterMs = 20_000;
    slack.faults.add({ method: 'chat.postMessage', kind: 'stored-then-slow', ms: 8_000, times: 1 });
    sends();
    await expect.poll(() => roots().length, slowly).toBe(1);
    expect(lambda.kill('follow')).toBe(1);
    await expect.poll(stage.isWatching, afterTheHold).toBe(true);
    await endsWithOneNotification();
    expect(slack.callsOf('conversations.history').length).toBeGreaterThan(0);
    expect(lambda.dropped).toEqual([]);
  });

  test('is reported even if the event comes before SQS lists it', async () => {
    stage.aws.script(payments, [[]]);
    sends();
    await expect.poll(() => stage.lambda.logs.join(''), slowly).toContain('SQS does not list the task yet');
    expect(roots()).toEqual([]);
    stage.redriveOf(payments, {});
    await expect.poll(() => roots().length, slowly).toBe(1);
    await stage.lambda.settled();
    await endsWithOneNotification();
  });

  test('is reported even if Slack and Lambda fail in between', async () => {
    const { slack, lambda } = stage;
    stage.redriveOf(payments, {});
    slack.faults.add({ method: 'chat.postMessage', kind: 'stored-then-reset', times: 1 });
    lambda.faults.invokeStatus = 500;
    sends();
    await expect.poll(() => roots().length, slowly).toBe(1);
    await expect.poll(() => lambda.logs.join(''), slowly).toContain('could not announce a redrive; retrying');
    lambda.faults.invokeStatus = 202;
    await lambda.settled();
    expect(lambda.dropped).toEqual([]);
    await endsWithOneNotification();
  });

  test('gets no second card if Ann is already watching it', async () => {
    stage.redriveOf(payments, {});
    await stage.annTypes('/dlq-tasks watch payments-dlq');
    sends();
    await stage.lambda.settled();
    await expect.poll(() => roots()[0]?.text, slowly).toContain('👤 Started by `ada@example.com`');
    expect(roots()).toHaveLength(1);
    await endsWithOneNotification();
  });

  test.each<[string, object]>([
    ['that SQS refused', { errorCode: 'InvalidParameterValueException' }],
    [
      'of a queue that nobody follows',
      { requestParameters: { sourceArn: 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq' } },
    ],
    [
      'of a queue that is not listed',
      { requestParameters: { sourceArn: 'arn:aws:sqs:eu-west-1:111122223333:secret-dlq' } },
    ],
    ['that is none', { eventName: 'CreateQueue' }],
  ])('ignores %s, without any calls', async (_which, changes) => {
    sends(changes);
    await stage.lambda.settled();
    expect([stage.cards(), stage.aws.requests, stage.slack.calls, stage.lambda.dropped]).toEqual([
      [],
      [],
      [],
      [],
    ]);
  });
});
