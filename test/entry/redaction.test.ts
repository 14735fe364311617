import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactor } from '../../src/entry/redaction.ts';

const known = 'a1/b2+c3=d4"e5\\f6%g7';
const redact = redactor([known]);
const logged = (msg: unknown, more: object = {}) =>
  redact(`${JSON.stringify({ level: 'debug', ...more, msg })}\n`);

const hook = 'https://hooks.slack.com/commands/T0000AAAA/1234567890/sEcReTpArTofTheUrL';
const handle = `eyJ0YXNrSWQiOiJkYzE2OWUwNC0wZTU1/LTQ0ZDItYWE5MC1j+DgwY2ExZjM2ZjcifQ==`;
const secrets: Record<string, string> = {
  'a bot token': 'xoxb-1234-5678-AbCdEfGh',
  'an app token': 'xapp-1-A012-3456-0a1b2c3d4e5f',
  'a rotated token': 'xoxe.xoxp-1-Mi0yLTQ2',
  'a response URL': hook,
  'a socket': 'wss://wss-primary.slack.com/link/?ticket=abcdef-0123&app_id=5d1b',
  'a task handle': handle,
  'a receipt handle': 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a+h/Xz9==',
  'a session token': 'IQoJb3JpZ2luX2VjEJr//////////wEaCWV1LXdlc3QtMSJHMEUCIQ',
  'an access key': 'ASIAQWERTYUIOPASDFGH',
  'a signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  'a trigger id': '1234567890123.9876543210987.0123456789abcdef0123456789abcdef',
  'the signing secret': known,
};
/** Parts of a secret that are long enough to recognize it. */
const parts = (secret: string) =>
  secret.match(/[A-Za-z0-9]{8,}/g)?.filter((part) => !/^commands$/.test(part)) ?? [secret];

const escapeSlashes = (text: string) => text.replaceAll('/', '\\/');
/** The encodings of a secret in what a library logs. */
const wrappings: Record<string, (secret: string) => string> = {
  'as it is': (secret) => secret,
  'in a sentence': (secret) => `could not use ${secret} for that`,
  'in JSON': (secret) => JSON.stringify({ a: 1, value: secret }),
  'in JSON with escaped slashes, as Slack sends it': (secret) =>
    escapeSlashes(JSON.stringify({ value: secret })),
  'in JSON within JSON': (secret) => JSON.stringify({ body: JSON.stringify({ value: secret }) }),
  'in JSON within JSON within JSON': (secret) =>
    JSON.stringify([JSON.stringify({ payload: escapeSlashes(JSON.stringify({ deep: { value: secret } })) })]),
  'in a form': (secret) => `a=1&value=${encodeURIComponent(secret)}&b=2`,
  'in JSON in a form': (secret) => `payload=${encodeURIComponent(JSON.stringify({ value: secret }))}`,
  'in an error of several lines': (secret) => new Error(`first\nsecond ${secret}\nthird`).stack ?? '',
  'in what inspect shows': (secret) => inspect({ value: secret }),
};

describe.each(Object.entries(secrets))('%s is hidden', (_what, secret) => {
  test.each(Object.entries(wrappings))('%s', (_where, wrapped) => {
    const line = logged(`before ${wrapped(secret)} after`, { error: { message: wrapped(secret) } });
    for (const part of parts(secret)) expect(line).not.toContain(part);
    expect(JSON.parse(line)).toMatchObject({ level: 'debug', msg: expect.stringMatching(/^before /) });
    for (const part of parts(secret)) expect(redact(wrapped(secret))).not.toContain(part);
  });
});

describe('whatever has the name of a secret is hidden', () => {
  const fields = [
    'response_url',
    'trigger_id',
    'token',
    'TaskHandle',
    'SecretAccessKey',
    'SessionToken',
    'X-Slack-Signature',
  ];
  const anyValue = fc.stringMatching(/^[A-Za-z0-9:/.\\"'?&= +-]{0,30}SECRET[A-Za-z0-9:/.\\"'?&= +-]{0,30}$/);
  const spell: Record<string, (field: string, value: string) => unknown> = {
    'a fact of the line': (field, value) => ({ deep: [{ [field]: value }] }),
    JSON: (field, value) => `got ${JSON.stringify({ ok: true, [field]: value, ts: '1' })}`,
    'escaped JSON': (field, value) =>
      JSON.stringify(escapeSlashes(JSON.stringify({ [field]: value, ts: '1' }))),
    'JSON that was cut off': (field, value) => JSON.stringify({ ok: true, [field]: value }).slice(0, -2),
    'a form': (field, value) => new URLSearchParams({ ok: '1', [field]: value, ts: '1' }).toString(),
    'JSON in a form': (field, value) =>
      `payload=${encodeURIComponent(JSON.stringify({ [field]: value, ts: '1' }))}&b=1`,
    'an encoded form': (field, value) => encodeURIComponent(`${field}=${encodeURIComponent(value)}&ts=1`),
  };
  test.each(Object.entries(spell))('%s', (_how, say) => {
    fc.assert(
      fc.property(fc.constantFrom(...fields), anyValue, (field, value) => {
        const line = logged(say(field, value));
        expect(line).not.toContain('SECRET');
        JSON.parse(line);
      }),
      { numRuns: 300 },
    );
  });

  test('and what follows it stays', () => {
    expect(
      JSON.parse(logged(`got {"token":"abc\\"d","ts":"1.2"} for response_url=https%3A%2F%2Fx&user_id=U1`)),
    ).toEqual({
      level: 'debug',
      msg: 'got {"token":"[hidden]","ts":"1.2"} for response_url=[hidden]&user_id=U1',
    });
  });

  test('headers', () => {
    expect(logged('authorization: Basic dXNlcjpwYXNz\nhost: slack.com')).toBe(
      '{"level":"debug","msg":"authorization: [hidden]\\nhost: slack.com"}\n',
    );
  });
});

describe('ordinary text is left alone', () => {
  const same = (msg: unknown) => {
    expect(JSON.parse(logged(msg))).toEqual({ level: 'debug', msg });
  };

  test.each([
    'ready',
    'Slack rejected SLACK_BOT_TOKEN (invalid_auth). It must begin with xoxb-….',
    'The role arn:aws:iam::111122223333:role/dlq-tasks-status may not use sqs:ListMessageMoveTasks',
    'arn:aws:sqs:eu-west-1:111122223333:a-very-long-name-of-a-queue-that-someone-made-in-2019-dlq.fifo',
    'https://sqs.eu-west-1.amazonaws.com/111122223333/orders-dlq',
    'E-7QK2MB in 1732417200.123456 of C0123456789 by U0123456789',
    'is not authorized to perform: sts:AssumeRole',
    'no token: null, and a signature that was 6 minutes old',
  ])('%s', same);

  test('any text, and any facts', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), same));
    // JSON has no -0.
    const facts = fc.jsonValue({ stringUnit: 'grapheme' }).map((value) => JSON.parse(JSON.stringify(value)));
    fc.assert(fc.property(facts, same));
  });
});
