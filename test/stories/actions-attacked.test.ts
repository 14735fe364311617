import { afterEach, expect, test } from 'vitest';
import { anAwsError } from '../support/builders.ts';
import { type ActionsStage, anActionsStage, buttonsOf } from './an-actions-stage.ts';

let stage: ActionsStage;
afterEach(() => stage[Symbol.asyncDispose]());

const refuses = (method: string, error: string, more = {}) =>
  stage.slack.faults.add({ kind: 'error', method, error, ...more });
type Args = Record<string, unknown>;
const inTheChannel = { when: ({ channel }: Args) => channel === 'CGENERAL' };
const direct = (person: string) =>
  stage.slack
    .callsOf('chat.postMessage')
    .map((call) => JSON.stringify(call))
    .filter((call) => call.includes(`"channel":"${person}"`));

test('one form makes one request, even if it is submitted again later', async () => {
  stage = await anActionsStage({ withoutApprovers: true });
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  const view = structuredClone(stage.slack.as('UANN').modal());
  await stage.submits('UANN');
  await stage.timePasses(3);
  stage.completes();
  await stage.timePasses(3);
  await stage.submitsForged('UANN', { ...view }, { rate: '10', reason: 'again' });
  await stage.timePasses(3);
  expect(stage.starts).toHaveLength(1);
});

test("a request that can't be posted now or later is not lost silently", async () => {
  stage = await anActionsStage();
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  const limited = {
    kind: 'rate-limited',
    method: 'chat.postMessage',
    retryAfterSeconds: 5,
    times: 1,
  } as const;
  stage.slack.faults.add(limited);
  await stage.submits('UANN');
  refuses('chat.postMessage', 'not_in_channel', inTheChannel);
  await stage.timePasses(20);
  expect(direct('UANN').join()).toContain('Invite the bot, then request it again.');
});

test('an outcome that the channel refuses is sent as a direct message', async () => {
  stage = await anActionsStage();
  const request = await stage.requested();
  refuses('chat.postMessage', 'is_archived', inTheChannel);
  await stage.clicks('UBOB', 'Decline', request);
  await stage.timePasses(20);
  expect(direct('UANN').join()).toContain('declined your request');
});

test('a channel that was archived for a while shows how a request ended', async () => {
  stage = await anActionsStage();
  const request = await stage.requested();
  refuses('chat.update', 'is_archived');
  await stage.clicks('UBOB', 'Decline', request);
  await stage.timePasses(20);
  expect(stage.shown(request)).toContain('Waiting for approval.');
  stage.slack.faults.clear();
  await stage.timePasses(60);
  expect(stage.shown(request)).toContain('*Declined* by');
});

test("falls back to plain text if Slack refuses an edit's blocks", async () => {
  stage = await anActionsStage();
  const request = await stage.requested();
  refuses('chat.update', 'invalid_blocks', {
    when: ({ blocks }: Args) => !!blocks && String(blocks) !== '[]',
  });
  await stage.clicks('UBOB', 'Decline', request);
  await stage.timePasses(20);
  expect(stage.shown(request)).toContain('*Declined* by');
});

test('can still decide a request whose blocks Slack refuses', async () => {
  stage = await anActionsStage();
  const hasHeader = ({ blocks }: Args) => String(blocks).includes('"header"');
  refuses('chat.postMessage', 'invalid_blocks', { when: hasHeader });
  const request = await stage.requested();
  expect(JSON.stringify(request.blocks)).toContain('The bug is fixed');
  await stage.clicks('UBOB', 'Approve', request);
  expect(stage.starts).toHaveLength(1);
});

test('retries after an unknown refusal, less and less often', async () => {
  stage = await anActionsStage();
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  refuses('chat.postMessage', 'never_heard_of', inTheChannel);
  await stage.submits('UANN');
  expect(stage.told('UANN').at(-1)).toContain('Your request is saved.');
  await stage.timePasses(120);
  expect(stage.slack.callsOf('chat.postMessage').length).toBeLessThan(8);
  stage.slack.faults.clear();
  await stage.timePasses(120);
  expect(stage.ours()[0]?.text).toContain('Waiting for approval.');
});

