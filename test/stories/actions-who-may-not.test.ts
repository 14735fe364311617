import { afterEach, describe, expect, test } from 'vitest';
import { aQueue, aTask } from '../support/builders.ts';
import { type ActionsStage, anActionsStage, buttonsOf, rules } from './an-actions-stage.ts';

let stage: ActionsStage;
afterEach(() => stage[Symbol.asyncDispose]());

const nothingStarted = () => expect(stage.starts).toEqual([]);
const approveValue = (id: string) => JSON.stringify({ id });

describe('a person who may not', () => {
  test('request is told so in the form', async () => {
    stage = await anActionsStage();
    await stage.types('UBOB', '/dlq-tasks redrive payments-dlq');
    expect(stage.formOf('UBOB')).toContain("You can't do this for this queue.");
    expect(stage.formOf('UBOB')).toContain('"submit":null');
  });

  test('of another organization can neither request nor approve, whatever externalPeople says', async () => {
    const access = { channels: [], users: [], userGroups: [], externalPeople: true };
    const userGroups = { SONCALL: ['UANN', 'UEVE'], SLEADS: ['UEVE'] };
    stage = await anActionsStage({ access, slack: { userGroups } });
    await stage.types('UEVE', '/dlq-tasks redrive payments-dlq');
    expect(stage.formOf('UEVE')).toContain("People from other organizations can't do this.");
    const request = await stage.requested();
    await stage.clicks('UEVE', 'Approve', request);
    expect(stage.told('UEVE').at(-1)).toContain("People from other organizations can't do this.");
    nothingStarted();
  });

  test('approve, decline or withdraw is told so, each time', async () => {
    stage = await anActionsStage();
    const request = await stage.requested();
    await stage.clicks('UCYD', 'Approve', request);
    await stage.clicks('UCYD', 'Decline', request);
    await stage.clicks('UCYD', 'Withdraw', request);
    expect(stage.told('UCYD')).toEqual([
      expect.stringContaining("You can't do this for this queue."),
      expect.stringContaining("You can't do this for this queue."),
      expect.stringContaining('Only the requester can withdraw it.'),
    ]);
    nothingStarted();
    expect(stage.shown(request)).toContain('Waiting for approval.');
  });

  test('approve: the requester, even as an approver, whatever else is in the way', async () => {
    stage = await anActionsStage({ slack: { userGroups: { SONCALL: ['UANN'], SLEADS: ['UANN', 'UBOB'] } } });
    const request = await stage.requested();
    stage.lists(aTask());
    await stage.clicks('UANN', 'Approve', request);
    expect(stage.told('UANN').at(-1)).toContain("You can't approve or decline your own request.");
    nothingStarted();
  });

  test('anymore: an approver who was removed from the group a moment ago', async () => {
    stage = await anActionsStage();
    const request = await stage.requested();
    stage.slack.setUserGroup('SLEADS', []);
    await stage.clicks('UBOB', 'Approve', request);
    expect(stage.told('UBOB').at(-1)).toContain("You can't do this for this queue.");
    nothingStarted();
  });

  test('anymore: a requester who was removed invalidates the request', async () => {
    stage = await anActionsStage();
    const request = await stage.requested();
    stage.slack.setUserGroup('SONCALL', []);
    await stage.clicks('UBOB', 'Approve', request);
    expect(stage.shown(request)).toContain('The requester is no longer allowed to request redrives.');
    expect(stage.told('UBOB').at(-1)).toContain('The request is no longer valid.');
    nothingStarted();
  });

  test("be identified: while Slack can't say who is in a group, no one may act", async () => {
    stage = await anActionsStage();
    const request = await stage.requested();
    stage.slack.faults.add({ kind: 'error', method: 'usergroups.users.list', error: 'missing_scope' });
    await stage.clicks('UBOB', 'Approve', request);
    expect(stage.told('UBOB').at(-1)).toContain('the bot needs the scope `usergroups:read`');
    nothingStarted();
  });

  test('see the queue gets the same answer as if it were not listed', async () => {
    const hidden = aQueue({ name: 'billing-dlq', channels: ['COPS'], redrive: rules });
    stage = await anActionsStage({ more: [hidden] });
    await stage.types('UANN', '/dlq-tasks redrive billing-dlq');
    expect(stage.formOf('UANN')).not.toContain('1,204');
    expect(stage.formOf('UANN')).toContain('billing-dlq');
    await stage.types('UANN', '/dlq-tasks redrive billings-dlq');
    expect(stage.formOf('UANN')).not.toContain('`billing-dlq`');
  });
});

