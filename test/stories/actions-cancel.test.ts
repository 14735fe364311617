import { afterEach, expect, test } from 'vitest';
import { anAwsError, aTask, now } from '../support/builders.ts';
import { type ActionsStage, anActionsStage, buttonsOf } from './an-actions-stage.ts';

let stage: ActionsStage;
afterEach(() => stage[Symbol.asyncDispose]());

const running = aTask({ startedAt: now - 60_000 });

async function cardOf(person = 'UANN') {
  stage.lists(running);
  await stage.types(person, '/dlq-tasks payments-dlq');
  const card = stage.ours().at(-1);
  if (!card) throw new Error('no card');
  return card;
}

test('Cancel… on a running card shows numbers, cancels, and the thread says who did it', async () => {
  stage = await anActionsStage();
  const card = await cardOf();
  expect(buttonsOf(card)).toContain('cancel-redrive');
  expect(JSON.stringify(card.blocks)).toContain(
    '620 of 1,000 messages moved. Messages already moved stay moved',
  );
  await stage.clicks('UBOB', 'Cancel…', card);
  expect(stage.cancels).toEqual([
    { startedAt: now - 60_000, people: { requester: 'UBOB', decider: 'UBOB' } },
  ]);
  expect(stage.thread(card)).toEqual([
    '🛑 <@UBOB> canceled the redrive of `payments-dlq`. A few more messages may still move.',
  ]);
  expect(stage.shown(card)).not.toContain('Running');
});

test('a typed cancel asks privately first', async () => {
  stage = await anActionsStage();
  stage.lists(running);
  await stage.types('UANN', '/dlq-tasks cancel payments-dlq');
  expect(stage.cancels).toEqual([]);
  const question = stage.slack.privateWords('UANN').at(-1);
  if (!question) throw new Error('no question');
  expect(question.text).toContain('*Cancel the redrive of `payments-dlq`?* 620 of 1,000 messages moved');
  await stage.clicks('UANN', 'Cancel redrive', question);
  expect(stage.cancels).toHaveLength(1);
  expect(stage.ours().at(-1)?.text).toContain('<@UANN> canceled the redrive');
});

test('with nothing running there is nothing to cancel', async () => {
  stage = await anActionsStage();
  await stage.types('UANN', '/dlq-tasks cancel payments-dlq');
  expect(stage.told('UANN').at(-1)).toContain('No redrive of `payments-dlq` is running');
});

test('someone on neither list may not cancel', async () => {
  stage = await anActionsStage({ slack: { userGroups: { SONCALL: ['UANN'], SLEADS: ['UBOB'] } } });
  const card = await cardOf();
  await stage.clicks('UCYD', 'Cancel…', card);
  expect(stage.told('UCYD').at(-1)).toContain("You can't do this for this queue.");
  expect(stage.cancels).toEqual([]);
});

test('a redrive that started elsewhere can be canceled while a request waits', async () => {
  stage = await anActionsStage();
  await stage.requested();
  const card = await cardOf();
  await stage.clicks('UANN', 'Cancel…', card);
  expect(stage.cancels).toHaveLength(1);
});

test('the thread reports a redrive that had ended, and a refusal by AWS', async () => {
  stage = await anActionsStage();
  const card = await cardOf();
  stage.answers = () => ({ kind: 'had-ended' });
  await stage.clicks('UANN', 'Cancel…', card);
  expect(stage.thread(card).at(-1)).toContain('had already ended');
  const awsError = anAwsError({ action: 'sqs:CancelMessageMoveTask', detail: 'not authorized to cancel' });
  stage.answers = () => ({ kind: 'rejected', awsError });
  await stage.types('UANN', '/dlq-tasks payments-dlq');
  const next = stage.ours().at(-1);
  if (!next) throw new Error('no card');
  await stage.clicks('UANN', 'Cancel…', next);
  expect(stage.thread(next).at(-1)).toContain('was not canceled');
  expect(stage.thread(next).at(-1)).toContain('AWS said: `not authorized to cancel`');
});

test('names who canceled on the card, in the end notification, and in the table', async () => {
  stage = await anActionsStage();
  const card = await cardOf();
  await stage.clicks('UCYD', 'Watch', card);
  await stage.clicks('UBOB', 'Cancel…', card);
  expect(stage.shown(card)).toContain('🛑 Canceled by <@UBOB>');
  expect(stage.shown(card)).not.toContain('Started by <@UBOB>');
  stage.cancelled();
  await stage.timePasses(60);
  expect(stage.shown(card)).toContain('🛑 Canceled by <@UBOB>');
  const end = stage.thread(card).find((text) => text.includes('<@UCYD>') && text.includes('anceled'));
  expect(end).toContain('🛑 Canceled by <@UBOB>');
  stage.lists(aTask({ startedAt: now, status: 'COMPLETED' }), ...stage.tasks);
  await stage.types('UANN', '/dlq-tasks payments-dlq 10');
  expect(stage.ours().at(-1)?.text).toContain('Canceled by <@UBOB>');
});

test('names both people if a redrive was started and canceled here', async () => {
  stage = await anActionsStage({ withoutApprovers: true });
  const request = await stage.requested();
  await stage.timePasses(5);
  await stage.clicks('UCYD', 'Cancel…', request);
  stage.cancelled();
  await stage.timePasses(60);
  expect(stage.shown(request)).toContain('Started by <@UANN>: `The bug is fixed` · 🛑 Canceled by <@UCYD>');
});

test('posts once in the channel despite a locked thread and a lost answer', async () => {
  stage = await anActionsStage();
  const card = await cardOf();
  const isReply = ({ thread_ts }: Record<string, unknown>) => thread_ts !== undefined;
  const { faults } = stage.slack;
  faults.add({ kind: 'error', error: 'thread_locked', method: 'chat.postMessage', when: isReply });
  faults.add({
    kind: 'stored-then-reset',
    method: 'chat.postMessage',
    times: 1,
    when: (args) => !isReply(args),
  });
  await stage.clicks('UBOB', 'Cancel…', card);
  await stage.timePasses(60);
  const told = stage.ours().filter(({ text }) => text.includes('<@UBOB> canceled the redrive'));
  expect(told).toHaveLength(1);
});
