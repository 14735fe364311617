import { afterEach, beforeEach, expect, test } from 'vitest';
import { redriveIds } from '../../src/slack/buttons.ts';
import { startFormId } from '../../src/slack/commands.ts';
import { aTask } from '../support/builders.ts';
import { type ActionsStage, anActionsStage, buttonsOf } from './an-actions-stage.ts';

let stage: ActionsStage;
beforeEach(async () => {
  stage = await anActionsStage({ isOff: true });
});
afterEach(() => stage[Symbol.asyncDispose]());

const told = () => stage.told('UANN').at(-1);

test('without `redrive` in the settings, no card offers an action', async () => {
  await stage.types('UANN', '/dlq-tasks payments-dlq');
  expect(buttonsOf(stage.ours().at(-1))).toEqual(['refresh', 'open-console']);
  stage.lists(aTask());
  await stage.types('UANN', '/dlq-tasks payments-dlq');
  expect(buttonsOf(stage.ours().at(-1))).toEqual(['refresh', 'watch', 'open-console']);
});

test('neither help nor commands know the words, no form opens, and no group is read', async () => {
  await stage.types('UANN', '/dlq-tasks help');
  expect(told()).not.toMatch(/redrive <queue>|cancel <queue>/);
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  expect(told()).toContain('`payments-dlq` is not a number');
  await stage.types('UANN', '/dlq-tasks cancel payments-dlq');
  expect(told()).toContain('`payments-dlq` is not a number');
  expect(stage.slack.callsOf('views.open')).toEqual([]);
  expect(stage.slack.callsOf('usergroups.users.list')).toEqual([]);
});

test.each(Object.values(redriveIds))('a click on an older button (%s) is answered', async (action_id) => {
  await stage.types('UANN', '/dlq-tasks payments-dlq');
  const button = { type: 'button', action_id, block_id: 'b' };
  const value = JSON.stringify({ q: stage.queue.arn, s: 1, id: 'some-id' });
  const click = {
    type: 'block_actions',
    user: { id: 'UANN', team_id: 'T1' },
    team: { id: 'T1' },
    channel: { id: 'CGENERAL' },
    container: { type: 'message', channel_id: 'CGENERAL' },
    message: { ts: stage.ours().at(-1)?.ts },
    actions: [{ ...button, value }],
  };
  const payload = encodeURIComponent(JSON.stringify(click));
  const acknowledged = await stage.slack.deliver({ body: `payload=${payload}` });
  await stage.settle();
  expect(acknowledged?.status).toBe(200);
  expect(told()).toMatch(/Redrives are off|no longer works/);
});

test.each(['UANN', 'UEVE'])('what %s typed into a form that was still open is not lost', async (person) => {
  const origin = { i: 'some-id', q: stage.queue.arn, c: 'CGENERAL' };
  const view = { callback_id: startFormId, private_metadata: JSON.stringify(origin) };
  const typed = { rate: '10', reason: 'The bug is fixed' };
  const seen = await stage.submitsForged(person, view, typed);
  expect(seen).toContain('Redrives are off');
  expect(seen).toContain(typed.reason);
});
