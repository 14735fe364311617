import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearestQueues, parseQueueReference, queuesNamed } from '../../src/domain/queue-reference.ts';
import { queuesMentioned } from '../../src/domain/queues-mentioned.ts';
import { codeSpan } from '../../src/slack/block-kit.ts';
import { asTyped, messageTexts } from '../../src/slack/message-texts.ts';
import { parseCommand } from '../../src/slack/parse-command.ts';
import { aQueue } from '../support/builders.ts';
import { aFlood, longestMessage, repeated, slowestMs } from '../support/floods.ts';

const queues = Array.from({ length: 200 }, (_, i) =>
  aQueue({ name: `queue-${i}-dlq`, alias: i % 2 ? `q${i}` : 'shared', region: `eu-west-${i % 9}` }),
);
const pieces = [
  ...[
    '\\',
    ' ',
    ';',
    '.',
    '-',
    '_',
    '*',
    '`',
    '"',
    '<',
    '>',
    '|',
    '&',
    ':',
    '/',
    '%25',
    '$25',
    '*2',
    '\\n',
    '\n',
  ],
  ...[
    'a',
    'A',
    '7',
    'é',
    '\u200b',
    '—',
    'http://',
    'arn:aws:sqs:',
    'queue-1-dlq',
    'shared ',
    '<@U1|',
    ' _a',
    '\u0300',
    '\u0323',
    '\u0f71\u0f72',
  ],
];
const known = [
  ...pieces.map((piece) => repeated(piece)),
  `http://${';'.repeat(longestMessage)}/123456789012/q`,
  `https://a#/queues/${'%'.repeat(longestMessage)}`,
  Array.from({ length: 2_000 }, (_, i) => `queue-${i % 200}-dlq-x${i}`).join(' '),
  `a${'\u0345'.repeat(longestMessage / 2)}${'\u0300'.repeat(longestMessage / 2)}`,
  Array.from({ length: 8_000 }, (_, i) => `a${i}`).join('-'),
];

const readers: [string, (text: string) => unknown][] = [
  ['a message under the shortcut', (text) => queuesMentioned(messageTexts({ text }), queues)],
  ['a name of a queue', (text) => queuesNamed(parseQueueReference(text) ?? { kind: 'word', text }, queues)],
  ['a command', (text) => parseCommand(text)],
  ['a mention', (text) => asTyped(text, 'UBOT')],
  ['a word in code', (text) => codeSpan(text)],
  ['a typo', (text) => nearestQueues(text, queues, 3)],
];

describe.each(readers)('40,000 characters as %s', (_what, read) => {
  test('are read within a second, in every known case', () => {
    expect(slowestMs(known, read)).toBeLessThan(1_000);
  });

  test('are read within a second, whatever is repeated', () => {
    fc.assert(
      fc.property(aFlood(pieces), (text) => {
        expect(slowestMs([text], read)).toBeLessThan(1_000);
      }),
      { numRuns: 40 },
    );
  });
});
