import { afterEach, expect, test } from 'vitest';
import type { LocalSlack, LocalSlackOptions } from '../../../sandbox/slack/local-slack.ts';
import { botThatAcknowledges, type StandInBot } from './stand-in-bot.ts';
import { startTestSlack } from './test-workspace.ts';

let slack: LocalSlack;
let bot: StandInBot;

async function start(answer: StandInBot, options: Partial<LocalSlackOptions> = {}) {
  bot = answer;
  slack = await startTestSlack({ requestUrl: bot.url, eventRetryDelaysMs: [0, 5], ...options });
}

afterEach(async () => {
  await slack.stop();
  await bot.stop();
});

test('never resends a command that got anything but success', async () => {
  await start(await botThatAcknowledges(500));

  expect(await slack.as('UANN').types('CGENERAL', '/dlq-tasks')).toEqual({
    ok: false,
    error: '/dlq-tasks failed with the error "dispatch_failed"',
  });
  expect(bot.heard).toHaveLength(1);
});

test('resends an event, with the number of the attempt', async () => {
  await start(await botThatAcknowledges(500));

  await slack.as('UANN').types('CGENERAL', '@dlq-tasks hello');

  await slack.until(() => bot.heard[2]);
  expect(bot.heard.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, '1', '2']);
  const ids = bot.heard.map(({ body }) => JSON.parse(body).event_id);
  expect(new Set(ids).size).toBe(1);
});

test('a bot can ask for an event not to be sent again', async () => {
  await start(await botThatAcknowledges(500, { 'x-slack-no-retry': '1' }), { eventRetryDelaysMs: [0, 0] });

  await slack.as('UANN').types('CGENERAL', '@dlq-tasks hello');

  await slack.until(() => slack.deliveries.find(({ status }) => status === 500));
  await slack.as('UANN').types('CGENERAL', '/dlq-tasks');
  expect(slack.deliveries.map(({ kind }) => kind)).toEqual(['event', 'command']);
});

test('without the scope for mentions there is no event', async () => {
  await start(await botThatAcknowledges(), { scopes: ['chat:write'] });

  await slack.as('UANN').types('CGENERAL', '@dlq-tasks hello');

  expect(slack.deliveries).toEqual([]);
});

test("names a person's other workspace in commands, mentions, and clicks", async () => {
  await start(await botThatAcknowledges());
  const eve = slack.as('UEVE');

  await eve.types('CGENERAL', '/dlq-tasks');
  await eve.types('CGENERAL', '@dlq-tasks hello');
  const [message] = slack.messages('CGENERAL');
  if (!message) throw new Error('no message');
  await eve.usesShortcut(message, 'check');

  expect(slack.deliveries.map(({ payload }) => payload)).toMatchObject([
    { user_id: 'UEVE', team_id: 'T2' },
    { team_id: 'T1', is_ext_shared_channel: true, event: { user: 'UEVE', user_team: 'T2' } },
    { user: { id: 'UEVE', team_id: 'T2' }, team: { id: 'T1' } },
  ]);
});

test('a menu sends the option that was picked', async () => {
  await start(await botThatAcknowledges());
  const option = (value: string) => ({ text: { type: 'plain_text', text: value }, value });
  const placeholder = { type: 'plain_text', text: 'Queue' };
  const menu = { type: 'static_select', action_id: 'pick', placeholder, options: [option('a'), option('b')] };
  await slack.as('UANN').types('CGENERAL', '/dlq-tasks');
  await fetch(String(slack.deliveries[0]?.payload['response_url']), {
    method: 'POST',
    body: JSON.stringify({
      text: 'which?',
      blocks: [{ type: 'actions', block_id: 'menu', elements: [menu] }],
    }),
  });
  const [message] = slack.privateWords('UANN');
  if (!message) throw new Error('no message');

  await slack.as('UANN').clicks(message, 'Queue', 'b');

  expect(slack.deliveries.at(-1)?.payload['actions']).toEqual([
    {
      type: 'static_select',
      action_id: 'pick',
      block_id: 'menu',
      selected_option: option('b'),
      action_ts: expect.any(String),
    },
  ]);
});

test('does not blame the bot for a slow delivery', async () => {
  await start(await botThatAcknowledges(), { ackTimeoutMs: 50 });
  slack.faults.add({ kind: 'slow-delivery', method: 'command', ms: 80, times: 1 });
  const startedAt = performance.now();

  expect(await slack.as('UANN').types('CGENERAL', '/dlq-tasks')).toEqual({ ok: true });
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(75);
});
