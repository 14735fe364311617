import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LocalSlack } from '../../../sandbox/slack/local-slack.ts';
import { botThatAcknowledges, type StandInBot } from './stand-in-bot.ts';
import { botToken, startTestSlack } from './test-workspace.ts';

let slack: LocalSlack;
let bot: StandInBot;
let client: WebClient;

beforeEach(async () => {
  bot = await botThatAcknowledges();
  slack = await startTestSlack({ requestUrl: bot.url });
  client = new WebClient(botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
});
afterEach(async () => {
  await slack.stop();
  await bot.stop();
});

const divider = { type: 'divider' as const };
const button = {
  type: 'actions' as const,
  block_id: 'b1',
  elements: [
    {
      type: 'button' as const,
      action_id: 'again',
      text: { type: 'plain_text' as const, text: 'Again' },
      value: '1',
    },
  ],
};
const publish = (blocks: object[], user_id = 'UANN') =>
  client.views.publish({ user_id, view: { type: 'home', blocks: blocks as (typeof divider)[] } });
const heard = () => bot.heard.map(({ body }) => JSON.parse(new URLSearchParams(body).get('payload') ?? body));

test('a Home belongs to one person, and shows the last published view', async () => {
  await publish([divider]);
  await publish([button]);
  expect([slack.as('UANN').home(), slack.as('UBOB').home()]).toEqual([[button], []]);
  expect(Object.keys(slack.state().homes ?? {})).toEqual(['UANN']);
});

test('accepts at most 100 blocks, and no unknown ones or people', async () => {
  await publish(Array.from({ length: 100 }, () => divider));
  for (const refused of [
    () => publish(Array.from({ length: 101 }, () => divider)),
    () => publish([{ type: 'no-such-block' }]),
    () => publish([divider], 'UNOBODY'),
  ]) {
    await expect(refused()).rejects.toMatchObject({ data: { error: 'invalid_arguments' } });
  }
});

test('opening it notifies the bot, with the published view', async () => {
  await slack.as('UANN').opensHome();
  await expect.poll(() => bot.heard.length).toBe(1);
  await publish([divider]);
  await slack.as('UANN').opensHome();
  await expect.poll(() => bot.heard.length).toBe(2);
  expect(
    heard().map(({ type, event }) => [type, event.type, event.user, event.tab, event.view?.type]),
  ).toEqual([
    ['event_callback', 'app_home_opened', 'UANN', 'home', undefined],
    ['event_callback', 'app_home_opened', 'UANN', 'home', 'home'],
  ]);
});

test('a click in it comes without a channel and without a response URL', async () => {
  await publish([button]);
  expect(await slack.as('UANN').clicksInHome('Again')).toEqual({ ok: true });
  const [{ type, user, channel, response_url, view, actions }] = heard();
  expect([type, user.id, channel, response_url, view.type]).toEqual([
    'block_actions',
    'UANN',
    undefined,
    undefined,
    'home',
  ]);
  expect(actions).toMatchObject([{ action_id: 'again', block_id: 'b1', value: '1' }]);
});

test('what is not shown cannot be clicked', async () => {
  const click = { do: 'click-home' as const, person: 'UBOB', blockId: 'b1', actionId: 'again' };
  await publish([button]);
  expect([await slack.perform(click), bot.heard]).toEqual([
    { ok: false, error: 'This page no longer has that button.' },
    [],
  ]);
});

test('the bot answers a search; an answer that Slack would refuse counts as none', async () => {
  const select = { type: 'external_select', action_id: 'find', placeholder: button.elements[0]?.text };
  const block = { type: 'actions', block_id: 'b2', elements: [select] };
  const blocks = [block] as unknown as (typeof divider)[];
  const { ts = '' } = await client.chat.postMessage({ channel: 'CGENERAL', text: 'find', blocks });
  const searched = await slack.as('UANN').searches({ channel: 'CGENERAL', ts }, 'find', 'ord');
  expect(searched).toEqual({ ok: false, error: 'Unable to load results.' });
  expect(heard()).toMatchObject([
    {
      type: 'block_suggestion',
      action_id: 'find',
      block_id: 'b2',
      value: 'ord',
      channel: { id: 'CGENERAL' },
      container: { type: 'message', message_ts: ts },
    },
  ]);
});
