import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccessRules } from '../../src/domain/settings.ts';
import {
  type AccessRefusal,
  appHomeId,
  type Person,
  refusalOf,
  whyForbidden,
} from '../../src/operations/access.ts';
import { aQueue } from '../support/builders.ts';

const channel = 'CGENERAL';
const why = (own: readonly string[] | 'not listed', all: readonly string[]) => {
  const queue = aQueue({ channels: own === 'not listed' ? [] : own });
  const queueOf = (arn: string) => (own !== 'not listed' && arn === queue.arn ? queue : undefined);
  return whyForbidden({ queueArn: queue.arn, card: { channel } }, { queueOf, channels: all });
};

test.each([
  ['every channel may see it', [], [], undefined],
  ['its channel is among those of the queue and of the bot', ['COPS', channel], [channel], undefined],
  ['the queue left the settings', 'not listed', [], 'the queue is not listed'],
  ['the queue is kept for another channel', ['COPS'], [channel], 'the queue is for other channels'],
  ['the bot is kept to another channel', [channel], ['COPS'], 'the bot is for other channels'],
] as const)('a watch after a change of settings: %s', (_, own, all, expected) => {
  expect(why(own, all)).toBe(expected);
});

test('a watch continues only if each list is empty or names its channel', () => {
  const channels = fc.array(fc.constantFrom(channel, 'COPS', 'CRANDOM'));
  const allows = (list: readonly string[]) => list.length === 0 || list.includes(channel);
  fc.assert(
    fc.property(channels, channels, (own, all) => {
      expect(why(own, all) === undefined).toBe(allows(own) && allows(all));
    }),
  );
});

describe('who may ask', () => {
  const noRules = { channels: [], users: [], userGroups: [], externalPeople: false };
  const members: Record<string, string[]> = { SOPS: ['UANN'], SDEV: ['UBOB'] };
  const membersOf = async (group: string) => members[group] ?? Promise.reject(new Error('ratelimited'));
  const refused = (rules: Partial<AccessRules>, person: Partial<Person>) =>
    refusalOf(
      { userId: 'UANN', channelId: channel, isExternal: false, ...person },
      { ...noRules, ...rules },
      membersOf,
    );
  const elsewhere = { channels: ['COPS'] };

  test.each<[string, Partial<AccessRules>, Partial<Person>]>([
    ['anybody, where no rule is set', {}, {}],
    ['people of other workspaces, where that is set', { externalPeople: true }, { isExternal: true }],
    ['anybody in a channel of the list', { channels: ['COPS', channel] }, {}],
    ["anybody in the app's Home, where no channels are set", {}, { channelId: appHomeId }],
    ['who is named, without a question to Slack', { users: ['UANN'], userGroups: ['SGONE'] }, {}],
    ['a member of any of the groups', { users: ['UBOB'], userGroups: ['SDEV', 'SOPS'] }, {}],
    ['a member of a group, though Slack cannot tell of another', { userGroups: ['SGONE', 'SOPS'] }, {}],
  ])('%s', async (_who, rules, person) => {
    expect(await refused(rules, person)).toBeUndefined();
  });

  test.each<[string, Partial<AccessRules>, Partial<Person>, AccessRefusal]>([
    ['people of other workspaces', {}, { isExternal: true }, { reason: 'external-person' }],
    [
      'who is from nowhere that is known',
      {},
      { isExternal: true, isUnknown: true },
      { reason: 'unknown-home' },
    ],
    ['who asks in another channel', elsewhere, {}, { reason: 'channel', allowed: ['COPS'] }],
    [
      "who asks in the app's Home, where channels are set",
      elsewhere,
      { channelId: appHomeId },
      { reason: 'app-home', allowed: ['COPS'] },
    ],
    ['who is not named', { users: ['UBOB'] }, {}, { reason: 'person', userGroups: [] }],
    [
      'who is in none of the groups',
      { userGroups: ['SDEV'] },
      {},
      { reason: 'person', userGroups: ['SDEV'] },
    ],
    [
      'who may be in a group of which Slack cannot tell',
      { users: ['UBOB'], userGroups: ['SDEV', 'SGONE'] },
      {},
      { reason: 'groups-unknown' },
    ],
    [
      'who is in a right channel only',
      { channels: [channel], users: ['UBOB'] },
      {},
      { reason: 'person', userGroups: [] },
    ],
  ])('but not %s', async (_who, rules, person, refusal) => {
    expect(await refused(rules, person)).toEqual(refusal);
  });
});
