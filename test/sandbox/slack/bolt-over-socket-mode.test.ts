import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LocalSlack } from '../../../sandbox/slack/local-slack.ts';
import { appToken, botToken, startTestSlack } from './test-workspace.ts';

let slack: LocalSlack;
const apps: App[] = [];

async function startApp(): Promise<App> {
  const clientOptions = { slackApiUrl: slack.apiUrl };
  const receiver = new SocketModeReceiver({
    appToken,
    logLevel: LogLevel.ERROR,
    clientPingTimeout: 1_000,
    installerOptions: { clientOptions },
  });
  const app = new App({
    token: botToken,
    receiver,
    clientOptions,
    logLevel: LogLevel.ERROR,
    deferInitialization: true,
  });
  await app.init();
  await app.start();
  apps.push(app);
  return app;
}

beforeEach(async () => {
  slack = await startTestSlack({ appToken, ackTimeoutMs: 300, eventRetryDelaysMs: [0, 10, 10] });
});

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.stop()));
  await slack.stop();
});

test('a command, a click, a mention, and a shortcut go through the socket and back', async () => {
  const app = await startApp();
  const text = { type: 'plain_text' as const, text: 'Refresh' };
  app.command('/dlq-tasks', async ({ ack, command, client }) => {
    await ack();
    const elements = [{ type: 'button' as const, text, action_id: 'refresh', value: command.text }];
    await client.chat.postMessage({
      channel: command.channel_id,
      text: 'card',
      blocks: [{ type: 'actions', elements }],
    });
  });
  app.action('refresh', async ({ ack, respond }) => {
    await ack();
    await respond('clicked');
  });
  app.event('app_mention', async ({ event, client }) => {
    await client.chat.postMessage({ channel: event.channel, thread_ts: event.ts, text: 'heard' });
  });
  app.shortcut('check', async ({ ack, respond }) => {
    await ack();
    await respond('checked');
  });
  const ann = slack.as('UANN');

  expect(slack.state().transport).toBe('Socket Mode');
  expect(await ann.types('CGENERAL', '/dlq-tasks orders-dlq')).toEqual({ ok: true });
  const card = await slack.until(() => slack.messages('CGENERAL')[0]);
  expect(await ann.clicks(card, 'Refresh')).toEqual({ ok: true });
  expect(await ann.usesShortcut(card, 'check')).toEqual({ ok: true });
  await ann.types('CGENERAL', '@dlq-tasks hello');

  await slack.until((state) => (state.messages.length >= 5 ? true : undefined));
  expect(
    ann
      .sees('CGENERAL')
      .map((message) => message.text)
      .toSorted(),
  ).toEqual(['<@UBOT> hello', 'card', 'checked', 'clicked', 'heard']);
  expect(slack.deliveries.map(({ kind, transport }) => `${kind} by ${transport}`)).toEqual([
    'command by socket',
    'click by socket',
    'shortcut by socket',
    'event by socket',
  ]);
});

test('an answer in the acknowledgment is shown', async () => {
  const app = await startApp();
  app.command('/dlq-tasks', ({ ack }) => ack('at once'));

  await slack.as('UANN').types('CGENERAL', '/dlq-tasks');

  expect(slack.privateWords('UANN')).toMatchObject([{ text: 'at once' }]);
});

test('tells the person if there is no socket or no acknowledgment', async () => {
  const withoutLine = await slack.as('UANN').types('CGENERAL', '/dlq-tasks');
  const app = await startApp();
  app.command('/dlq-tasks', async () => {});

  expect([withoutLine, await slack.as('UANN').types('CGENERAL', '/dlq-tasks')]).toEqual([
    { ok: false, error: '/dlq-tasks failed with the error "dispatch_failed"' },
    { ok: false, error: '/dlq-tasks failed with the error "operation_timeout"' },
  ]);
});

test('a bot reconnects when Slack asks it to', async () => {
  const app = await startApp();
  app.command('/dlq-tasks', ({ ack }) => ack('still here'));

  slack.refreshConnections();
  await expect.poll(() => slack.callsOf('apps.connections.open').length, { timeout: 10_000 }).toBe(2);
  await expect.poll(() => slack.connectionCount(), { timeout: 10_000 }).toBe(1);

  expect(await slack.as('UANN').types('CGENERAL', '/dlq-tasks')).toEqual({ ok: true });
});

test('one of several bots gets each request, and a guessed ticket gets none', async () => {
  const heard = [0, 0];
  for (const index of heard.keys()) {
    const app = await startApp();
    app.command('/dlq-tasks', async ({ ack }) => {
      heard[index] = (heard[index] ?? 0) + 1;
      await ack();
    });
  }
  for (let n = 0; n < 20; n++) await slack.as('UANN').types('CGENERAL', '/dlq-tasks');

  expect([slack.connectionCount(), (heard[0] ?? 0) + (heard[1] ?? 0)]).toEqual([2, 20]);
  const guessed = new WebSocket(`${slack.url.replace('http', 'ws')}/link/?ticket=guess`);
  const closed = await new Promise((resolve) => {
    guessed.onopen = () => resolve('open');
    guessed.onerror = () => resolve('refused');
  });
  expect(closed).toBe('refused');
});

test('a form is opened, searched, refused, and submitted through the socket', async () => {
  const app = await startApp();
  const words = (text: string) => ({ type: 'plain_text' as const, text });
  const element = { type: 'external_select' as const, action_id: 'to' };
  const view = {
    type: 'modal' as const,
    callback_id: 'form',
    title: words('Form'),
    submit: words('Send'),
    blocks: [{ type: 'input' as const, block_id: 'to', label: words('To'), element }],
  };
  app.command('/dlq-tasks', async ({ ack, command, client }) => {
    await ack();
    await client.views.open({ trigger_id: command.trigger_id, view });
  });
  app.options('to', async ({ ack }) =>
    ack({ options: ['a', 'b'].map((value) => ({ text: words(value), value })) }),
  );
  app.view('form', async ({ ack, view: sent }) => {
    const chosen = sent.state.values['to']?.['to']?.selected_option?.value;
    await (chosen === 'a' ? ack({ response_action: 'errors', errors: { to: 'Not that one.' } }) : ack());
  });
  const ann = slack.as('UANN');

  await ann.types('CGENERAL', '/dlq-tasks');
  await slack.until(() => ann.modal());
  expect(await ann.searchesInModal('To', 'x')).toMatchObject({
    ok: true,
    options: [{ value: 'a' }, { value: 'b' }],
  });
  expect(await ann.submits({ To: 'a' })).toMatchObject({ ok: false, errors: { to: 'Not that one.' } });
  expect(await ann.submits({ To: 'b' })).toEqual({ ok: true });
  expect(ann.modal()).toBeUndefined();
});
