import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aliasFault, labelFault } from '../../src/config/names.ts';
import { parseCommand } from '../../src/slack/parse-command.ts';

describe('an alias can be typed', () => {
  test.each(['orders-dlq', 'Orders', '7', 'größe', 'a.b_c', 'team:orders', '注文', 'help-desk', 'all'])(
    '%s',
    (alias) => {
      expect(aliasFault(alias)).toBeUndefined();
    },
  );

  test.each([
    ...['help', 'HELP', '--help', 'watch', 'unwatch', 'Watches', 'help!'],
    ...[
      'a b',
      'a\tb',
      '<a>',
      'a&b',
      '`a`',
      '"a',
      "bob's",
      'bob’s',
      '-a',
      '–a',
      '(a)',
      'a,',
      'a...',
      '?',
      '.',
      '',
    ],
    ...['a\u200bb', 'a\u0000', 'gro\u0308\u00dfe', 'a'.repeat(81), '\ud800'],
    'arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
    'https://sqs.eu-west-1.amazonaws.com/111122223333/orders-dlq',
  ])('%j cannot be an alias', (alias) => {
    expect(aliasFault(alias)).toMatch(/alias/);
  });

  test('whatever alias is taken, typing it asks for that queue', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (alias) => {
        fc.pre(aliasFault(alias) === undefined);
        expect(parseCommand(alias)).toEqual({ kind: 'show', typed: alias, asked: 1 });
      }),
    );
  });
});

describe("an account's label is checked like an alias", () => {
  test.each(['prod', 'Produktion-EU', 'größe', 'watch'])('%s', (label) => {
    expect(labelFault(label)).toBeUndefined();
  });

  test.each(['a b', '<!channel>', '`a`', 'a\u202eb', '-a', '', 'a'.repeat(81)])('%j is none', (label) => {
    expect(labelFault(label)).toMatch(/label/);
  });
});
