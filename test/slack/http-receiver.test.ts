import { once } from 'node:events';
import { request } from 'node:http';
import type { App } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HttpReceiver } from '../../src/slack/http-receiver.ts';
import { startTestBot, type TestBot } from '../support/bot.ts';
import { aQueue, aTask } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';

/** Headers that look like Slack's, as anyone can send them. */
function asIfSigned(secondsFromNow = 0) {
  return {
    'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000) + secondsFromNow),
    'x-slack-signature': `v0=${'0'.repeat(64)}`,
  };
}

let bot: TestBot;
let aws: ReturnType<typeof fakeMoveTasks>;
beforeEach(async () => {
  aws = fakeMoveTasks();
  aws.lists(aTask());
  bot = await startTestBot({ moveTasks: aws, queues: [aQueue()] });
});
afterEach(() => bot[Symbol.asyncDispose]());

const command = new URLSearchParams({
  command: '/dlq-tasks',
  text: 'orders-dlq',
  user_id: 'UANN',
  channel_id: 'CGENERAL',
  team_id: 'T1',
}).toString();
const json = 'application/json';

async function status(raw: Parameters<TestBot['slack']['deliver']>[0]) {
  const receipt = await bot.slack.deliver(raw);
  await bot.settled();
  return receipt?.status;
}
const nothingDone = () => expect([aws.asked, bot.slack.callsOf('chat.postMessage')]).toEqual([[], []]);

test('an idle connection is kept for longer than a load balancer keeps it', async () => {
  const answer = await fetch(`${bot.url}/slack/events`, { method: 'PUT' });
  expect(answer.headers.get('keep-alive')).toBe('timeout=75');
});

describe('a request from anywhere but Slack does nothing', () => {
  test.each([
    ['unsigned', { body: command, signature: 'none' as const }, 401],
    ['wrongly signed', { body: command, signature: 'forged' as const }, 401],
    ['six minutes old', { body: command, ageSeconds: 360 }, 401],
    ['signed six minutes from now', { body: command, ageSeconds: -360 }, 401],
    ['of 5 MB', { body: `text=${'x'.repeat(5_000_000)}` }, 413],
    ['unsigned and of 5 MB', { body: `text=${'x'.repeat(5_000_000)}`, signature: 'none' as const }, 413],
  ])('%s', async (_what, raw, answer) => {
    expect(await status(raw)).toBe(answer);
    nothingDone();
  });

  test.each([
    ['unsigned', {}, 401],
    ['as if signed', asIfSigned(), 413],
  ])('of 5 MB, %s and without a declared length', async (_what, headers, statusCode) => {
    const sent = request(`${bot.url}/slack/events`, { method: 'POST', agent: false, headers });
    sent.on('error', () => 'the rest was not wanted');
    for (let piece = 0; piece < 5; piece += 1) sent.write(Buffer.alloc(1_000_000));
    sent.end();
    const [answer] = await once(sent, 'response');
    expect(answer).toMatchObject({ statusCode });
    nothingDone();
  });

  test.each([
    ['without a signature', {}],
    ['with a stale one', asIfSigned(-400)],
  ])('%s is refused before its body arrives, and cut off', async (_what, signed) => {
    const headers = { ...signed, 'content-length': 1_000_000 };
    const sent = request(`${bot.url}/slack/events`, { method: 'POST', agent: false, headers });
    const cut = once(sent, 'close');
    sent.on('error', () => 'the rest was not wanted');
    sent.flushHeaders();
    const [answer] = await once(sent, 'response');
    expect(answer).toMatchObject({ statusCode: 401 });
    await cut;
    nothingDone();
  });

  test('with a command inside of an unsigned check', async () => {
    expect(await status({ body: `${command}&ssl_check=1`, signature: 'none' })).toBe(200);
    nothingDone();
  });

  test('on another path, or read instead of posted', async () => {
    const other = await fetch(`${bot.url}/other`, { method: 'POST', body: command });
    const read = await fetch(`${bot.url}/slack/events`);
    expect([other.status, read.status]).toEqual([404, 405]);
    nothingDone();
  });
});

