import { expect, test } from 'vitest';
import type { Action } from '../../../src/domain/actions/action.ts';
import { requestView } from '../../../src/slack/views/actions/request.ts';
import { aStart, redriveQueue } from '../../domain/actions/an-action.ts';

const shown = (given: Partial<Action>) =>
  requestView({
    action: { ...aStart(), ...given },
    queue: redriveQueue(),
    workspaceUrl: 'https://w.slack.com/',
  });

test.each(['starting', 'started', 'rejected', 'unsure', 'not-started'] as const)(
  'a request that is %s names who approved it',
  (state) => {
    const { text, blocks } = shown({ state, decider: 'UBOB' });
    expect(text).toContain('Approved by <@UBOB>.');
    expect(JSON.stringify(blocks)).toContain('Approved by <@UBOB>.');
  },
);

test('the reason is quoted as it was typed, on one line', () => {
  const { text, blocks } = shown({ reason: '*a*\n<!channel> 👩‍💻' });
  expect(text).toContain('Reason: `*a* &lt;!channel&gt; 👩‍💻`');
  expect(blocks).toContainEqual({
    type: 'rich_text',
    elements: [{ type: 'rich_text_quote', elements: [{ type: 'text', text: '*a* <!channel> 👩‍💻' }] }],
  });
});
