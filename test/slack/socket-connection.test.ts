import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSocketFrame } from '../../src/slack/socket-connection.ts';

const whyOf = (data: unknown, isBinary = false) => {
  const read = readSocketFrame(data, isBinary);
  return read.ok ? 'as documented' : read.why;
};

test.each([
  ['{"type":"hello","num_connections":1}', 'as documented'],
  ['{"type":"disconnect","reason":"refresh_requested"}', 'as documented'],
  ['{"type":"disconnect"}', 'as documented'],
  ['{"type":"slash_commands","envelope_id":"e","payload":{"command":"/x"},"more":1}', 'as documented'],
  ['{"type":"interactive","envelope_id":"e","payload":{}}', 'as documented'],
  ['{"type":"events_api","envelope_id":"e","payload":{"event":{"type":"app_mention"}}}', 'as documented'],
  ['null', 'not a JSON object'],
  ['{', 'not a JSON object'],
  ['{"type":"hi"}', 'invalid type'],
  ['{"type":"interactive","payload":{}}', 'invalid envelope_id'],
  ['{"type":"interactive","envelope_id":"e","payload":null}', 'invalid payload'],
  ['{"type":"events_api","envelope_id":"e","payload":{}}', 'invalid payload.event'],
])('%s', (text, why) => {
  expect(whyOf(text)).toBe(why);
});

test('a binary one', () => {
  expect([whyOf(new ArrayBuffer(3), true), whyOf(new ArrayBuffer(3))]).toEqual([
    'binary message',
    'binary message',
  ]);
});

test('reads anything, or gives a reason that repeats none of it', () => {
  const known = fc.record(
    {
      type: fc.oneof(fc.constantFrom('hello', 'disconnect', 'interactive', 'events_api'), fc.string()),
      envelope_id: fc.oneof(fc.string(), fc.constant(null)),
      payload: fc.oneof(fc.jsonValue(), fc.record({ event: fc.jsonValue() })),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        known.map((value) => JSON.stringify(value)),
      ),
      (text) => {
        expect(whyOf(text)).toMatch(/^(?:as documented|not a JSON object|invalid [a-z_.]+)$/);
      },
    ),
  );
});
