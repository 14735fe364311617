import { afterEach, expect, test } from 'vitest';
import { anAwsError, aTask, now } from '../support/builders.ts';
import { type ActionsStage, anActionsStage, buttonsOf, rules } from './an-actions-stage.ts';

let stage: ActionsStage;
afterEach(() => stage[Symbol.asyncDispose]());

const holds = (waiting: number) => stage.aws.holds({ ok: true, value: { waiting, inFlight: 0, delayed: 0 } });

test('Ann withdraws her request, and its buttons go', async () => {
  stage = await anActionsStage();
  const request = await stage.requested();
  await stage.clicks('UANN', 'Withdraw', request);
  expect(stage.shown(request)).toContain('*Withdrawn* by the requester.');
  expect(buttonsOf(stage.ours()[0])).toEqual([]);
  expect(stage.starts).toEqual([]);
});

test('no one decides: the group is reminded once halfway, then the request expires', async () => {
  stage = await anActionsStage();
  const request = await stage.requested();
  stage.leaps(15);
  await stage.timePasses(2);
  stage.leaps(10);
  await stage.timePasses(2);
  const reminders = stage.thread(request).filter((text) => text.includes('is still waiting for approval'));
  expect(reminders).toEqual([expect.stringContaining('<!subteam^SLEADS>')]);
  stage.leaps(6);
  await stage.timePasses(2);
  expect(stage.shown(request)).toContain('*Expired.*');
  expect(stage.thread(request).at(-1)).toContain('<@UANN>, no one approved your request in time.');
  expect(buttonsOf(stage.ours()[0])).toEqual([]);
});

test('its message is deleted: it is posted again once, then no longer valid, and the queue is free again', async () => {
  stage = await anActionsStage();
  const first = await stage.requested();
  const remove = async ({ channel, ts }: { channel: string; ts: string }) =>
    stage.slack.perform({ do: 'delete', channel, ts });
  await remove(first);
  await stage.types('UCYD', '/dlq-tasks redrive payments-dlq');
  await stage.settle();
  const again = stage.ours().at(-1);
  expect(again?.ts).not.toBe(first.ts);
  expect(again?.text).toContain('Waiting for approval');
  if (again) await remove(again);
  await stage.timePasses(15 * 60 + 5);
  expect(stage.ours().at(-1)?.text).toContain(
    '<@UANN>, your request is no longer valid. Its message was deleted twice.',
  );
  expect(await stage.openOf()).toBeUndefined();
});

test('the queue has changed: the first click shows the new number, the second one counts', async () => {
  stage = await anActionsStage();
  const request = await stage.requested();
  holds(5_000);
  await stage.clicks('UBOB', 'Approve', request);
  expect(stage.starts).toEqual([]);
  expect(stage.told('UBOB').at(-1)).toContain('about 5,000 messages (it had 1,204 before)');
  expect(stage.shown(request)).toContain('about 5,000 messages now');
  await stage.clicks('UBOB', 'Approve', request);
  await stage.timePasses(3);
  expect(stage.starts).toHaveLength(1);
});

test('after five minutes, the number is shown again', async () => {
  stage = await anActionsStage();
  const request = await stage.requested();
  holds(5_000);
  await stage.clicks('UBOB', 'Approve', request);
  stage.leaps(6);
  await stage.clicks('UBOB', 'Approve', request);
  expect(stage.starts).toEqual([]);
});

test('AWS refuses: the thread names action, role, and reason, and the form reopens with what was typed', async () => {
  stage = await anActionsStage({ withoutApprovers: true });
  const detail = 'no identity-based policy allows sqs:StartMessageMoveTask';
  stage.answers = () => ({
    kind: 'rejected',
    awsError: anAwsError({ action: 'sqs:StartMessageMoveTask', roleArn: rules.role.arn, detail }),
  });
  const request = await stage.requested();
  expect(stage.shown(request)).toContain('*AWS refused it.*');
  const said = stage.slack.thread(request.channel, request.ts).at(-1);
  expect(said?.text).toContain(`\`sqs:StartMessageMoveTask\` with the role \`${rules.role.arn}\``);
  expect(said?.text).toContain(detail);
  if (said) await stage.clicks('UANN', 'Open the form again…', said);
  expect(stage.formOf('UANN')).toContain('"initial_value":"The bug is fixed"');
});

test("the role can't be assumed because AWS is unreachable: says that nothing was sent, and it can be started again", async () => {
  stage = await anActionsStage({ withoutApprovers: true });
  stage.isReachable = false;
  const request = await stage.requested();
  expect(stage.shown(request)).toContain("*Not started:* AWS couldn't be reached.");
  const said = stage.slack.thread(request.channel, request.ts).at(-1);
  expect(said?.text).toContain("nothing was started: AWS couldn't be reached");
  expect(said?.text).not.toMatch(/refused to start|AWS said/);
  if (said) await stage.clicks('UANN', 'Start again…', said);
  expect(stage.formOf('UANN')).toContain('"initial_value":"The bug is fixed"');
});

test('the answer is lost but it started: the message becomes its card', async () => {
  stage = await anActionsStage({ withoutApprovers: true });
  stage.answers = () => ({ kind: 'unsure', awsError: anAwsError({ kind: 'unreachable' }) });
  const request = await stage.requested();
  await stage.timePasses(15);
  expect(stage.starts).toHaveLength(1);
  expect(stage.shown(request)).toContain('Running');
  expect(stage.shown(request)).toContain('Started by <@UANN>: `The bug is fixed`');
});

