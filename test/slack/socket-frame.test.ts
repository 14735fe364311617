import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSocketFrame } from '../../src/slack/socket-frame.ts';

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
  ['null', 'it is no JSON object'],
  ['{', 'it is no JSON object'],
  ['{"type":"hi"}', 'its type is not as documented'],
  ['{"type":"interactive","payload":{}}', 'its envelope_id is not as documented'],
  ['{"type":"interactive","envelope_id":"e","payload":null}', 'its payload is not as documented'],
  ['{"type":"events_api","envelope_id":"e","payload":{}}', 'its payload.event is not as documented'],
])('%s', (text, why) => {
  expect(whyOf(text)).toBe(why);
});

test('a binary one', () => {
  expect([whyOf(new ArrayBuffer(3), true), whyOf(new ArrayBuffer(3))]).toEqual([
    'it is binary',
    'it is binary',
  ]);
});

test('whatever comes, it is read or there is a reason, which repeats nothing of it', () => {
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
        expect(whyOf(text)).toMatch(
          /^(?:as documented|it is no JSON object|its [a-z_.]+ (?:is|are) not as documented)$/,
        );
      },
    ),
  );
});
