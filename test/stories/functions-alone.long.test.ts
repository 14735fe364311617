import { afterEach, describe, expect, test } from 'vitest';
import { anAwsError, aTask, now } from '../support/builders.ts';
import { aFunctionsStage, type FunctionsStage } from './a-functions-stage.ts';
import { buttonsOf } from './an-actions-stage.ts';

let stage: FunctionsStage;
afterEach(() => stage[Symbol.asyncDispose]());

describe('where every request reaches two workers at once', () => {
  async function doubled(given = {}) {
    stage = await aFunctionsStage(given);
    stage.lambda.faults.startsTwice = true;
  }
  const nobodyIsTold = () => expect([stage.told('UANN'), stage.told('UBOB')]).toEqual([[], []]);

  test('one request is posted, approved and started, once each', async () => {
    await doubled();
    const request = await stage.requested();
    await stage.clicks('UBOB', 'Approve', request);
    await stage.timePasses(5);
    expect([stage.starts.length, stage.ours().length]).toEqual([1, 1]);
    expect(stage.shown(request)).toContain('Running');
    nobodyIsTold();
  });

  test('where no one approves, it is started once', async () => {
    await doubled({ withoutApprovers: true });
    const request = await stage.requested();
    await stage.timePasses(5);
    expect([stage.starts.length, stage.ours().length]).toEqual([1, 1]);
    expect(stage.shown(request)).toContain('Running');
    nobodyIsTold();
  });

  test.each([
    ['UBOB', 'Decline', 'declined'],
    ['UANN', 'Withdraw', 'withdrawn'],
  ])('%s clicks %s: that is decided once, and no one is told of another', async (person, button, state) => {
    await doubled();
    const request = await stage.requested();
    await stage.clicks(person, button, request);
    expect((await stage.newest())?.state).toBe(state);
    expect(stage.thread(request).length).toBeLessThan(2);
    nobodyIsTold();
  });

  test('a changed depth is shown, and the two deliveries of one click are not two clicks', async () => {
    await doubled();
    const request = await stage.requested();
    stage.aws.holds({ ok: true, value: { waiting: 5000, inFlight: 0, delayed: 0 } });
    await stage.clicks('UBOB', 'Approve', request);
    await stage.timePasses(5);
    expect(stage.starts).toEqual([]);
    expect(stage.told('UBOB')).toHaveLength(1);
  });

  test('a running redrive is canceled once, and its thread says so once', async () => {
    await doubled();
    stage.lists(aTask({ startedAt: now - 60_000 }));
    await stage.types('UANN', '/dlq-tasks payments-dlq');
    const [card] = stage.ours();
    if (!card) throw new Error('There is no card.');
    await stage.clicks('UBOB', 'Cancel…', card);
    expect([stage.cancels.length, stage.ours().length]).toEqual([1, 1]);
    expect(stage.thread(card)).toHaveLength(1);
    nobodyIsTold();
  });
});

describe('an approval that comes late', () => {
  test('because the run that lets it expire was killed again and again: it is refused', async () => {
    stage = await aFunctionsStage();
    const request = await stage.requested();
    stage.leaps(31);
    stage.lambda.faults.killsAfter = ({ by, what }) => by === 'action' && what.includes('DynamoDB');
    await stage.slack.as('UBOB').clicks(request, 'Approve');
    await stage.answered();
    stage.lambda.faults.killsAfter = () => false;
    await stage.timePasses(5 * 60);
    expect(stage.starts).toEqual([]);
    expect((await stage.newest())?.state).toBe('expired');
    expect(stage.told('UBOB').at(-1)).toContain('expired');
  });

  test('after a deployment: it is decided by the new one', async () => {
    stage = await aFunctionsStage();
    const request = await stage.requested();
    await stage.deploys({ LOG_LEVEL: 'debug' });
    await stage.timePasses(20 * 60);
    await stage.clicks('UBOB', 'Approve', request);
    await stage.timePasses(5);
    expect([stage.starts.length, stage.shown(request)]).toEqual([1, expect.stringContaining('Running')]);
  });
});

test('a redrive that both leave while it runs is in the history, with who and why', async () => {
  stage = await aFunctionsStage();
  const request = await stage.requested();
  await stage.clicks('UBOB', 'Approve', request);
  await stage.timePasses(5);
  for (const person of ['UANN', 'UBOB']) await stage.clicks(person, 'Unwatch', request);
  stage.completes();
  await stage.lambda.invoke('follow', { 'detail-type': 'Scheduled Event' });
  const past = stage.lambda.history.queues.get(stage.queue.arn);
  expect([...(past?.values() ?? [])].map(({ state }) => JSON.parse(state?.S ?? '{}'))).toMatchObject([
    {
      task: { status: 'COMPLETED', moved: 1204 },
      startedHere: { requester: 'UANN', decider: 'UBOB', reason: 'The bug is fixed' },
    },
  ]);
});

describe('DLQ_TASKS_READ_ONLY is set while a request waits', () => {
  const isVoid = (request: { channel: string; ts: string }) => {
    expect(stage.starts).toEqual([]);
    expect(stage.shown(request)).toContain('read-only');
    expect(buttonsOf(stage.ours()[0])).toEqual([]);
  };

  test('an approval is refused, and the message says why', async () => {
    stage = await aFunctionsStage();
    const request = await stage.requested();
    await stage.deploys({ DLQ_TASKS_READ_ONLY: '1' });
    await stage.clicks('UBOB', 'Approve', request);
    isVoid(request);
    expect(stage.told('UBOB').at(-1)).toContain('read-only');
  });

  test.each([
    ['the deployment itself', () => stage.lambda.eventBridge({ source: 'aws.cloudformation' })],
    ['any command', () => stage.types('UANN', '/dlq-tasks help')],
  ])('no one clicks: made known by %s, the request is void within minutes', async (_, makesKnown) => {
    stage = await aFunctionsStage();
    const request = await stage.requested();
    await stage.deploys({ DLQ_TASKS_READ_ONLY: '1' });
    await makesKnown();
    await stage.timePasses(3 * 60);
    isVoid(request);
    expect(stage.thread(request).at(-1)).toContain('<@UANN>');
  });

  test('what may have been started is still found, and nothing can be canceled', async () => {
    stage = await aFunctionsStage({ withoutApprovers: true });
    stage.answers = () => ({ kind: 'unsure', awsError: anAwsError({ kind: 'unreachable' }) });
    const request = await stage.requested();
    await stage.deploys({ DLQ_TASKS_READ_ONLY: '1' });
    await stage.timePasses(2 * 60);
    expect(stage.shown(request)).toContain('Running');
    await stage.types('UANN', '/dlq-tasks cancel payments-dlq');
    expect(stage.cancels).toEqual([]);
  });
});
