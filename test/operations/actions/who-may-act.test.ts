import { describe, expect, test } from 'vitest';
import { refusalToAct } from '../../../src/operations/actions/who-may-act.ts';
import { redriveQueue, redriveRules } from '../../domain/actions/an-action.ts';
import { aQueue } from '../../support/builders.ts';
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

describe('no one may', () => {
  const refusal = (queue: Parameters<typeof refusalToAct>[0]['queue'], readOnly = false) =>
    refusalToAct(
      { person: aPerson('U0'), channel: 'CGENERAL', queue, role: 'requester' },
      { access, membersOf: cannotTell, readOnly },
    );

  test('while the bot is read-only', async () => {
    expect(await refusal(redriveQueue({ requesters: listed }), true)).toEqual({ because: 'read-only' });
  });

  test('where redrives are off, and why is said where it is known', async () => {
    expect(await refusal(aQueue())).toStrictEqual({ because: 'redrive-off' });
    expect(await refusal(aQueue({ noRedrive: 'no-role' }))).toStrictEqual({
      ...{ because: 'redrive-off', why: 'no-role' },
    });
  });

  test('where the queue is hidden or gone, whatever else is true', async () => {
    const hidden = { ...redriveQueue({ requesters: listed }), channels: ['COPS'] };
    expect([await refusal(hidden, true), await refusal(undefined, true)]).toEqual([
      ...[{ because: 'hidden' }, { because: 'hidden' }],
    ]);
  });
});

test('without access to the bot no one may, and the channel counts', async () => {
  const ask = (channel: string) =>
    refusalToAct(
      { person: aPerson('U0'), channel, queue: redriveQueue({ requesters: listed }), role: 'requester' },
      { access: { ...access, channels: ['COPS'], users: ['U0'] }, membersOf: cannotTell, readOnly: false },
    );
  expect(await ask('COPS')).toBeUndefined();
  expect((await ask('CGENERAL'))?.because).toBe('no-access');
});

describe('a role', () => {
  const requesters = { users: ['UREQ'], userGroups: ['SREQ', 'SBOTH'] };
  const approvers = { users: ['UAPP'], userGroups: ['SAPP', 'SBOTH'] };
  const members: Record<string, string[]> = { SREQ: ['UREQ2'], SAPP: ['UAPP2'], SBOTH: [] };

  test.each([
    ['requester', ['UREQ', 'UREQ2'], ['SREQ', 'SBOTH']],
    ['approver', ['UAPP', 'UAPP2'], ['SAPP', 'SBOTH']],
    ['either', ['UREQ', 'UAPP', 'UREQ2', 'UAPP2'], ['SREQ', 'SBOTH', 'SAPP']],
  ] as const)('%s is that of %j, and each of its groups is asked about once', async (role, may, groups) => {
    const asked: string[] = [];
    const membersOf = async (group: string) => {
      asked.push(group);
      return members[group] ?? [];
    };
    const queue = redriveQueue({ requesters, approvers });
    const refused = async (id: string) =>
      (
        await refusalToAct(
          { person: aPerson(id), channel: 'C1', queue, role },
          { access, membersOf, readOnly: false },
        )
      )?.because;
    const everyone = ['UREQ', 'UAPP', 'UREQ2', 'UAPP2'];
    const answers = await Promise.all(everyone.map(refused));
    expect(everyone.filter((_, i) => answers[i] === undefined).toSorted()).toEqual([...may].toSorted());
    asked.length = 0;
    expect(await refused('UNOBODY')).toBe('not-listed');
    expect(asked.toSorted()).toEqual([...groups].toSorted());
  });

  test('that nobody has is refused, not left to everyone', async () => {
    const { approvers: _, ...redrive } = redriveRules({ requesters });
    const alone = aQueue({ redrive });
    const ask = (id: string, role: 'approver' | 'either') =>
      refusalToAct(
        { person: aPerson(id), channel: 'C1', queue: alone, role },
        { access, membersOf: async () => [], readOnly: false },
      );
    expect(await ask('UREQ', 'approver')).toMatchObject({
      ...{ because: 'not-listed', people: { users: [], userGroups: [] } },
    });
    expect(await ask('UREQ', 'either')).toBeUndefined();
    expect((await ask('UAPP', 'either'))?.because).toBe('not-listed');
  });
});