test('the answer is lost and nothing started: after a minute of polls it says so, with a button', async () => {
  stage = await anActionsStage({ withoutApprovers: true });
  stage.answers = () => ({ kind: 'unsure', awsError: anAwsError({ kind: 'unreachable' }) });
  stage.becomes = undefined;
  await stage.requested();
  await stage.timePasses(90);
  const [request] = stage.ours();
  expect(request?.text).toContain('*Not started.*');
  if (request) await stage.clicks('UANN', 'Start again…', request);
  expect(stage.formOf('UANN')).toContain('"initial_value":"The bug is fixed"');
  expect(stage.starts).toHaveLength(1);
});

test('after CouldNotDetermineMessageSource, a listed destination must be chosen', async () => {
  const archive = 'arn:aws:sqs:eu-west-1:111122223333:payments-archive';
  stage = await anActionsStage({ withoutApprovers: true, rules: { destinations: [archive] } });
  stage.lists(
    aTask({ status: 'FAILED', failureReason: 'CouldNotDetermineMessageSource', startedAt: now - 9e6 }),
  );
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  expect(stage.formOf('UANN')).toContain("✗ SQS doesn't know where");
  await stage.submits('UANN');
  expect(stage.starts).toEqual([]);
  expect(stage.told('UANN').at(-1)).toContain('Choose a destination');
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  await stage.submits('UANN', { Reason: 'The bug is fixed', Destination: archive });
  expect(stage.starts).toMatchObject([{ destinationArn: archive }]);
});

test('requests go to their own channel, with a link to where they were made, and the person gets a link', async () => {
  stage = await anActionsStage({ rules: { channel: 'COPS' } });
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  await stage.submits('UANN');
  expect(stage.ours()).toEqual([]);
  expect(stage.ours('COPS').at(-1)?.text).toContain('Asked in: <#CGENERAL>');
  expect(stage.told('UANN').at(-1)).toContain('Your request was posted in <#COPS>');
});

test('answers an expired trigger with a button that opens the form', async () => {
  stage = await anActionsStage();
  stage.slack.faults.add({ kind: 'error', method: 'views.open', error: 'expired_trigger_id', times: 1 });
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq 7');
  const offer = stage.slack.privateWords('UANN').at(-1);
  expect(offer?.text).toContain("Slack didn't open the form in time.");
  if (offer) await stage.clicks('UANN', 'Open the form…', offer);
  expect(stage.formOf('UANN')).toContain('"initial_value":"7"');
});

test("announces a redrive in a channel that follows the queue with who and why, not as someone else's", async () => {
  stage = await anActionsStage({ withoutApprovers: true, queue: { notify: 'COPS' } });
  await stage.timePasses(2);
  await stage.requested();
  await stage.timePasses(180);
  expect(stage.ours('COPS')).toHaveLength(1);
  expect(stage.ours('COPS')[0]?.text).toMatch(
    /Started by <@UANN>: `The bug is fixed` · <http\S+CGENERAL\/p\d+\|the request>/,
  );
  expect(stage.ours()[0]?.text).not.toContain('the request>');
});

test('where it is followed elsewhere, a start of which the answer was lost is announced as ours, too', async () => {
  stage = await anActionsStage({ withoutApprovers: true, queue: { notify: 'COPS' } });
  await stage.timePasses(2);
  stage.answers = () => ({ kind: 'unsure', awsError: anAwsError({ kind: 'unreachable' }) });
  await stage.requested();
  await stage.timePasses(180);
  const posts = stage.slack.callsOf('chat.postMessage').filter(({ args }) => args['channel'] === 'COPS');
  expect(posts.map(({ args }) => args['text'])).toEqual([
    expect.stringMatching(/Started by <@UANN>: `The bug is fixed` · <http/),
  ]);
});

test('an approval that comes when the time is up starts nothing, and is told so', async () => {
  stage = await anActionsStage();
  const request = await stage.requested();
  stage.leaps(31);
  await stage.clicks('UBOB', 'Approve', request);
  expect(stage.starts).toEqual([]);
  expect((await stage.newest())?.state).toBe('expired');
  expect(stage.told('UBOB').at(-1)).toContain('expired');
});

test('posts one card if the same channel follows the queue', async () => {
  stage = await anActionsStage({ withoutApprovers: true, queue: { notify: 'CGENERAL' } });
  await stage.timePasses(2);
  await stage.requested();
  await stage.timePasses(180);
  expect(stage.ours()).toHaveLength(1);
});

test('while a request waits, announces a redrive that starts elsewhere at once, as not ours', async () => {
  stage = await anActionsStage({ queue: { notify: 'COPS' } });
  await stage.timePasses(2);
  await stage.requested();
  stage.startsElsewhere({ customRate: 10 });
  await stage.timePasses(180);
  expect(stage.ours('COPS')).toHaveLength(1);
  expect(stage.ours('COPS')[0]?.text).not.toContain('UANN');
  expect(stage.ours()[0]?.text).toContain('Waiting for approval');
});

test('announces a redrive that starts elsewhere while ours is unsure, once that is resolved', async () => {
  stage = await anActionsStage({ withoutApprovers: true, queue: { notify: 'COPS' } });
  await stage.timePasses(2);
  stage.answers = () => {
    stage.startsElsewhere({ customRate: 33 });
    throw new Error('the connection broke');
  };
  await stage.requested();
  await stage.timePasses(50);
  expect(stage.ours('COPS')).toEqual([]);
  await stage.timePasses(150);
  expect(stage.ours()[0]?.text).toContain('*Not started.*');
  expect(stage.ours('COPS')).toHaveLength(1);
  expect(stage.ours('COPS')[0]?.text).not.toContain('UANN');
});