test('reminds no one of a request that was withdrawn before Slack accepted the reminder', async () => {
  stage = await anActionsStage();
  const request = await stage.requested();
  stage.slack.faults.add({
    kind: 'rate-limited',
    method: 'chat.postMessage',
    retryAfterSeconds: 20,
    times: 1,
  });
  stage.leaps(15);
  await stage.timePasses(2);
  await stage.clicks('UANN', 'Withdraw', request);
  await stage.timePasses(60);
  expect(stage.shown(request)).toContain('*Withdrawn*');
  expect(stage.thread(request)).toEqual([]);
});

test('three hundred approvers fit into a request', async () => {
  const users = Array.from({ length: 300 }, (_, i) => `U0123456${100 + i}`);
  stage = await anActionsStage({ rules: { approvers: { users: [...users, 'UBOB'], userGroups: [] } } });
  const request = await stage.requested();
  expect(buttonsOf(stage.ours()[0])).toContain('approve-redrive');
  await stage.clicks('UCYD', 'Approve', request);
  expect(stage.told('UCYD').at(-1)).toContain('281 more');
});

test('a redrive that has ended before SQS lists it', async () => {
  stage = await anActionsStage({ withoutApprovers: true });
  stage.becomes = { status: 'COMPLETED', statusText: 'COMPLETED', moved: 1204 };
  await stage.requested();
  await stage.timePasses(10);
  expect(stage.ours()[0]?.text).toContain('Completed');
});

test('a reason pings no one and stays on its line', async () => {
  stage = await anActionsStage();
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  const reason =
    '<!channel> @here <@UBOB> <https://evil|x> `a`\n*b* \u202Eabc http://e.com :fire: <!subteam^S1>';
  await stage.submits('UANN', { Reason: reason });
  const [request] = stage.ours();
  if (request) await stage.clicks('UBOB', 'Approve', request);
  await stage.timePasses(5);
  stage.completes();
  await stage.timePasses(60);
  await stage.types('UANN', '/dlq-tasks payments-dlq 10');
  const calls = ['chat.postMessage', 'chat.update'].flatMap((method) => stage.slack.callsOf(method));
  // Slack shows the text of rich text as it is.
  const all = JSON.stringify(calls).replaceAll(/{\\+"type\\+":\\+"rich_text_quote\\+".*?]}/g, '');
  expect(all).not.toMatch(/<!channel>|<https:..evil|<!subteam.S1>/);
  expect(all).not.toContain('\u202E');
});

test.each(['&<'.repeat(150), '\u{1F525}'.repeat(150)])(
  'a reason of 300 characters is shown in full: %s',
  async (reason) => {
    stage = await anActionsStage();
    await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
    await stage.submits('UANN', { Reason: reason });
    const [request] = stage.ours();
    const shown = reason.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    expect(request?.text).toContain(`\`${shown}\``);
    if (request) await stage.clicks('UBOB', 'Approve', request);
    await stage.timePasses(5);
    expect(stage.ours()[0]?.text).toContain(`\`${shown}\``);
    expect(JSON.stringify(stage.ours()[0]?.blocks)).toContain(shown);
  },
);

test('a double click does not start a redrive when the depth has changed', async () => {
  stage = await anActionsStage();
  const request = await stage.requested();
  stage.aws.holds({ ok: true, value: { waiting: 5000, inFlight: 0, delayed: 0 } });
  await Promise.all([1, 2, 3].map(() => stage.slack.as('UBOB').clicks(request, 'Approve')));
  await stage.settle();
  expect(stage.starts).toHaveLength(0);
});

test.each([-3_600_000, -86_400_000])(
  'the clock goes back by %d ms while waiting for the answer',
  async (step) => {
    stage = await anActionsStage({ withoutApprovers: true });
    stage.answers = () => {
      stage.backing.clock += step;
      return { kind: 'unsure', awsError: anAwsError({ kind: 'unreachable' }) };
    };
    stage.becomes = undefined;
    await stage.requested();
    const before = stage.aws.asked.length;
    await stage.timePasses(120);
    expect(stage.aws.asked.length - before).toBeLessThan(30);
    expect(stage.ours()[0]?.text).toContain('Not started');
  },
);

test('the clock goes back later, while it is unsure', async () => {
  stage = await anActionsStage({ withoutApprovers: true });
  stage.answers = () => ({ kind: 'unsure', awsError: anAwsError({ kind: 'unreachable' }) });
  stage.becomes = undefined;
  await stage.requested();
  await stage.timePasses(20);
  stage.backing.clock -= 3_600_000;
  await stage.timePasses(180);
  expect(stage.ours()[0]?.text).toContain('Not started');
});
