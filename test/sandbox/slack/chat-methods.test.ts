import type { ChatPostMessageArguments } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { client, post, slack, start, startBeforeEachTest } from './bot-client.ts';
import { appToken } from './test-workspace.ts';
import { outcome, webClient } from './web-client.ts';

startBeforeEachTest();

describe('who may call', () => {
  test('the bot learns who it is and which scopes it has', async () => {
    expect(await client.auth.test()).toMatchObject({
      ok: true,
      team_id: 'T1',
      user_id: 'UBOT',
      bot_id: 'BBOT',
      response_metadata: {
        scopes: [
          'commands',
          'chat:write',
          'channels:history',
          'groups:history',
          'im:history',
          'im:write',
          'app_mentions:read',
          'users:read',
          'usergroups:read',
        ],
      },
    });
  });

  test('tells a missing token, a wrong one, and one of the wrong kind apart', async () => {
    await slack.stop();
    await start({ appToken });
    expect([
      await outcome(webClient(slack.apiUrl).auth.test()),
      await outcome(webClient(slack.apiUrl, 'xoxb-other').auth.test()),
      await outcome(webClient(slack.apiUrl, appToken).auth.test()),
      await outcome(client.apps.connections.open({})),
      await outcome(webClient(slack.apiUrl, appToken).apps.connections.open({})),
      await outcome(client.apiCall('chat.shout')),
    ]).toEqual([
      'not_authed',
      'invalid_auth',
      'not_allowed_token_type',
      'not_allowed_token_type',
      'ok',
      'unknown_method',
    ]);
  });

  test('a missing scope is named, with those there are', async () => {
    await slack.stop();
    await start({ scopes: ['commands', 'channels:history'] });
    await expect(post()).rejects.toMatchObject({
      data: {
        ok: false,
        error: 'missing_scope',
        needed: 'chat:write',
        provided: 'commands,channels:history',
      },
    });
  });

  test('the groups of people can be read', async () => {
    expect(await client.usergroups.users.list({ usergroup: 'SONCALL' })).toMatchObject({ users: ['UANN'] });
    expect(await outcome(client.usergroups.users.list({ usergroup: 'SOTHER' }))).toBe('no_such_subteam');
    slack.setUserGroup('SONCALL', ['UBOB']);
    expect(await client.usergroups.users.list({ usergroup: 'SONCALL' })).toMatchObject({ users: ['UBOB'] });
  });
});

describe('posting', () => {
  test('answers the message as Slack stored it', async () => {
    const { ts, channel, message } = await post({ blocks: [{ type: 'divider' }] });
    expect({ channel, message }).toEqual({
      channel: 'CGENERAL',
      message: {
        type: 'message',
        ts,
        text: 'hello',
        user: 'UBOT',
        bot_id: 'BBOT',
        app_id: 'A0SANDBOX',
        team: 'T1',
        blocks: [{ type: 'divider', block_id: expect.any(String) }],
      },
    });
    expect(ts).toMatch(/^\d{10}\.\d{6}$/);
  });

  test('gives every message its own, later timestamp, even at the same moment', async () => {
    await slack.stop();
    await start({ clock: () => 1_700_000_000_000 });
    const posted = await Promise.all([post(), post(), post()]);
    expect(posted.map(({ ts }) => ts).toSorted()).toEqual([
      '1700000000.000000',
      '1700000000.000001',
      '1700000000.000002',
    ]);
  });

  test.each([
    ['a channel nobody knows', { channel: 'CNONE' }, 'channel_not_found'],
    ['a private channel without the bot', { channel: 'CSECRET' }, 'channel_not_found'],
    ['a private channel with the bot', { channel: 'COPS' }, 'ok'],
    ['a public channel without the bot', { channel: 'CRANDOM' }, 'not_in_channel'],
    ['nothing to say', { text: '' }, 'no_text'],
    ['blocks without text', { text: '', blocks: [{ type: 'divider' }] }, 'ok'],
    ['a text that is too long', { text: 'x'.repeat(40_001) }, 'msg_too_long'],
    ['metadata of another form', { metadata: { event_type: 'x' } }, 'invalid_metadata_format'],
    [
      'too much metadata',
      { metadata: { event_type: 'x', event_payload: { long: 'x'.repeat(8_000) } } },
      'metadata_too_large',
    ],
    ['a thread that is no timestamp', { thread_ts: 'x' }, 'invalid_thread_ts'],
  ])('%s', async (_, more, expected) => {
    expect(await outcome(post(more as Partial<ChatPostMessageArguments>))).toBe(expected);
  });

  test('with chat:write.public needs no membership in public channels', async () => {
    await slack.stop();
    await start({ scopes: ['chat:write', 'chat:write.public'] });
    expect([
      await outcome(post({ channel: 'CRANDOM' })),
      await outcome(post({ channel: 'CSECRET' })),
    ]).toEqual(['ok', 'channel_not_found']);
  });

  test('to an archived channel is refused, and so are edits there', async () => {
    const { ts = '' } = await post();
    await slack.perform({ do: 'set-archived', channel: 'CGENERAL', isArchived: true });
    expect([
      await outcome(post()),
      await outcome(client.chat.update({ channel: 'CGENERAL', ts, text: 'edited' })),
    ]).toEqual(['is_archived', 'is_inactive']);
  });

  test('into a thread counts there, and a broadcast is shown in the channel too', async () => {
    const { ts = '' } = await post();
    await post({ thread_ts: ts, text: 'one' });
    const two = await post({
      thread_ts: ts,
      text: 'two',
      reply_broadcast: true,
    } as Partial<ChatPostMessageArguments>);
    expect(slack.messages('CGENERAL').map(({ text, replies }) => ({ text, replies }))).toEqual([
      { text: 'hello', replies: { count: 2, latestTs: two.ts } },
      { text: 'two', replies: undefined },
    ]);
    expect(slack.thread('CGENERAL', ts).map(({ text }) => text)).toEqual(['hello', 'one', 'two']);
  });

  test('as a reply to a reply joins the thread of both', async () => {
    const { ts = '' } = await post();
    const reply = await post({ thread_ts: ts, text: 'one' });
    const { message } = await post({ thread_ts: reply.ts, text: 'two' } as Partial<ChatPostMessageArguments>);
    expect(message?.thread_ts).toBe(ts);
  });

  test("silently lands in the channel if the thread's parent was deleted", async () => {
    const { ts = '' } = await post();
    await slack.perform({ do: 'delete', channel: 'CGENERAL', ts });
    const { message } = await post({ thread_ts: ts, text: 'lost?' });
    expect(message?.thread_ts).toBeUndefined();
    expect(slack.messages('CGENERAL').map(({ text }) => text)).toEqual(['lost?']);
  });

  test('in private is shown to only one person, and cannot be found again', async () => {
    const { message_ts = '' } = await client.chat.postEphemeral({
      channel: 'CGENERAL',
      user: 'UANN',
      text: 'psst',
    });
    expect(slack.privateWords('UANN')).toMatchObject([{ text: 'psst' }]);
    expect([
      slack.messages('CGENERAL'),
      slack.as('UBOB').sees('CGENERAL'),
      (await client.conversations.history({ channel: 'CGENERAL' })).messages,
      await outcome(client.chat.update({ channel: 'CGENERAL', ts: message_ts, text: 'x' })),
    ]).toEqual([[], [], [], 'message_not_found']);
  });
});

