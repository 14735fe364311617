import type { ChatPostMessageArguments } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { client, post, startBeforeEachTest } from './bot-client.ts';
import { outcome } from './web-client.ts';

startBeforeEachTest();

describe('reading back', () => {
  test('returns a thread page by page, with its metadata on request', async () => {
    const { ts = '' } = await post();
    for (let n = 1; n <= 7; n++) {
      const metadata = { event_type: 'notice', event_payload: { n } };
      await post({ thread_ts: ts, text: `reply ${n}`, metadata } as Partial<ChatPostMessageArguments>);
    }
    const pages = [];
    for await (const page of client.paginate('conversations.replies', {
      channel: 'CGENERAL',
      ts,
      limit: 3,
      include_all_metadata: true,
    })) {
      const messages = (page as { messages?: { text?: string; metadata?: { event_payload?: unknown } }[] })
        .messages;
      pages.push(messages?.map(({ text, metadata }) => [text, metadata?.event_payload]));
    }
    expect(pages).toEqual([
      [
        ['hello', undefined],
        ['reply 1', { n: 1 }],
        ['reply 2', { n: 2 }],
      ],
      [
        ['reply 3', { n: 3 }],
        ['reply 4', { n: 4 }],
        ['reply 5', { n: 5 }],
      ],
      [
        ['reply 6', { n: 6 }],
        ['reply 7', { n: 7 }],
      ],
    ]);
  });

  test('returns the channel’s history newest first, without replies or unrequested metadata', async () => {
    const metadata = { event_type: 'card', event_payload: {} };
    const { ts = '' } = await post({ text: 'first', metadata } as Partial<ChatPostMessageArguments>);
    await post({ thread_ts: ts, text: 'reply' });
    await post({ text: 'second' });
    const { messages, has_more } = await client.conversations.history({ channel: 'CGENERAL', limit: 5 });
    expect({ has_more, seen: messages?.map(({ text, metadata: shown }) => [text, shown]) }).toEqual({
      has_more: false,
      seen: [
        ['second', undefined],
        ['first', undefined],
      ],
    });
  });

  test('needs an existing thread, a known cursor and a sane limit', async () => {
    const { ts = '' } = await post();
    const there = { channel: 'CGENERAL', ts };
    expect([
      await outcome(client.conversations.replies({ channel: 'CGENERAL', ts: '1.000001' })),
      await outcome(client.conversations.replies({ ...there, cursor: 'x' })),
      await outcome(client.conversations.replies({ ...there, limit: 0 })),
      await outcome(client.conversations.history({ channel: 'CRANDOM' })),
      await outcome(client.conversations.history({ channel: 'CSECRET' })),
    ]).toEqual([
      'thread_not_found',
      'invalid_cursor',
      'invalid_limit',
      'not_in_channel',
      'channel_not_found',
    ]);
  });

  test('a permalink leads to its channel on the page', async () => {
    const { ts = '' } = await post();
    const { permalink = '' } = await client.chat.getPermalink({ channel: 'CGENERAL', message_ts: ts });
    const answer = await fetch(permalink, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/#channel=CGENERAL']);
  });
});
