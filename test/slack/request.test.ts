import { describe, expect, test } from 'vitest';
import type { BotIdentity } from '../../src/slack/bot-identity.ts';
import { type UserRecord, verdictByRecord } from '../../src/slack/people.ts';
import { clickRequest, commandRequest } from '../../src/slack/request.ts';
import { shortcutRequest } from '../../src/slack/thread-handlers.ts';
import { aBotIdentity } from '../support/builders.ts';

const onGrid: BotIdentity = { ...aBotIdentity, enterpriseId: 'E1' };
const appsOwn = { team: { id: 'T1', enterprise_id: 'E1' }, enterprise: { id: 'E1' } };
const clickOf = (user: object) => ({
  ...appsOwn,
  user: { id: 'UANN', ...user },
  channel: { id: 'CGENERAL' },
  message: { ts: '1.2' },
  actions: [{ action_id: 'refresh' }],
});
/** `?`: Slack must be asked. */
const verdictOf = (request: ReturnType<typeof clickRequest>) =>
  `${request?.origin?.verdict}${request?.origin?.isOpen ? '?' : ''}`;

describe('where someone is from, according to a request', () => {
  test.each([
    ['the bot’s workspace', { team_id: 'T1' }, 'own', 'own'],
    ['the bot’s organization', { team_id: 'E1' }, 'external', 'own'],
    ['another workspace', { team_id: 'T2' }, 'external', 'unknown?'],
    ['another organization', { team_id: 'E2' }, 'external', 'unknown?'],
    ['none that is named', {}, 'unknown?', 'unknown?'],
    ['one of another shape', { team_id: { id: 'T1' } }, 'unknown?', 'unknown?'],
    ['an organization that they claim', { team_id: 'T2', enterprise_id: 'E1' }, 'external', 'unknown?'],
  ])('a click and a shortcut by a person of %s', (_what, user, whereAlone, whereOnGrid) => {
    const body = clickOf(user);
    for (const requestOf of [clickRequest, shortcutRequest]) {
      expect([aBotIdentity, onGrid].map((identity) => verdictOf(requestOf(body, identity)))).toEqual([
        whereAlone,
        whereOnGrid,
      ]);
    }
  });

  test.each([
    ['the bot’s workspace', { team_id: 'T1' }, 'own', 'own'],
    ['another workspace of the organization', { team_id: 'T3', enterprise_id: 'E1' }, 'external', 'own'],
    ['another workspace', { team_id: 'T2' }, 'external', 'external'],
    ['another organization', { team_id: 'T2', enterprise_id: 'E2' }, 'external', 'external'],
    ['nowhere', {}, 'unknown?', 'unknown?'],
  ])('a command typed in %s', (_what, where, whereAlone, whereOnGrid) => {
    const body = { user_id: 'UANN', channel_id: 'CGENERAL', ...where };
    expect([aBotIdentity, onGrid].map((identity) => verdictOf(commandRequest(body, identity)))).toEqual([
      whereAlone,
      whereOnGrid,
    ]);
  });

  test('someone of unknown origin counts as external, but is not told so', () => {
    expect(clickRequest(clickOf({}), onGrid)?.person).toEqual({
      userId: 'UANN',
      channelId: 'CGENERAL',
      isExternal: true,
      isUnknown: true,
    });
  });
});

test.each<[string, UserRecord, string, string]>([
  ['of the bot’s workspace', { team_id: 'T1' }, 'own', 'own'],
  [
    'of another workspace of the organization',
    { team_id: 'T3', enterprise_user: { enterprise_id: 'E1' } },
    'external',
    'own',
  ],
  [
    'of another organization',
    { team_id: 'T2', enterprise_user: { enterprise_id: 'E2' } },
    'external',
    'external',
  ],
  ['of another workspace', { team_id: 'T2' }, 'external', 'external'],
  ['who is said to be a stranger', { team_id: 'T1', is_stranger: true }, 'external', 'external'],
  [
    'of another organization without a workspace',
    { enterprise_user: { enterprise_id: 'E2' } },
    'external',
    'external',
  ],
  ['of whom nothing is said', {}, 'unknown', 'unknown'],
])('users.info tells of someone %s', (_who, record, whereAlone, whereOnGrid) => {
  expect([aBotIdentity, onGrid].map((identity) => verdictByRecord(identity, record))).toEqual([
    whereAlone,
    whereOnGrid,
  ]);
});
