import { describe, expect, test } from 'vitest';
import { submissionRequest } from '../../../src/slack/actions/submission.ts';
import { actingPerson, clickRequest } from '../../../src/slack/request.ts';
import { aBotIdentity } from '../../support/builders.ts';

const user = { id: 'UANN', team_id: 'T1' };
const click = (change: object) => {
  const body = {
    user,
    channel: { id: 'C1' },
    actions: [{ action_id: 'approve-redrive', value: '{}' }],
    ...change,
  };
  const request = clickRequest(body, aBotIdentity);
  return request && actingPerson(request);
};
const submission = (view: object, who = user) => submissionRequest({ user: who, view }, aBotIdentity);
const metadata = JSON.stringify({ q: 'arn', c: 'C1' });

describe('who acts', () => {
  test.each([
    ['a person', {}, { id: 'UANN', home: 'own', kind: 'person' }],
    ["a bot's user", { user: { ...user, is_bot: true } }, { id: 'UANN', home: 'own', kind: 'bot' }],
    ['Slackbot', { user: { id: 'USLACKBOT', team_id: 'T1' } }, { id: 'USLACKBOT', home: 'own', kind: 'bot' }],
    ['a workflow', { function_data: {} }, { id: 'UANN', home: 'own', kind: 'workflow' }],
    ['a stranger', { user: { id: 'UEVE', team_id: 'T2' } }, { id: 'UEVE', home: 'other', kind: 'person' }],
    ['somebody of nowhere', { user: { id: 'UEVE' } }, { id: 'UEVE', home: 'unknown', kind: 'person' }],
  ])('%s', (_, change, person) => expect(click(change)).toEqual(person));
});

describe('a submission', () => {
  test('says where it was asked, and what was typed', () => {
    const values = {
      rate: { rate: { value: '10' } },
      reason: { reason: { value: 'why' } },
      destination: { destination: { selected_option: { value: 'original' } } },
    };
    expect(submission({ private_metadata: metadata, state: { values } })).toMatchObject({
      person: { userId: 'UANN', channelId: 'C1', isExternal: false },
      submitted: { origin: { q: 'arn', c: 'C1' }, form: { rate: '10', reason: 'why' } },
    });
  });

  test.each([
    undefined,
    '',
    'null',
    '{}',
    '{"q":"arn"}',
    '{"q":"arn","c":"<#C1>"}',
    '{"q":"arn","c":"C1","t":"x"}',
  ])('with %j as its metadata is ignored', (private_metadata) => {
    expect(submission({ private_metadata })).toBeUndefined();
  });

  test('without any value is read as an empty one', () => {
    const form = { rate: '', reason: '' };
    for (const state of [undefined, null, [], { values: 7 }, { values: { rate: 7 } }])
      expect(submission({ private_metadata: metadata, state })?.submitted?.form).toEqual(form);
  });
});