describe('a forged or replayed click', () => {
  test('with the id of another request, or on another message, decides nothing', async () => {
    stage = await anActionsStage();
    const request = await stage.requested();
    const action = await stage.newest();
    await stage.types('UANN', '/dlq-tasks payments-dlq');
    const card = stage.ours().at(-1);
    if (!card || !action) throw new Error('no card');
    await stage.clicks('UBOB', 'Approve', request, approveValue('nobody'));
    await stage.clicks('UBOB', 'Approve', request, '{"id":7}');
    await stage.clicks('UBOB', 'Redrive…', card, approveValue(action.id));
    expect(stage.told('UBOB').slice(0, 2)).toEqual([
      expect.stringContaining('This button no longer works'),
      expect.stringContaining('This button no longer works'),
    ]);
    nothingStarted();
  });

  test("with another request's id decides neither of them", async () => {
    stage = await anActionsStage({ more: [aQueue({ name: 'refunds-dlq', redrive: rules })] });
    const request = await stage.requested();
    await stage.types('UCYD', '/dlq-tasks redrive refunds-dlq');
    await stage.submits('UCYD');
    const other = await stage.newest();
    await stage.clicks('UBOB', 'Approve', request, approveValue(other?.id ?? ''));
    expect(stage.told('UBOB').at(-1)).toContain('This button no longer works');
    nothingStarted();
  });

  test('on Approve counts once', async () => {
    stage = await anActionsStage();
    const request = await stage.requested();
    await Promise.all([
      stage.slack.as('UBOB').clicks(request, 'Approve'),
      stage.slack.as('UBOB').clicks(request, 'Approve'),
    ]);
    await stage.settle();
    await stage.timePasses(3);
    expect(stage.starts).toHaveLength(1);
  });

  test('a submission for a queue that is hidden or not listed starts nothing', async () => {
    const hidden = aQueue({ name: 'billing-dlq', channels: ['COPS'], redrive: rules });
    stage = await anActionsStage({ more: [hidden], withoutApprovers: true });
    await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
    const view = stage.slack.as('UANN').modal();
    if (!view) throw new Error('no form');
    view.private_metadata = JSON.stringify({ q: hidden.arn, c: 'CGENERAL' });
    await stage.submits('UANN');
    expect(stage.told('UANN').at(-1)).toContain("The settings don't list such a queue for this channel.");
    nothingStarted();
  });

  test('the same submission twice makes one request, and shows the open one', async () => {
    stage = await anActionsStage();
    await stage.requested();
    await stage.types('UCYD', '/dlq-tasks redrive payments-dlq');
    expect(stage.formOf('UCYD')).toContain(
      'Already open: Redrive requested by <@UANN> · waiting for approval',
    );
    expect(stage.formOf('UCYD')).toContain('"submit":null');
  });
});

describe('two people at once', () => {
  test('two requests for one queue: the second person sees the first request and what they typed', async () => {
    stage = await anActionsStage();
    await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
    await stage.types('UCYD', '/dlq-tasks redrive payments-dlq');
    await stage.submits('UANN');
    await stage.submits('UCYD', { Reason: 'I need it, too' });
    expect(stage.ours()).toHaveLength(1);
    expect(stage.told('UCYD').at(-1)).toContain('Already open: Redrive requested by <@UANN>');
    expect(stage.told('UCYD').at(-1)).toContain('reason `I need it, too`');
  });

  test('two decisions: one wins, and the other learns who was faster', async () => {
    stage = await anActionsStage({ slack: { userGroups: { SONCALL: ['UANN'], SLEADS: ['UBOB', 'UCYD'] } } });
    const request = await stage.requested();
    await Promise.all([
      stage.slack.as('UBOB').clicks(request, 'Decline'),
      stage.slack.as('UCYD').clicks(request, 'Decline'),
    ]);
    await stage.settle();
    const late = [...stage.told('UBOB'), ...stage.told('UCYD')];
    expect(late).toEqual([
      expect.stringMatching(/already declined by <@U(BOB|CYD)>\. <@U\1> got there first\./),
    ]);
    expect(stage.shown(request)).toMatch(/\*Declined\* by <@U(?:BOB|CYD)>/);
    expect(stage.thread(request).at(-1)).toMatch(/<@UANN>, <@U(?:BOB|CYD)> declined your request\./);
    expect(buttonsOf(stage.ours()[0])).toEqual([]);
    nothingStarted();
  });
});

describe('while nothing may start', () => {
  test.each(['RUNNING', 'CANCELLING'] as const)(
    'because a redrive is %s, the form says so',
    async (status) => {
      stage = await anActionsStage();
      stage.lists(aTask({ status, statusText: status }));
      await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
      expect(stage.formOf('UANN')).toContain('✗ A redrive is');
      expect(stage.formOf('UANN')).toContain('"submit":null');
    },
  );

  test('because one started meanwhile, Approve says so and the request stays', async () => {
    stage = await anActionsStage();
    const request = await stage.requested();
    stage.lists(aTask({ status: 'CANCELLING', statusText: 'CANCELLING' }));
    await stage.clicks('UBOB', 'Approve', request);
    expect(stage.told('UBOB').at(-1)).toContain('✗ A redrive is still being canceled');
    expect(stage.shown(request)).toContain('Waiting for approval.');
    nothingStarted();
  });

  test('because the bot is read-only: no button, and an explanation for the command', async () => {
    stage = await anActionsStage({ readOnly: true });
    await stage.types('UANN', '/dlq-tasks payments-dlq');
    expect(buttonsOf(stage.ours()[0])).not.toContain('redrive');
    await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
    expect(stage.formOf('UANN')).toContain('The bot is read-only right now');
    await stage.types('UANN', '/dlq-tasks help');
    expect(stage.told('UANN').at(-1)).not.toContain('redrive <queue>');
  });
});

test("where the bot can't post, requests nothing and asks the person to invite it", async () => {
  stage = await anActionsStage();
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq', 'CRANDOM');
  await stage.submits('UANN');
  const direct = stage.slack.callsOf('chat.postMessage').at(-1);
  expect(JSON.stringify(direct)).toContain('/invite @dlq-tasks');
  expect(await stage.openOf()).toBeUndefined();
  nothingStarted();
});
