import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFrontHandler } from '../../../src/entry/lambda/handle-front.ts';
import type { SignedRequest } from '../../../src/slack/signed-request.ts';
import { now } from '../../support/builders.ts';

const signingSecret = 'a secret';
const form = 'application/x-www-form-urlencoded';
const json = 'application/json';
const command = 'command=%2Fdlq-tasks&text=orders-dlq&user_id=UANN&channel_id=CGENERAL&team_id=T1';

function aFrontHandler(given: { secret?: () => Promise<string>; handOn?: () => Promise<void> } = {}) {
  const handedOn: SignedRequest[] = [];
  const logged: unknown[] = [];
  const open = createFrontHandler({
    signingSecret: given.secret ?? (async () => signingSecret),
    handOn: async (request) => {
      handedOn.push(request);
      await given.handOn?.();
    },
    clock: () => now,
    log: {
      warn: (facts, message) => logged.push([message, facts]),
      error: (facts, message) => logged.push([message, facts]),
    },
  });
  return { open, handedOn, logged };
}

function signed(
  body: string,
  { ageSeconds = 0, secret = signingSecret, type = form, headers = {}, base64 = false } = {},
) {
  const timestamp = String(Math.floor(now / 1_000) - ageSeconds);
  const hash = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    version: '2.0',
    requestContext: { http: { method: 'POST' } },
    headers: {
      'content-type': type,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${hash}`,
      'user-agent': 'Slackbot 1.0',
      ...headers,
    },
    body: base64 ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded: base64,
  };
}

async function statusOf(event: unknown): Promise<[status: number, handedOn: number]> {
  const { open, handedOn } = aFrontHandler();
  const { statusCode } = await open(event);
  return [statusCode, handedOn.length];
}

describe('what Slack has signed is passed on and answered at once', () => {
  const click = `payload=${encodeURIComponent(
    JSON.stringify({ type: 'block_actions', user: { id: 'UANN' }, actions: [{ action_id: 'refresh' }] }),
  )}`;
  const event = JSON.stringify({ type: 'event_callback', event: { type: 'app_mention' } });
  const shortcut = `payload=${encodeURIComponent(
    JSON.stringify({ type: 'message_action', user: { id: 'UANN' }, callback_id: 'check_dlq_tasks' }),
  )}`;

  test.each([
    ['a command', signed(command)],
    ['a command in base64', signed(command, { base64: true })],
    ['a click', signed(click)],
    ['a shortcut', signed(shortcut)],
    ['an event', signed(event, { type: json })],
    ['words in any script, in base64', signed(`${command}${encodeURIComponent('ü 漢')}`, { base64: true })],
    ['JSON with words in any script, in base64', signed(`${event} `, { type: json, base64: true })],
    ['a content type with its charset', signed(command, { type: `${form}; charset=utf-8` })],
    ['a command of four minutes ago', signed(command, { ageSeconds: 240 })],
  ])('%s', async (_what, given) => {
    expect(await statusOf(given)).toEqual([200, 1]);
  });

  test('unchanged, with only the headers that prove it', async () => {
    const { open, handedOn } = aFrontHandler();
    const given = signed(command, { base64: true, headers: { 'X-Slack-Retry-Num': '1' } });
    expect(await open(given)).toEqual({ statusCode: 200, body: '' });
    expect(handedOn).toEqual([
      {
        body: command,
        headers: {
          'content-type': form,
          'x-slack-signature': given.headers['x-slack-signature'],
          'x-slack-request-timestamp': given.headers['x-slack-request-timestamp'],
          'x-slack-retry-num': '1',
        },
      },
    ]);
  });
});

describe('anything else starts nothing', () => {
  const unsigned = { ...signed(command), headers: { 'content-type': form } };
  test.each([
    ['unsigned', unsigned, 401],
    ['signed by another', signed(command, { secret: 'another' }), 401],
    ['another body than was signed', { ...signed(command), body: `${command}x` }, 401],
    ['six minutes old', signed(command, { ageSeconds: 360 }), 401],
    ['from the future', signed(command, { ageSeconds: -360 }), 401],
    ['of no time', signed(command, { headers: { 'x-slack-request-timestamp': 'NaN' } }), 401],
    ['read instead of posted', { ...signed(command), requestContext: { http: { method: 'GET' } } }, 405],
    ['far too large', signed(`${command}${'x'.repeat(300_000)}`), 413],
    ['a command of another app', signed(command.replace('dlq-tasks', 'other')), 400],
    ['a command of nobody', signed('command=%2Fdlq-tasks'), 400],
    ['nothing', signed('', { type: json }), 400],
    ['null', signed('null', { type: json }), 400],
    ['a list', signed('[]', { type: json }), 400],
    ['half a JSON', signed('{"type":', { type: json }), 400],
    ['an object of no type', signed('{}', { type: json }), 400],
    ['a null payload', signed('payload=null'), 400],
    ['half a payload', signed('payload={"type"'), 400],
    ['a click without actions', signed('payload={"type":"block_actions"}'), 400],
    [
      'a click of nulls',
      signed('payload={"type":"block_actions","actions":[null],"user":{"id":"UANN"}}'),
      400,
    ],
    ['noise', signed('%%%=%00&&&=='), 400],
    ['an event of nothing', {}, 405],
    ['no event at all', null, 405],
  ])('%s', async (_what, event, status) => {
    expect(await statusOf(event)).toEqual([status, 0]);
  });

  test('whatever it is', async () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.record({
        requestContext: fc.constant({ http: { method: 'POST' } }),
        headers: fc.oneof(fc.anything(), fc.dictionary(fc.string(), fc.anything())),
        body: fc.oneof(fc.anything(), fc.string(), fc.json()),
        isBase64Encoded: fc.oneof(fc.anything(), fc.boolean()),
      }),
      fc
        .tuple(fc.oneof(fc.string(), fc.json()), fc.constantFrom(form, json, ''))
        .map(([body, type]) => signed(body, { type })),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (event) => {
        const [status, handedOn] = await statusOf(event);
        expect([400, 401, 405]).toContain(status);
        expect(handedOn).toBe(0);
      }),
    );
  });
});

test('Slack’s own checks are answered, the challenge only when Slack has signed it', async () => {
  const challenge = JSON.stringify({ type: 'url_verification', challenge: 'c0ffee' });
  const { open, handedOn } = aFrontHandler();
  expect([
    await open(signed(challenge, { type: json })),
    await open(signed(challenge, { type: json, secret: 'another' })),
    await open(signed('ssl_check=1&token=x', { secret: 'another' })),
    handedOn,
  ]).toEqual([
    { statusCode: 200, headers: { 'content-type': json }, body: '{"challenge":"c0ffee"}' },
    { statusCode: 401, body: '' },
    { statusCode: 200, body: '' },
    [],
  ]);
});

describe('when the front fails', () => {
  const fails = async (): Promise<never> => {
    throw new Error('Rate exceeded');
  };

  test('Slack tells a person who typed a command why there may be no answer', async () => {
    const { open, logged } = aFrontHandler({ handOn: fails });
    const { statusCode, body } = await open(signed(command));
    expect([statusCode, JSON.parse(body).response_type]).toEqual([200, 'ephemeral']);
    expect(logged).toEqual([['could not start the worker', { error: 'Error: Rate exceeded' }]]);
  });

  test('Slack sees that an event was not accepted, and sends it again', async () => {
    const { open } = aFrontHandler({ handOn: fails });
    const event = JSON.stringify({ type: 'event_callback', event: { type: 'app_mention' } });
    expect(await open(signed(event, { type: json }))).toEqual({ statusCode: 503, body: '' });
  });

  test("accepts nothing while the secret can't be read or is empty", async () => {
    const unread = aFrontHandler({ secret: fails });
    const empty = aFrontHandler({ secret: async () => '' });
    expect([
      await unread.open(signed(command)),
      await empty.open(signed(command, { secret: '' })),
      unread.handedOn,
      empty.handedOn,
    ]).toEqual([{ statusCode: 500, body: '' }, { statusCode: 401, body: '' }, [], []]);
  });
});

test('does not read the secret for a request whose headers show that it is not from Slack', async () => {
  let asked = 0;
  const secret = async () => {
    asked += 1;
    return signingSecret;
  };
  const { open, logged } = aFrontHandler({ secret });
  const unsigned = { ...signed(command), headers: { 'content-type': form } };
  const answers = [await open(unsigned), await open(signed(command, { ageSeconds: 400 }))];
  expect([answers.map(({ statusCode }) => statusCode), asked]).toEqual([[401, 401], 0]);
  expect(logged).toEqual([
    ['request rejected', { status: 401, why: 'unsigned' }],
    ['request rejected', { status: 401, why: 'stale' }],
  ]);
});
