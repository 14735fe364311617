import { createHmac } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createWorkHandler, type Secrets } from '../../../src/entry/lambda/handle-work.ts';
import type { VerifiedRequest } from '../../../src/slack/lambda-receiver.ts';
import type { Claim } from '../../../src/storage/dynamodb/request-claims.ts';
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
  const claims: string[] = [];
  const answered: string[] = [];
  const state = {
    ...{ botToken: 'xoxb-1', signingSecret: 'a secret', isBroken: false },
    claim: async (): Promise<Claim> => 'ours',
  };
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
      return {
        async receive({ body }, known) {
          if (await known?.isOurs) received.push(body);
        },
      };
    },
    claims: {
      claim(signature) {
        claims.push(signature);
        return state.claim();
      },
      answered: async (signature) => void answered.push(signature),
    },
    tellFailure: async (_request, { kind, errorId }) => void delivered.push(`${kind} ${errorId}`),
    newErrorId: () => 'E-1',
    clock: () => now,
    log,
  });
  return { work, made, received, delivered, state, lines, claims, answered };
}

test('answers what Slack has signed, all with one bot', async () => {
  const { work, made, received } = aWorker();
  await Promise.all([work(handedOn()), work(handedOn({ ageSeconds: 7 * 60 }))]);
  expect([made.length, received.map(({ text }) => text)]).toEqual([1, ['orders-dlq', 'orders-dlq']]);
});

test('asks Slack who the bot is first, because that takes the longest', async () => {
  const { work, made, state } = aWorker();
  let madeBefore = 0;
  state.claim = async () => {
    madeBefore = made.length;
    return 'ours';
  };
  await work(handedOn());
  expect(madeBefore).toBe(1);
});

test.each([
  ['signed by another', handedOn({ secret: 'another' })],
  ['of a quarter of an hour ago', handedOn({ ageSeconds: 900 })],
  ['changed on the way', { ...handedOn(), body: `${command}&x=1` }],
  ['without headers', { body: command }],
  ['of headers that are no text', { body: command, headers: { 'x-slack-signature': 7 } }],
  ['nothing', undefined],
])('permission to start the worker does not allow impersonation: %s', async (_what, event) => {
  const { work, made, received, claims } = aWorker();
  await work(event);
  expect([made, received, claims]).toEqual([[], [], []]);
});

test('uses a new token as soon as it is read', async () => {
  const { work, made, state } = aWorker();
  await work(handedOn());
  state.botToken = 'xoxb-2';
  await work(handedOn());
  expect(made.map(({ botToken }) => botToken)).toEqual(['xoxb-1', 'xoxb-2']);
});

test("a bot that can't run tells the person and Lambda, and is retried", async () => {
  const { work, received, delivered, state, lines } = aWorker();
  state.isBroken = true;
  await expect(work(handedOn())).rejects.toThrow('there is no such file');
  expect([delivered, lines]).toMatchObject([['unexpected E-1'], [{ level: 'error', errorId: 'E-1' }]]);
  state.isBroken = false;
  await work(handedOn());
  expect(received).toHaveLength(1);
});

test('leaves what another invocation has claimed to it', async () => {
  const { work, received, state, claims } = aWorker();
  state.claim = async () => 'elsewhere' as const;
  const event = handedOn();
  await work(event);
  expect([received, claims]).toEqual([[], [event.headers['x-slack-signature']]]);
});

test('notes what it has answered, and that it has said why it can not', async () => {
  const { work, state, claims, answered } = aWorker();
  await work(handedOn());
  state.isBroken = true;
  state.botToken = 'xoxb-2';
  await expect(work(handedOn())).rejects.toThrow('there is no such file');
  expect(answered).toEqual(claims);
});

test('an invocation ended before it answered: tells the person, even if the bot cannot start, and does nothing', async () => {
  const { work, received, delivered, state, answered } = aWorker();
  state.claim = async () => 'interrupted';
  await work(handedOn());
  state.isBroken = true;
  state.botToken = 'xoxb-2';
  await expect(work(handedOn())).rejects.toThrow('there is no such file');
  expect([received, delivered, answered]).toEqual([[], ['interrupted E-1', 'interrupted E-1'], []]);
});

test("of two invocations of a bot that can't run, only the one with the claim says so", async () => {
  const { work, delivered, state } = aWorker();
  Object.assign(state, { isBroken: true, claim: async () => 'elsewhere' });
  await expect(work(handedOn())).rejects.toThrow('there is no such file');
  expect(delivered).toEqual([]);
});

test("answers a person while the table can't be written, and logs what that means", async () => {
  const { work, received, state, lines } = aWorker();
  state.claim = async () => {
    throw new Error('DynamoDB returned 500 InternalServerError');
  };
  await work(handedOn());
  expect([received.length, lines]).toMatchObject([1, [{ level: 'warn', err: expect.any(Error) }]]);
});

test('a table that does not answer delays no one', async () => {
  vi.useFakeTimers();
  try {
    const { work, received, state, claims } = aWorker();
    state.claim = () => new Promise(() => undefined);
    const done = work(handedOn());
    while (claims.length === 0) await nextTurn();
    await vi.advanceTimersByTimeAsync(5_000);
    await done;
    expect(received).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});