describe('editing and deleting', () => {
  test('text alone removes the blocks and marks the message as edited; blocks do neither; metadata stays', async () => {
    const metadata = { event_type: 'card', event_payload: { queue: 'orders-dlq' } };
    const { ts = '' } = await post({ blocks: [{ type: 'divider', block_id: 'line' }], metadata } as never);
    const edits = [{ blocks: [{ type: 'divider', block_id: 'other' }] }, { text: 'plain' }, { metadata: {} }];
    const seen = [];
    for (const edit of edits) {
      await client.chat.update({ channel: 'CGENERAL', ts, ...edit } as never);
      const { text, blocks, metadata: kept, editedAt } = slack.messages('CGENERAL')[0] ?? { text: '' };
      seen.push({ text, blocks, kept, edited: editedAt !== undefined });
    }
    expect(seen).toEqual([
      { text: 'hello', blocks: [{ type: 'divider', block_id: 'other' }], kept: metadata, edited: false },
      { text: 'plain', blocks: undefined, kept: metadata, edited: true },
      { text: 'plain', blocks: undefined, kept: undefined, edited: true },
    ]);
  });

  test("can't touch other people’s messages or deleted ones", async () => {
    await slack.as('UANN').types('CGENERAL', 'mine');
    const ts = slack.messages('CGENERAL')[0]?.ts ?? '';
    const there = { channel: 'CGENERAL', ts };
    expect([
      await outcome(client.chat.update({ ...there, text: 'x' })),
      await outcome(client.chat.delete(there)),
      await outcome(client.chat.update({ ...there, ts: '1.000001', text: 'x' })),
      await outcome(client.chat.update({ channel: 'CGENERAL', ts: (await post()).ts ?? '', text: '' })),
      await outcome(
        client.chat.update({ channel: 'CGENERAL', ts: (await post()).ts ?? '', text: 'x'.repeat(4_001) }),
      ),
    ]).toEqual([
      'cant_update_message',
      'cant_delete_message',
      'message_not_found',
      'no_text',
      'msg_too_long',
    ]);
  });

  test('a deleted parent leaves a tombstone, and its thread continues', async () => {
    const { ts = '' } = await post();
    await post({ thread_ts: ts, text: 'one' });
    await client.chat.delete({ channel: 'CGENERAL', ts });
    await post({ thread_ts: ts, text: 'two' });
    const { messages } = await client.conversations.replies({ channel: 'CGENERAL', ts });
    expect(messages?.map((message) => [message.text, 'subtype' in message && message.subtype])).toEqual([
      ['This message was deleted.', 'tombstone'],
      ['one', false],
      ['two', false],
    ]);
    expect(await outcome(client.chat.update({ channel: 'CGENERAL', ts, text: 'back' }))).toBe(
      'message_not_found',
    );
  });

  test('a deleted reply is not counted, and a tombstone goes with its last reply', async () => {
    const { ts = '' } = await post();
    const replies = [await post({ thread_ts: ts }), await post({ thread_ts: ts })];
    const seen = [];
    for (const gone of [replies[1]?.ts, ts, replies[0]?.ts]) {
      await client.chat.delete({ channel: 'CGENERAL', ts: gone ?? '' });
      seen.push(slack.messages('CGENERAL').map((message) => [message.author, message.replies?.count]));
    }
    expect(seen).toEqual([[['UBOT', 1]], [['USLACKBOT', 1]], []]);
  });

  test('a bot that was removed can no longer edit', async () => {
    const { ts = '' } = await post();
    await slack.perform({ do: 'set-bot-member', channel: 'CGENERAL', isMember: false });
    expect([
      await outcome(client.chat.update({ channel: 'CGENERAL', ts, text: 'x' })),
      await outcome(client.conversations.replies({ channel: 'CGENERAL', ts })),
    ]).toEqual(['channel_not_found', 'not_in_channel']);
  });
});
