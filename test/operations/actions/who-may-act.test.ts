import { expect, test } from 'vitest';
import { refusalToAct } from '../../../src/operations/actions/who-may-act.ts';
import { redriveQueue } from '../../domain/actions/an-action.ts';
import { aPerson } from './a-world.ts';

const access = { channels: [], users: [], userGroups: [], externalPeople: true };
const listed = { users: ['U0'], userGroups: ['S0'] };
const nobody = { users: [], userGroups: [] };
const withMember = (id: string) => async () => [id];
const cannotTell = () => Promise.reject(new Error('ratelimited'));

test.each([
  ['listed by id, without a question to Slack', aPerson('U0'), listed, cannotTell, undefined],
  ['a member of a group', aPerson('U1'), listed, withMember('U1'), undefined],
  ['in neither', aPerson('U1'), listed, withMember('U2'), 'not-listed'],
  ['of an empty list', aPerson('U0'), nobody, withMember('U0'), 'not-listed'],
  ['of a group that Slack cannot tell', aPerson('U1'), listed, cannotTell, 'groups-unknown'],
  [
    'a member of a group, though Slack cannot tell of another',
    aPerson('U1'),
    { users: [], userGroups: ['S0', 'SGONE'] },
    async (group: string) => (group === 'S0' ? ['U1'] : cannotTell()),
    undefined,
  ],
  ['of another organization', aPerson('U0', { home: 'other' }), listed, cannotTell, 'external-person'],
  ['of a home that cannot be told', aPerson('U0', { home: 'unknown' }), listed, cannotTell, 'home-unknown'],
  ['a bot', aPerson('U0', { kind: 'bot' }), listed, cannotTell, 'bot'],
  ['a workflow', aPerson('U0', { kind: 'workflow' }), listed, cannotTell, 'workflow'],
] as const)('someone %s', async (_, person, { users, userGroups }, membersOf, because) => {
  const queue = redriveQueue({ requesters: { users: [...users], userGroups: [...userGroups] } });
  const asked = { person, channel: 'CGENERAL', queue, role: 'requester' as const };
  const refusal = await refusalToAct(asked, { access, membersOf, readOnly: false });
  expect(refusal?.because).toBe(because);
});
