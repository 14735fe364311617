import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LocalSlack } from '../../../sandbox/slack/local-slack.ts';
import { botThatAcknowledges, type StandInBot } from './stand-in-bot.ts';
import { startTestSlack } from './test-workspace.ts';

let slack: LocalSlack;
let bot: StandInBot;
let now = 1_700_000_000_000;

beforeEach(async () => {
  bot = await botThatAcknowledges();
  slack = await startTestSlack({ requestUrl: bot.url, clock: () => now });
  await slack.as('UANN').types('CGENERAL', '/dlq-tasks orders-dlq');
});

afterEach(async () => {
  await slack.stop();
  await bot.stop();
});

async function answer(body: object): Promise<[number, string]> {
  const url = String(slack.deliveries.at(-1)?.payload['response_url']);
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return [response.status, await response.text()];
}

test('it works five times and not a sixth', async () => {
  const answers = [];
  for (let n = 1; n <= 6; n++) answers.push((await answer({ text: `answer ${n}` }))[0]);

  expect(answers).toEqual([200, 200, 200, 200, 200, 404]);
  expect(slack.privateWords('UANN').map(({ text }) => text)).toEqual(
    [1, 2, 3, 4, 5].map((n) => `answer ${n}`),
  );
});

test('it ends after thirty minutes', async () => {
  now += 30 * 60_000 + 1;
  expect(await answer({ text: 'late' })).toEqual([404, '{"ok":false,"error":"expired_url"}']);
});

test('it can post to everyone, in a thread, with blocks', async () => {
  await slack.as('UBOB').types('CGENERAL', 'parent');
  const parent = slack.messages('CGENERAL')[0];
  bot.forget();
  await slack.as('UANN').types('CGENERAL', '/dlq-tasks');

  await answer({
    response_type: 'in_channel',
    text: 'all',
    blocks: [{ type: 'divider' }],
    thread_ts: parent?.ts,
  });

  expect(slack.thread('CGENERAL', parent?.ts ?? '')[1]).toMatchObject({
    text: 'all',
    blocks: [{ type: 'divider' }],
  });
});

test('it refuses what Slack refuses', async () => {
  expect([await answer({}), (await answer({ text: 'x', blocks: [{ type: 'nonsense' }] }))[1]]).toEqual([
    [400, '{"ok":false,"error":"no_text"}'],
    expect.stringContaining('invalid_blocks'),
  ]);
});

test('it can replace and delete the private message whose button was clicked', async () => {
  const elements = [{ type: 'button', text: { type: 'plain_text', text: 'Go' }, action_id: 'go' }];
  await answer({ text: 'card', blocks: [{ type: 'actions', elements }] });
  const [card] = slack.privateWords('UANN');
  if (!card) throw new Error('no card');

  await slack.as('UANN').clicks(card, 'Go');
  await answer({ replace_original: true, text: 'replaced' });
  const replaced = slack.privateWords('UANN').map(({ text }) => text);
  await answer({ delete_original: true });

  expect([replaced, slack.privateWords('UANN')]).toEqual([['replaced'], []]);
});

test('it can be made to fail like the Web API', async () => {
  slack.faults.add({ kind: 'server-error', method: 'response_url', times: 1 });
  expect([(await answer({ text: 'x' }))[0], (await answer({ text: 'x' }))[0]]).toEqual([500, 200]);
});
