import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCommand } from '../../src/slack/parse-command.ts';

test.each([
  ['', { kind: 'overview' }],
  ['   ', { kind: 'overview' }],
  ['help', { kind: 'help' }],
  ['Help', { kind: 'help' }],
  ['--help', { kind: 'help' }],
  ['—help', { kind: 'help' }],
  ['?', { kind: 'help' }],
  ['help watch', { kind: 'help' }],
  ['orders\u200b-dlq\ufeff', { kind: 'show', typed: 'orders-dlq', asked: 1 }],
  ['orders-dlq', { kind: 'show', typed: 'orders-dlq', asked: 1 }],
  ['  orders-dlq  ', { kind: 'show', typed: 'orders-dlq', asked: 1 }],
  ['orders-dlq 10', { kind: 'show', typed: 'orders-dlq', asked: 10 }],
  ['orders-dlq   3.', { kind: 'show', typed: 'orders-dlq', asked: 3 }],
  ['“orders-dlq” 5', { kind: 'show', typed: 'orders-dlq', asked: 5 }],
  ['`orders-dlq` 5', { kind: 'show', typed: 'orders-dlq', asked: 5 }],
  ['"orders dlq"', { kind: 'show', typed: 'orders dlq', asked: 1 }],
  ['status orders-dlq', { kind: 'show', typed: 'orders-dlq', asked: 1 }],
  ['Check orders-dlq 3', { kind: 'show', typed: 'orders-dlq', asked: 3 }],
  ['status', { kind: 'show', typed: 'status', asked: 1 }],
  ['status 3', { kind: 'show', typed: 'status', asked: 3 }],
  ['orders-dlq 11', { wrong: 'count-out-of-range', typed: '11' }],
  ['orders-dlq 0', { wrong: 'count-out-of-range', typed: '0' }],
  ['orders-dlq -3', { wrong: 'count-out-of-range', typed: '-3' }],
  ['orders-dlq –3', { wrong: 'count-out-of-range', typed: '–3' }],
  ['orders-dlq 2.5', { wrong: 'count-out-of-range', typed: '2.5' }],
  ['orders-dlq 99999999999999999999', { wrong: 'count-out-of-range', typed: '99999999999999999999' }],
  ['orders-dlq five', { wrong: 'count-not-a-number', typed: 'five' }],
  ['orders dlq', { wrong: 'count-not-a-number', typed: 'dlq' }],
  ['wacth orders-dlq', { wrong: 'no-such-word', typed: 'wacth', meant: 'watch orders-dlq' }],
  ['Unwatc orders-dlq', { wrong: 'no-such-word', typed: 'Unwatc', meant: 'unwatch orders-dlq' }],
  ['orders-dlq 5 please', { wrong: 'too-many-words', typed: 'orders-dlq 5 please', first: 'orders-dlq' }],
])('%j means', (text, command) => {
  expect(parseCommand(text)).toEqual(command);
});

test('whatever is typed is a command, or an error that quotes the person', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => {
      const command = parseCommand(text);
      if ('typed' in command) expect(text.replace(/\p{Cf}/gu, '').normalize('NFC')).toContain(command.typed);
      else expect(['overview', 'help']).toContain(command.kind);
    }),
  );
});
