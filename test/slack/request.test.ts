import { describe, expect, test } from 'vitest';
import type { BotIdentity } from '../../src/slack/bot-identity.ts';
import { clickRequest, commandRequest } from '../../src/slack/request.ts';

const identity: BotIdentity = {
  botId: 'BBOT',
  botUserId: 'UBOT',
  botName: 'dlq-tasks',
  teamId: 'T1',
  enterpriseId: 'E1',
  workspaceUrl: 'https://sandbox.slack.com/',
  scopes: [],
};
const appsOwn = { team: { id: 'T1', enterprise_id: 'E1' }, enterprise: { id: 'E1' } };
const clickOf = (user: object) => ({
  ...appsOwn,
  user: { id: 'UANN', ...user },
  channel: { id: 'CGENERAL' },
  actions: [{ action_id: 'refresh' }],
});

describe('who is of another workspace', () => {
  test.each([
    ['of the bot’s workspace', { team_id: 'T1' }, false],
    ['of the bot’s organisation', { team_id: 'E1' }, false],
    ['of another workspace', { team_id: 'T2' }, true],
    ['of another organisation', { team_id: 'E2' }, true],
    ['of none that is named', {}, true],
  ])('a click by a person %s', (_what, user, isExternal) => {
    expect(clickRequest(clickOf(user), identity)?.asker).toEqual({
      userId: 'UANN',
      channelId: 'CGENERAL',
      isExternal,
    });
  });

  test.each([
    ['the bot’s workspace', { team_id: 'T1' }, false],
    ['another workspace of the organisation', { team_id: 'T3', enterprise_id: 'E1' }, false],
    ['another workspace', { team_id: 'T2' }, true],
    ['nowhere', {}, true],
  ])('a command typed in %s', (_what, where, isExternal) => {
    const body = { user_id: 'UANN', channel_id: 'CGENERAL', ...where };
    expect(commandRequest(body, identity)?.asker.isExternal).toBe(isExternal);
  });
});
