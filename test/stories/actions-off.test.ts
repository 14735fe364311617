import { afterEach, beforeEach, expect, test } from 'vitest';
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
