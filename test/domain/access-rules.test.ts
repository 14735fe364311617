import { expect, test } from 'vitest';
import { AccessRules } from '../../src/domain/settings.ts';

test('empty rules allow everyone except people from other organizations', () => {
  expect(AccessRules.parse({})).toEqual({ channels: [], users: [], userGroups: [], externalPeople: false });
});

test('rules name channels, people, and groups by their IDs', () => {
  const rules = {
    channels: ['C0123456789', 'G01'],
    users: ['U0123456789', 'W01'],
    userGroups: ['S0123456789'],
    externalPeople: true,
  };
  expect(AccessRules.parse(rules)).toEqual(rules);
});

test.each([
  ['channels', '#orders', 'channel'],
  ['channels', 'C1', 'channel'],
  ['channels', 'c0123456789', 'channel'],
  ['channels', 'xC0123456789', 'channel'],
  ['channels', 'C0123456789!', 'channel'],
  ['users', '@ada', 'user'],
  ['users', 'S0123456789', 'user'],
  ['userGroups', 'U0123456789', 'user group'],
])('%s: %s is not an ID', (list, value, what) => {
  const messages = AccessRules.safeParse({ [list]: [value] }).error?.issues.map(({ message }) => message);
  expect(messages).toEqual([expect.stringContaining(`"${value}" is not a ${what} ID`)]);
});
