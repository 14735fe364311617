import { expect, test } from 'vitest';
import { actions, button, section } from '../../../src/slack/block-kit.ts';
import { withKeyInBlock } from '../../../src/slack/notifier/find-message.ts';

test('a key takes a block that has no id, and no other one', () => {
  const picker = { ...actions([button('pick', 'Pick', { p: 1 })]), block_id: 'thread:1.2:0' };
  const message = { text: 'Which one?', blocks: [picker, section('one'), section('two')] };
  const ids = withKeyInBlock(message, 'a key').blocks.map(({ block_id }) => block_id);
  expect(ids).toEqual(['thread:1.2:0', 'a key', undefined]);
});
