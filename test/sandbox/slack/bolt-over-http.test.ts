import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LocalSlack } from '../../../sandbox/slack/local-slack.ts';
import { botToken, signingSecret, startTestSlack } from './test-workspace.ts';

let slack: LocalSlack;
let app: App;

beforeEach(async () => {
  slack = await startTestSlack({ ackTimeoutMs: 300, eventRetryDelaysMs: [0, 10, 10] });
  const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR });
  app = new App({
    token: botToken,
    receiver,
    clientOptions: { slackApiUrl: slack.apiUrl },
    logLevel: LogLevel.ERROR,
    deferInitialization: true,
  });
  await app.init();
  const server = await app.start(0);
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  slack.setRequestUrl(`http://127.0.0.1:${address.port}/slack/events`);
});

afterEach(async () => {
  await app.stop();
  await slack.stop();
});

const button = (text: string, action_id: string, value: string) => ({
  type: 'actions' as const,
  elements: [{ type: 'button' as const, text: { type: 'plain_text' as const, text }, action_id, value }],
});

describe('a command', () => {
  test("reaches the real Bolt app with all of Slack's fields, and is answered in the channel", async () => {
    app.command('/dlq-tasks', async ({ ack, command, client }) => {
      await ack();
      const { response_url, trigger_id, ...rest } = command;
      expect(response_url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/response\/\w+$/);
      expect(trigger_id).toBeTruthy();
      await client.chat.postMessage({ channel: command.channel_id, text: JSON.stringify(rest) });
    });

    expect(await slack.as('UANN').types('CGENERAL', '/dlq-tasks  orders-dlq 3 ')).toEqual({ ok: true });

    const shown = await slack.until(() => slack.messages('CGENERAL')[0]);
    expect(JSON.parse(shown.text)).toEqual({
      token: 'sandbox-verification-token',
      team_id: 'T1',
      team_domain: 'sandbox',
      channel_id: 'CGENERAL',
      channel_name: 'general',
      user_id: 'UANN',
      user_name: 'ann',
      command: '/dlq-tasks',
      text: 'orders-dlq 3',
      api_app_id: 'A0SANDBOX',
      is_enterprise_install: 'false',
    });
    expect(slack.deliveries).toMatchObject([{ kind: 'command', transport: 'http', status: 200, retry: 0 }]);
  });

  test('works where the bot is not a member, and is answered privately through its response URL', async () => {
    app.command('/dlq-tasks', async ({ ack, respond }) => {
      await ack();
      await respond('only you');
    });

    await slack.as('UANN').types('CSECRET', '/dlq-tasks orders-dlq');

    await slack.until(() => slack.privateWords('UANN')[0]);
    expect(slack.as('UANN').sees('CSECRET')).toMatchObject([{ author: 'UBOT', text: 'only you' }]);
    expect(slack.as('UBOB').sees('CSECRET')).toEqual([]);
  });

  test('can be answered in the acknowledgment itself', async () => {
    app.command('/dlq-tasks', async ({ ack }) => ack({ response_type: 'in_channel', text: 'at once' }));

    await slack.as('UANN').types('CGENERAL', '/dlq-tasks');

    expect(slack.messages('CGENERAL')).toMatchObject([{ author: 'UBOT', text: 'at once' }]);
  });

  test('tells the person if it is not acknowledged in time', async () => {
    app.command('/dlq-tasks', async () => {});

    expect(await slack.as('UANN').types('CGENERAL', '/dlq-tasks')).toEqual({
      ok: false,
      error: '/dlq-tasks failed with the error "operation_timeout"',
    });
  });

  test('tells the person if the bot is gone', async () => {
    await app.stop();

    expect(await slack.as('UANN').types('CGENERAL', '/dlq-tasks')).toEqual({
      ok: false,
      error: '/dlq-tasks failed with the error "dispatch_failed"',
    });
    await app.start(0);
  });

  test('never reaches the bot if it is unknown or typed in a thread', async () => {
    await slack.as('UANN').types('CGENERAL', 'hello');
    const [parent] = slack.messages('CGENERAL');

    expect([
      await slack.as('UANN').types('CGENERAL', '/dlq-tasks', parent?.ts),
      await slack.as('UANN').types('CGENERAL', '/other'),
    ]).toEqual([
      { ok: false, error: '/dlq-tasks is not supported in threads. Sorry!' },
      { ok: false, error: '/other is not a valid command.' },
    ]);
    expect(slack.deliveries).toEqual([]);
  });
});

