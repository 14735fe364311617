import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aliasesFor } from '../../src/cli/discovered-settings.ts';
import { aliasFault } from '../../src/config/names.ts';
import type { FoundDlq } from '../../src/domain/discovery.ts';
import { normalizedName } from '../../src/domain/queue-reference.ts';
import { aQueue } from '../support/builders.ts';

function found(name: string, region = 'eu-west-1', label = 'prod'): FoundDlq {
  const id = label === 'prod' ? '111122223333' : '444455556666';
  const place = { account: { label, id }, partition: 'aws', region };
  return { place, name, arn: `arn:aws:sqs:${region}:${id}:${name}`, sources: ['some'] };
}
const isGood = (alias: string) => aliasFault(alias) === undefined;
const aliases = (dlqs: FoundDlq[], listed = [aQueue({ name: 'listed-dlq' })]) => [
  ...aliasesFor(dlqs, listed, isGood).values(),
];

test.each([
  ['the name, where it means one queue', [found('orders-dlq')], ['orders-dlq']],
  [
    'with the region, where a name is in two',
    [found('orders-dlq'), found('orders-dlq', 'us-east-1')],
    ['orders-dlq-eu-west-1', 'orders-dlq-us-east-1'],
  ],
  [
    'with the account, where a name is in two accounts',
    [found('orders-dlq'), found('orders-dlq', 'eu-west-1', 'test')],
    ['prod-orders-dlq', 'test-orders-dlq'],
  ],
  ['with more, where it is listed already', [found('listed-dlq', 'us-east-1')], ['listed-dlq-us-east-1']],
  ['with more, where it is the word of a command', [found('watch')], ['watch-eu-west-1']],
  [
    'never the name of another queue',
    [found('a'), found('a', 'us-east-1'), found('a-us-east-1', 'us-east-1')],
    ['a-us-east-1', 'a-eu-west-1', 'prod-a'],
  ],
])('an alias is %s', (_what, dlqs, expected) => {
  expect(aliases(dlqs).toSorted()).toEqual(expected.toSorted());
});

const name = fc.oneof(
  fc.constantFrom('help', '-a', 'A', 'a', 'a-eu-west-1', 'prod-a', 'listed-dlq'),
  fc.stringMatching(/^[A-Za-z0-9_-]{1,75}(\.fifo)?$/),
  fc.stringMatching(/^x{78,80}$/),
);
const dlq = fc
  .tuple(name, fc.constantFrom('eu-west-1', 'us-east-1'), fc.constantFrom('prod', 'test'))
  .map(([given, region, label]) => found(given, region, label));

test('every DLQ has an alias that can be typed and is unique', () => {
  fc.assert(
    fc.property(fc.uniqueArray(dlq, { selector: ({ arn }) => arn, maxLength: 12 }), (dlqs) => {
      const given = aliases(dlqs);
      expect(given).toHaveLength(dlqs.length);
      expect(given.filter((alias) => !isGood(alias))).toEqual([]);
      expect(new Set([...given, 'listed-dlq'].map(normalizedName)).size).toBe(dlqs.length + 1);
    }),
  );
});
