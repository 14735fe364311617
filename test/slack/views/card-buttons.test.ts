import { expect, test } from 'vitest';
import { withCancel } from '../../../src/slack/views/actions/card-buttons.ts';
import { redriveQueue } from '../../domain/actions/an-action.ts';
import { aQueue, aTask } from '../../support/builders.ts';

const view = { text: 'Messages come back.', blocks: [] };
const shown = (queue = redriveQueue(), task = aTask()) =>
  JSON.stringify(withCancel(view, { kind: 'coming-back', atLeast: 1204, task }, queue));

test('where messages come back, people can cancel, but only where the settings have `redrive` and it runs', () => {
  expect(shown()).toContain('Cancel…');
  expect(shown(aQueue())).toBe(JSON.stringify(view));
  expect(shown(redriveQueue(), aTask({ status: 'COMPLETED' }))).toBe(JSON.stringify(view));
});
