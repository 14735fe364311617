import { afterEach, expect, test } from 'vitest';
import { aTask } from '../support/builders.ts';
import { type ActionsStage, anActionsStage, buttonsOf, form } from './an-actions-stage.ts';

let stage: ActionsStage;
afterEach(() => stage[Symbol.asyncDispose]());

test('Ann requests a redrive, Bob approves it, and its message becomes the card that both watch', async () => {
  stage = await anActionsStage();
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq 20');
  expect(stage.formOf('UANN')).toContain('1,204');
  expect(stage.formOf('UANN')).toContain('✓ No redrive is active');
  expect(stage.formOf('UANN')).toContain('"initial_value":"20"');
  expect(await stage.submits('UANN', { Reason: 'The bug is fixed' })).toEqual({ ok: true });
  const [request] = stage.ours();
  if (!request) throw new Error(stage.told('UANN').join('\n'));
  expect(request.text).toContain('Waiting for approval.');
  expect(request.text).toContain('<!subteam^SLEADS>');
  expect(request.text).toContain('`The bug is fixed`');
  expect(buttonsOf(request)).toEqual(['approve-redrive', 'decline-redrive', 'withdraw-redrive']);
  await stage.clicks('UBOB', 'Approve', request);
  await stage.timePasses(5);
  expect(stage.starts).toEqual([{ rate: 20, people: { requester: 'UANN', decider: 'UBOB' } }]);
  expect(stage.shown(request)).toContain('Running');
  expect(stage.shown(request)).toContain('Requested by <@UANN>, approved by <@UBOB>: `The bug is fixed`');
  expect(stage.shown(request)).toContain('Watched by <@UANN>, <@UBOB>');
  expect(stage.ours()).toHaveLength(1);
  stage.completes();
  await stage.timePasses(120);
  expect(stage.thread(request).at(-1)).toContain(
    'Requested by <@UANN>, approved by <@UBOB>: `The bug is fixed`',
  );
});

test('the form forecasts once when the highest rate makes no difference', async () => {
  stage = await anActionsStage({ rules: { messagesPerSecond: { default: 40, max: 50 } } });
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  expect(stage.formOf('UANN').match(/less than a minute/g)).toHaveLength(1);
});

test('without approvers, the submission starts it', async () => {
  stage = await anActionsStage({ withoutApprovers: true });
  const request = await stage.requested();
  await stage.timePasses(5);
  expect(stage.starts).toHaveLength(1);
  expect(stage.shown(request)).toContain('Started by <@UANN>: `The bug is fixed`');
});

test('the form opens before any check, and names no queue until the person is known', async () => {
  stage = await anActionsStage();
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  const methods = stage.slack.calls.map(({ method }) => method);
  expect(methods.filter((method) => method !== 'auth.test')[0]).toBe('views.open');
  expect(JSON.stringify(stage.slack.callsOf('views.open')[0])).not.toContain('payments-dlq');
});

test('a card offers the form if messages are waiting, and the request is posted in the same thread', async () => {
  stage = await anActionsStage();
  await stage.types('UANN', '/dlq-tasks payments-dlq');
  const card = stage.ours()[0];
  if (!card) throw new Error('no card');
  expect(buttonsOf(card)).toContain('redrive');
  await stage.clicks('UANN', 'Redrive…', card);
  await stage.submits('UANN');
  expect(stage.ours()).toHaveLength(2);
  expect(stage.ours()[0]?.text).toBe(card.text);
});

test('answers a mention with a button that opens it', async () => {
  stage = await anActionsStage();
  await stage.types('UANN', '@dlq-tasks redrive payments-dlq');
  const offer = await stage.slack.until(() => stage.slack.privateWords('UANN').at(-1));
  await stage.clicks('UANN', 'Open the form…', offer);
  expect(stage.formOf('UANN')).toContain('1,204');
  await stage.submits('UANN');
  const parent = stage.slack.messages('CGENERAL')[0];
  expect(parent && stage.thread(parent).at(-1)).toContain('Waiting for approval.');
});

test('the table of the last redrives says who and why', async () => {
  stage = await anActionsStage({ withoutApprovers: true });
  await stage.requested();
  await stage.timePasses(5);
  const [mine] = stage.tasks;
  if (!mine) throw new Error('not started');
  stage.lists(aTask({ startedAt: stage.backing.clock + 60_000 }), {
    ...mine,
    status: 'COMPLETED',
    statusText: 'COMPLETED',
  });
  await stage.types('UANN', '/dlq-tasks payments-dlq 10');
  expect(stage.ours().at(-1)?.text).toContain('Started by <@UANN>: `The bug is fixed`');
  expect(JSON.stringify(stage.ours().at(-1)?.blocks)).toContain('"user_id":"UANN"');
});

test('shows errors beside the fields for a submission that no form allows', async () => {
  stage = await anActionsStage();
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  const forged = { 'Messages per second': '500', Reason: 'no' };
  expect(await stage.submits('UANN', forged, { unchecked: true })).toMatchObject({
    ok: false,
    errors: { rate: 'Enter a whole number from 1 to 50.', reason: 'Give a reason of 3 to 300 characters.' },
  });
  expect(await stage.submits('UANN', form)).toEqual({ ok: true });
  expect(stage.ours()).toHaveLength(1);
});
