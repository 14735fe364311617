import type { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import { actions, button, section } from '../../../src/slack/block-kit.ts';
import { findPosted, withKeyInBlock } from '../../../src/slack/notifier/find-message.ts';
import { aBotIdentity } from '../../support/builders.ts';
import { recordedLog } from '../../support/recorded.ts';

test('a key takes a block that has no id, and no other one', () => {
  const picker = { ...actions([button('pick', 'Pick', { p: 1 })]), block_id: 'thread:1.2:0' };
  const message = { text: 'Which one?', blocks: [picker, section('one'), section('two')] };
  const ids = withKeyInBlock(message, 'a key').blocks.map(({ block_id }) => block_id);
  expect(ids).toEqual(['thread:1.2:0', 'a key', undefined]);
});

test('a message is found by its text beside messages of the bot that have none', async () => {
  const bot_id = aBotIdentity.botId;
  const messages = [
    { ts: '1.1', bot_id, text: null },
    { ts: '1.2', bot_id },
    { ts: '1.3', bot_id, text: 'It ended.' },
  ];
  const conversations = { replies: async () => ({ messages }) };
  const client = { conversations } as unknown as WebClient;
  const { log } = recordedLog();
  const sought = { key: 'w1/ended', exactText: 'It ended.' };
  const where = { channel: 'C1', threadTs: '1.1' };
  expect(await findPosted(sought, where, { client, identity: aBotIdentity, log })).toBe('1.3');
});
