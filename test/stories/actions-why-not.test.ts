import { afterEach, describe, expect, test } from 'vitest';
import { aQueue } from '../support/builders.ts';
import { type ActionsStage, anActionsStage } from './an-actions-stage.ts';

let stage: ActionsStage;
afterEach(() => stage[Symbol.asyncDispose]());

describe('redrives are off for a queue, and the answer says why', () => {
  test.each([
    ['its own `redrive: off`', { noRedrive: 'off' } as const, 'settings say `redrive: off`'],
    ['no role', { noRedrive: 'no-role' } as const, 'name no `redriveRoleArn` for it or its account'],
    ['nothing at all', {}, 'have no `redrive` section'],
  ])('%s', async (_, given, words) => {
    stage = await anActionsStage({ more: [aQueue({ name: 'orders-dlq', ...given })] });
    await stage.types('UANN', '/dlq-tasks redrive orders-dlq');
    expect(stage.formOf('UANN')).toContain(words);
  });
});

const aChannel = (id: string) => ({
  ...{ id, name: id.toLowerCase(), topic: '', isPrivate: id === 'DANN', isArchived: false },
  botIsMember: true,
});
const withDirect = { slack: { channels: ['CGENERAL', 'DANN'].map(aChannel) } };

describe('in a private channel', () => {
  const words = 'No one who can approve your request is in <#CGENERAL>';
  const scopes = ['chat:write', 'groups:history', 'usergroups:read'];
  const channels = (members: string[]) => [{ ...aChannel('CGENERAL'), isPrivate: true, members }];

  test.each([
    ['none of the approvers is a member: the person who asked is told', ['UANN'], true],
    ['an approver is a member: nothing more is said', ['UANN', 'UBOB'], false],
  ])('%s', async (_, members, isTold) => {
    stage = await anActionsStage({
      slack: { channels: channels(members), scopes: [...scopes, 'groups:read'] },
    });
    await stage.requested();
    expect(stage.told('UANN').join(' ').includes(words)).toBe(isTold);
  });

  test('the only approver there is the person who asked: they are told', async () => {
    const approvers = { users: ['UANN'], userGroups: ['SLEADS'] };
    const slack = { channels: channels(['UANN']), scopes: [...scopes, 'groups:read'] };
    stage = await anActionsStage({ rules: { approvers }, slack });
    await stage.requested();
    expect(stage.told('UANN').join(' ')).toContain(words);
  });

  test('Slack does not say who is a member: the request waits, and nothing more is said', async () => {
    stage = await anActionsStage({ slack: { channels: channels(['UANN']), scopes } });
    expect((await stage.requested()).text).toContain('Waiting for approval');
    expect(stage.told('UANN')).toEqual([]);
  });
});

describe('in a direct message with the bot', () => {
  test('refuses a request that no approver would see, before anything is typed', async () => {
    stage = await anActionsStage(withDirect);
    await stage.types('UANN', '/dlq-tasks redrive payments-dlq', 'DANN');
    expect(stage.formOf('UANN')).toContain('No one could approve a request made here');
  });

  test('refuses a submission forged to come from there', async () => {
    stage = await anActionsStage(withDirect);
    await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
    const view = structuredClone(stage.slack.as('UANN').modal());
    const origin = { ...JSON.parse(String(view?.['private_metadata'])), c: 'DANN' };
    await stage.submitsForged('UANN', { ...view, private_metadata: JSON.stringify(origin) });
    expect(await stage.openOf()).toBeUndefined();
    expect(stage.told('UANN').join(' ')).toContain('No one could approve a request made here');
  });

  test("posts it in the requests' channel if there is one", async () => {
    stage = await anActionsStage({ ...withDirect, rules: { channel: 'CGENERAL' } });
    await stage.types('UANN', '/dlq-tasks redrive payments-dlq', 'DANN');
    await stage.submits('UANN');
    expect(stage.ours().at(-1)?.text).toContain('Waiting for approval');
    expect(stage.told('UANN').at(-1)).toContain('Your request was posted in <#CGENERAL>');
  });

  test('accepts it if no one has to approve', async () => {
    stage = await anActionsStage({ ...withDirect, withoutApprovers: true });
    await stage.types('UANN', '/dlq-tasks redrive payments-dlq', 'DANN');
    await stage.submits('UANN');
    expect(stage.starts).toHaveLength(1);
  });
});