describe('a click', () => {
  test('carries the message, the element and the person, and can edit the message', async () => {
    app.action('refresh', async ({ ack, action, body, client }) => {
      await ack();
      if (body.type !== 'block_actions' || !body.message || !body.channel) throw new Error('no message');
      expect(action).toMatchObject({ type: 'button', action_id: 'refresh', value: 'orders-dlq' });
      expect(body.container).toEqual({
        type: 'message',
        message_ts: body.message.ts,
        channel_id: 'CGENERAL',
        is_ephemeral: false,
      });
      await client.chat.update({
        channel: body.channel.id,
        ts: body.message.ts,
        text: `seen by ${body.user.id}`,
      });
    });
    await app.client.chat.postMessage({
      channel: 'CGENERAL',
      text: 'card',
      blocks: [button('Refresh', 'refresh', 'orders-dlq')],
    });
    const [card] = slack.messages('CGENERAL');
    if (!card) throw new Error('no card');

    expect(await slack.as('UBOB').clicks(card, 'Refresh')).toEqual({ ok: true });

    const edited = await slack.until(() => slack.messages('CGENERAL').find((message) => message.editedAt));
    expect(edited).toEqual({
      ts: card.ts,
      channel: 'CGENERAL',
      author: 'UBOT',
      text: 'seen by UBOB',
      editedAt: expect.any(Number),
    });
  });

  test('on a private message comes without the message, only from its reader, and can replace it', async () => {
    app.command('/dlq-tasks', async ({ ack, respond }) => {
      await ack();
      await respond({ text: 'private card', blocks: [button('Refresh', 'refresh', 'orders-dlq')] });
    });
    app.action('refresh', async ({ ack, body, respond }) => {
      await ack();
      expect('message' in body).toBe(false);
      await respond({ text: 'fresh', replace_original: true });
    });
    await slack.as('UANN').types('CRANDOM', '/dlq-tasks');
    const card = await slack.until(() => slack.privateWords('UANN')[0]);

    expect(await slack.as('UBOB').clicks(card, 'Refresh')).toEqual({
      ok: false,
      error: 'This message is gone.',
    });
    expect(await slack.as('UANN').clicks(card, 'Refresh')).toEqual({ ok: true });

    await slack.until(() => slack.privateWords('UANN').find((message) => message.text === 'fresh'));
    expect(slack.privateWords('UANN')).toHaveLength(1);
  });

  test('can carry a forged value', async () => {
    let seen: unknown;
    app.action('refresh', async ({ ack, action }) => {
      seen = action;
      await ack();
    });
    await app.client.chat.postMessage({
      channel: 'CGENERAL',
      text: 'card',
      blocks: [button('Refresh', 'refresh', 'mine')],
    });
    const [card] = slack.messages('CGENERAL');
    if (!card) throw new Error('no card');

    await slack.as('UANN').clicks(card, 'refresh', 'yours');

    expect(seen).toMatchObject({ action_id: 'refresh', value: 'yours' });
  });
});

describe('a message', () => {
  test('reaches the bot it mentions, in the thread where it was written', async () => {
    app.event('app_mention', async ({ event, client }) => {
      await client.chat.postMessage({
        channel: event.channel,
        thread_ts: event.ts,
        text: `heard: ${event.text}`,
      });
    });

    await slack.as('UANN').types('CGENERAL', '@dlq-tasks https://sqs.example/1/orders-dlq');

    const [parent] = slack.messages('CGENERAL');
    await slack.until(() => slack.thread('CGENERAL', parent?.ts ?? '')[1]);
    expect(slack.thread('CGENERAL', parent?.ts ?? '').map((message) => message.text)).toEqual([
      '<@UBOT> <https://sqs.example/1/orders-dlq>',
      'heard: <@UBOT> <https://sqs.example/1/orders-dlq>',
    ]);
  });

  test('is redelivered three times if it is not acknowledged', async () => {
    let heard = 0;
    app.event('app_mention', async () => {
      heard += 1;
    });
    app.processEvent = async () => {
      heard += 1;
    };

    await slack.as('UANN').types('CGENERAL', '@dlq-tasks hello');

    await expect.poll(() => heard, { timeout: 5_000 }).toBe(4);
    expect(slack.deliveries.map((delivery) => delivery.retry)).toEqual([0, 1, 2, 3]);
  });

  test('brings Slackbot instead of the bot where the bot is not a member', async () => {
    await slack.as('UANN').types('CRANDOM', '@dlq-tasks hello');

    expect(slack.privateWords('UANN')).toMatchObject([{ author: 'USLACKBOT', channel: 'CRANDOM' }]);
    expect(slack.deliveries).toEqual([]);
  });

  test('is passed on by the shortcut', async () => {
    app.shortcut('check', async ({ ack, shortcut, client }) => {
      await ack();
      if (shortcut.type !== 'message_action') throw new Error('not on a message');
      const { channel, message_ts, message } = shortcut;
      await client.chat.postMessage({ channel: channel.id, thread_ts: message_ts, text: message.text ?? '' });
    });
    await slack.as('UBOB').types('CGENERAL', 'orders-dlq is full');
    const [message] = slack.messages('CGENERAL');
    if (!message) throw new Error('no message');

    expect(await slack.as('UANN').usesShortcut(message, 'check')).toEqual({ ok: true });

    await slack.until(() => slack.thread('CGENERAL', message.ts)[1]);
    expect(slack.thread('CGENERAL', message.ts)[1]).toMatchObject({
      text: 'orders-dlq is full',
      author: 'UBOT',
    });
  });
});

describe('what is posted to the page by hand', () => {
  test.each([
    [{ signature: 'none' as const }, 401],
    [{ signature: 'forged' as const }, 401],
    [{ ageSeconds: 301 }, 401],
  ])('%o is refused', async (how, status) => {
    expect(await slack.deliver({ body: 'command=%2Fdlq-tasks', ...how })).toMatchObject({ status });
  });
});
