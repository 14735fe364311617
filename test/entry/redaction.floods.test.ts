import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactor } from '../../src/entry/redaction.ts';
import { aFlood, longestMessage, repeated, slowestMs } from '../support/floods.ts';

const redact = redactor(['a-signing-secret-of-the-bot']);
const pieces = [
  ...[
    '\\',
    '"',
    "'",
    '`',
    ' ',
    '/',
    '\\/',
    '=',
    ':',
    '&',
    '.',
    ',',
    '1',
    'a',
    'F',
    '-',
    '%25',
    '%22',
    '%3A',
    '%2F',
  ],
  ...[
    'token',
    'token=',
    'token:"',
    '"token":"',
    'TaskHandle%22%3A%22',
    'authorization: ',
    'x-slack-signature',
  ],
  ...[
    'v0=',
    'xoxb-',
    'eyJ',
    'AQEB',
    'AKIA',
    'Bearer ',
    'https://hooks.slack.com',
    'wss://',
    'http:',
    '123456789.',
  ],
];
const inEveryWay = (msg: string) => [redact(msg), redact(`${JSON.stringify({ msg })}\n`)];

test.each([
  ...pieces.map((piece) => [piece, repeated(piece)]),
  ['a link without end', `http://${';'.repeat(longestMessage)}/123456789012/q`],
])('40,000 characters are redacted within a second: %j', (_what, text) => {
  expect(slowestMs([text], inEveryWay)).toBeLessThan(1_000);
});

test('40,000 characters are redacted within a second, whatever is repeated', () => {
  fc.assert(
    fc.property(aFlood(pieces), (text) => {
      expect(slowestMs([text], inEveryWay)).toBeLessThan(1_000);
    }),
  );
});