describe('a signed body of junk does nothing, and the bot keeps running', () => {
  test.each([
    ['nothing', '', json],
    ['null', 'null', json],
    ['a number', '42', json],
    ['a list', '[]', json],
    ['half a JSON', '{"type":', json],
    ['an empty object', '{}', json],
    ['a null payload', 'payload=null', undefined],
    ['a number for a payload', 'payload=7', undefined],
    ['half a payload', 'payload={"type"', undefined],
    ['a click without actions', `payload=${encodeURIComponent('{"type":"block_actions"}')}`, undefined],
    [
      'a click with no one in it',
      `payload=${encodeURIComponent('{"type":"block_actions","actions":[{"action_id":"refresh"}]}')}`,
      undefined,
    ],
    [
      'a click of nulls',
      `payload=${encodeURIComponent('{"type":"block_actions","actions":[null],"user":null,"team":null}')}`,
      undefined,
    ],
    ['a command of another app', 'command=/other&text=x&user_id=U1&team_id=T1&channel_id=C1', undefined],
    ['a form of noise', '%%%=%00&&&==', undefined],
  ])('%s', async (_what, body, contentType) => {
    const answer = await status({ body, ...(contentType && { contentType }) });
    expect(answer).toBeGreaterThanOrEqual(400);
    nothingDone();
    expect((await fetch(`${bot.url}/healthz`)).status).toBe(200);
  });
});

test('reads a content type with a charset', async () => {
  expect(
    await status({ body: command, contentType: 'application/x-www-form-urlencoded; charset=utf-8' }),
  ).toBe(200);
  expect(bot.slack.callsOf('chat.postMessage')).toHaveLength(1);
});

test('Slack’s own checks are answered', async () => {
  const challenge = await bot.slack.deliver({
    body: JSON.stringify({ type: 'url_verification', challenge: 'c0ffee' }),
    contentType: json,
  });
  expect(challenge).toMatchObject({ status: 200 });
  expect(JSON.stringify(challenge)).toContain('c0ffee');
  expect(await status({ body: 'ssl_check=1&token=x', signature: 'none' })).toBe(200);
  nothingDone();
});

test('a response URL that leads elsewhere is not followed', async () => {
  const { promise: followed, resolve } = Promise.withResolvers<string>();
  const trap = (await import('node:http')).createServer((request, response) => {
    resolve(`${request.method}`);
    response.end();
  });
  await new Promise<void>((listening) => trap.listen(0, '127.0.0.1', listening));
  const address = trap.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const body = `${command.replace('orders-dlq', 'help')}&response_url=${encodeURIComponent(`http://127.0.0.1:${port}/steal`)}`;
  expect(await status({ body })).toBe(200);
  expect(bot.slack.privateWords('UANN')).toHaveLength(1);
  expect(await Promise.race([followed, Promise.resolve('not followed')])).toBe('not followed');
  trap.close();
});

test('GET /healthz answers', async () => {
  const health = await fetch(`${bot.url}/healthz`);
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
});

test('logs why a request was refused', async () => {
  const why = async (raw: Parameters<TestBot['slack']['deliver']>[0]) => {
    await status(raw);
    return bot.lines.at(-1)?.['why'];
  };
  expect([
    await why({ body: command, signature: 'none' }),
    await why({ body: command, signature: 'forged' }),
    await why({ body: command, ageSeconds: 360 }),
    await why({ body: command, ageSeconds: -360 }),
  ]).toEqual(['unsigned', 'wrong secret', 'stale', 'future']);
  await fetch(`${bot.url}/slack/command`, { method: 'POST', body: command });
  expect(bot.lines.at(-1)).toMatchObject({ status: 404, path: '/slack/command', slackPath: '/slack/events' });
});

test('does not wait for a body that does not arrive', async () => {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const receiver = new HttpReceiver({
    signingSecret: 'secret',
    port: 0,
    otherRequests: (_, response) => response.end(),
    log,
    requestWithinMs: 200,
  });
  receiver.init({ processEvent: async () => undefined } as unknown as App);
  const port = await receiver.start();
  const headers = { ...asIfSigned(), 'content-length': 1_000 };
  const sent = request({ port, path: '/slack/events', method: 'POST', agent: false, headers });
  sent.write('command=');
  const [answer] = await once(sent, 'response');
  expect(answer).toMatchObject({ statusCode: 408 });
  await receiver.stop();
});
