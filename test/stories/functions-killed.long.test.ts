import { afterEach, describe, expect, test } from 'vitest';
import { aTask, now } from '../support/builders.ts';
import { aFunctionsStage, type FunctionsStage } from './a-functions-stage.ts';

let stage: FunctionsStage;
afterEach(() => stage[Symbol.asyncDispose]());

type Moment = (call: { by: string; what: string }) => boolean;

/** The function dies once this call has had its effect, and before it hears of it. */
async function killed(moment: Moment, work: () => Promise<unknown>): Promise<void> {
  let isKilled = false;
  stage.lambda.faults.killsAfter = (call) => {
    const isNow = !isKilled && moment(call);
    isKilled ||= isNow;
    return isNow;
  };
  await work();
  if (!isKilled) throw new Error('There was no such call.');
}

const changes = /PutItem|TransactWriteItems|invocations|checkpoint/;
/** The nth of its calls that change something. */
function nth(by: 'worker' | 'action', calls: number): Moment {
  let left = calls;
  return (call) => call.by === by && changes.test(call.what) && --left === 0;
}

const someMinutesPass = () => stage.timePasses(6 * 60);

const opensForm = () => stage.types('UANN', '/dlq-tasks redrive payments-dlq');
const submits = () => stage.submits('UANN');

async function approves() {
  const request = stage.ours().at(-1);
  if (!request) throw new Error('There is no request.');
  await stage.clicks('UBOB', 'Approve', request);
}

/** How often SQS was told to start, the messages in the channel, and how far the request has come. */
const seen = async () => [stage.starts.length, stage.ours().length, (await stage.newest())?.state];

describe('a worker that is killed while it takes a request', () => {
  test.each([
    [1, 'claimed it'],
    [2, 'begun its run'],
  ])('after %d calls, when it has %s: nothing is stored, and it can be requested again', async (calls) => {
    stage = await aFunctionsStage();
    await opensForm();
    await killed(nth('worker', calls), submits);
    await someMinutesPass();
    expect(await seen()).toEqual([0, 0, undefined]);
    await stage.requested();
    expect(await seen()).toEqual([0, 1, 'requested']);
  });

  test.each([
    [3, 'stored it'],
    [4, 'stored that it posts it'],
    [5, 'posted it'],
  ])('after %d calls, when it has %s: it is posted once, and can be approved', async (calls) => {
    stage = await aFunctionsStage();
    await opensForm();
    await killed(nth('worker', calls), submits);
    await someMinutesPass();
    expect(await seen()).toEqual([0, 1, 'requested']);
    await approves();
    await stage.timePasses(5);
    expect(await seen()).toEqual([1, 1, 'started']);
  });

  test('before it hears that Slack has accepted its message: it is posted once', async () => {
    stage = await aFunctionsStage();
    const slow = { kind: 'stored-then-slow', method: 'chat.postMessage', ms: 20_000, times: 1 } as const;
    stage.slack.faults.add(slow);
    await opensForm();
    await stage.slack.as('UANN').submits({ Reason: 'The bug is fixed' });
    await expect.poll(() => stage.ours().length, { timeout: 60_000 }).toBe(1);
    expect(stage.lambda.kill('worker')).toBe(1);
    await someMinutesPass();
    expect(await seen()).toEqual([0, 1, 'requested']);
    await approves();
    await stage.timePasses(5);
    expect(await seen()).toEqual([1, 1, 'started']);
  });

  test.each([
    [5, 'posted it', 0, 'void'],
    [6, 'stored that it starts', 0, 'not-started'],
    [7, 'handed the start on', 1, 'started'],
  ])('where no one approves, after %d calls, when it has %s', async (calls, _, starts, state) => {
    stage = await aFunctionsStage({ withoutApprovers: true });
    await opensForm();
    await killed(nth('worker', calls), submits);
    await someMinutesPass();
    expect(await seen()).toEqual([starts, 1, state]);
  });
});

describe('a worker that is killed while it takes an approval', () => {
  test.each([
    [1, 'claimed it', 0, 'requested'],
    [2, 'stored it', 0, 'not-started'],
    [3, 'handed the start on', 1, 'started'],
    [4, 'stored that it shows it', 1, 'started'],
  ])('after %d calls, when it has %s', async (calls, _, starts, state) => {
    stage = await aFunctionsStage();
    await stage.requested();
    await killed(nth('worker', calls), approves);
    await someMinutesPass();
    expect(await seen()).toEqual([starts, 1, state]);
    if (state !== 'requested') return;
    await approves();
    await stage.timePasses(5);
    expect(await seen()).toEqual([1, 1, 'started']);
  });
});

describe('a run that is killed while it starts a redrive', () => {
  test.each([
    [1, 'stored that it calls', 0, 'not-started'],
    [2, 'stored the answer', 1, 'started'],
    [3, 'ended the call', 1, 'started'],
    [4, 'gone on', 1, 'started'],
  ])('after %d calls, when it has %s', async (calls, _, starts, state) => {
    stage = await aFunctionsStage();
    await stage.requested();
    await killed(nth('action', calls), async () => {
      await approves();
      await stage.timePasses(30);
    });
    await someMinutesPass();
    expect(await seen()).toEqual([starts, 1, state]);
  });

  test('while SQS starts it: it is not started again, and is found', async () => {
    stage = await aFunctionsStage();
    await stage.requested();
    stage.answers = () => {
      stage.lambda.kill('action');
      return { kind: 'accepted' };
    };
    await approves();
    await someMinutesPass();
    expect(await seen()).toEqual([1, 1, 'started']);
  });
});

describe('a cancel is made once at most, and the next one works, when it is killed', () => {
  const call = (what: string) => what.includes('-1%2F') && what.endsWith('checkpoint');
  const writes = (what: string) => what.includes('TransactWriteItems');
  test.each<[string, number, () => Moment]>([
    ['when the worker has claimed it', 0, () => nth('worker', 1)],
    [
      'when the worker has stored it',
      0,
      () =>
        ({ by, what }) =>
          by === 'worker' && writes(what),
    ],
    ['when the worker has handed it on', 1, () => nth('worker', 4)],
    [
      'when its run has stored that it calls',
      0,
      () =>
        ({ what }) =>
          call(what),
    ],
    [
      'when its run has stored the answer',
      1,
      () =>
        ({ by, what }) =>
          by === 'action' && writes(what),
    ],
  ])('%s', async (_, cancels, moment) => {
    stage = await aFunctionsStage();
    stage.lists(aTask({ startedAt: now - 60_000 }));
    await stage.types('UANN', '/dlq-tasks payments-dlq');
    const clicks = async () => {
      const card = stage.ours().at(-1);
      if (card) await stage.clicks('UBOB', 'Cancel…', card);
    };
    await killed(moment(), clicks);
    await someMinutesPass();
    expect(stage.cancels).toHaveLength(cancels);
    if (cancels === 1) return;
    await stage.types('UANN', '/dlq-tasks payments-dlq');
    await clicks();
    expect(stage.cancels).toHaveLength(1);
  });
});
