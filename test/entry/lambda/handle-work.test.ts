import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { createWorkHandler, type Secrets } from '../../../src/entry/lambda/handle-work.ts';
import type { VerifiedRequest } from '../../../src/slack/lambda-receiver.ts';
import { now } from '../../support/builders.ts';

const command = 'command=%2Fdlq-tasks&text=orders-dlq&user_id=UANN';

function handedOn({ ageSeconds = 0, secret = 'a secret' } = {}) {
  const timestamp = String(Math.floor(now / 1_000) - ageSeconds);
  const hash = createHmac('sha256', secret).update(`v0:${timestamp}:${command}`).digest('hex');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${hash}`,
  };
  return { body: command, headers };
}

function aWorker() {
  const made: Secrets[] = [];
  const received: VerifiedRequest['body'][] = [];
  const delivered: string[] = [];
  const state = { botToken: 'xoxb-1', signingSecret: 'a secret', isBroken: false };
  const lines: unknown[] = [];
  const line = (level: string) => (facts: object, message: string) => {
    lines.push({ level, ...facts, message });
  };
  const log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
  const work = createWorkHandler({
    signingSecret: async () => state.signingSecret,
    botToken: async () => state.botToken,
    async createBot(secrets) {
      made.push(secrets);
      if (state.isBroken) throw new Error('dlq-tasks.yml: there is no such file');
      return { receive: async ({ body }) => void received.push(body) };
    },
    tellUnexpectedError: async (_request, errorId) => void delivered.push(errorId),
    newErrorId: () => 'E-1',
    clock: () => now,
    log,
  });
  return { work, made, received, delivered, state, lines };
}

test('what Slack has signed is answered, all by one bot', async () => {
  const { work, made, received } = aWorker();
  await Promise.all([work(handedOn()), work(handedOn({ ageSeconds: 7 * 60 }))]);
  expect([made.length, received.map(({ text }) => text)]).toEqual([1, ['orders-dlq', 'orders-dlq']]);
});

test.each([
  ['signed by another', handedOn({ secret: 'another' })],
  ['of a quarter of an hour ago', handedOn({ ageSeconds: 900 })],
  ['changed on the way', { ...handedOn(), body: `${command}&x=1` }],
  ['without headers', { body: command }],
  ['of headers that are no text', { body: command, headers: { 'x-slack-signature': 7 } }],
  ['nothing', undefined],
])('whoever may start the worker can forge nobody: %s', async (_what, event) => {
  const { work, made, received } = aWorker();
  await work(event);
  expect([made, received]).toEqual([[], []]);
});

test('a new token is used as soon as it is read', async () => {
  const { work, made, state } = aWorker();
  await work(handedOn());
  state.botToken = 'xoxb-2';
  await work(handedOn());
  expect(made.map(({ botToken }) => botToken)).toEqual(['xoxb-1', 'xoxb-2']);
});

test('a bot that cannot run says so to the person and to Lambda, and is tried again', async () => {
  const { work, received, delivered, state, lines } = aWorker();
  state.isBroken = true;
  await expect(work(handedOn())).rejects.toThrow('there is no such file');
  expect([delivered, lines]).toMatchObject([['E-1'], [{ level: 'error', errorId: 'E-1' }]]);
  state.isBroken = false;
  await work(handedOn());
  expect(received).toHaveLength(1);
});
