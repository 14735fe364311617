import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  composed,
  namesOf,
  normalizedName,
  parseQueueReference,
  queuesNamed,
} from '../../src/domain/queue-reference.ts';
import { aQueue } from '../support/builders.ts';

const orders = aQueue();
const ordersInUs = aQueue({ region: 'us-east-1', alias: 'orders-us' });
const invoices = aQueue({
  name: 'billing-events-dlq',
  alias: 'invoices',
  accountId: '444455556666',
  region: 'us-east-1',
});
const fifo = aQueue({ name: 'pay--ments_dlq.fifo' });
const queues = [orders, ordersInUs, invoices, fifo];

function named(typed: string): string[] {
  const reference = parseQueueReference(typed);
  return reference ? queuesNamed(reference, queues).map((queue) => queue.arn) : [];
}

describe('a queue is meant by', () => {
  test.each([
    ['its alias', 'invoices'],
    ['its name', 'billing-events-dlq'],
    ['a capital from a phone', 'Invoices'],
    ['straight quotes', '"invoices"'],
    ['curly quotes', '“invoices”'],
    ['German quotes', '„invoices“'],
    ['backticks', '`invoices`'],
    ['white space', '  invoices \n'],
    ['a full stop', 'invoices.'],
    ['three of them', 'invoices...'],
    ['a comma and brackets', '(invoices),'],
    ['a link in quotes', '"<https://sqs.us-east-1.amazonaws.com/444455556666/billing-events-dlq|x>"'],
    ['its URL in capitals', 'HTTPS://sqs.us-east-1.amazonaws.com/444455556666/billing-events-dlq'],
    ['its URL with a query', 'https://sqs.us-east-1.amazonaws.com/444455556666/billing-events-dlq?a=/b#c'],
    ['its plain legacy URL', 'http://queue.amazonaws.com/444455556666/billing-events-dlq'],
    ['its ARN', invoices.arn],
    ['its ARN in backticks', `\`${invoices.arn}\``],
    ['its URL', 'https://sqs.us-east-1.amazonaws.com/444455556666/billing-events-dlq'],
    ['its URL with a slash', 'https://sqs.us-east-1.amazonaws.com/444455556666/billing-events-dlq/'],
    ['its legacy URL', 'https://queue.amazonaws.com/444455556666/billing-events-dlq'],
    ['its legacy regional URL', 'https://us-east-1.queue.amazonaws.com/444455556666/billing-events-dlq'],
    ['its FIPS URL', 'https://sqs-fips.us-east-1.amazonaws.com/444455556666/billing-events-dlq'],
    ['its dual-stack URL', 'https://sqs.us-east-1.api.aws/444455556666/billing-events-dlq'],
    ['its VPC URL', 'https://vpce-0a1-b2.sqs.us-east-1.vpce.amazonaws.com/444455556666/billing-events-dlq'],
    ['a local URL', 'http://localhost:9324/444455556666/billing-events-dlq'],
    ['a link as Slack writes it', '<https://sqs.us-east-1.amazonaws.com/444455556666/billing-events-dlq>'],
    [
      'a labelled link',
      '<https://sqs.us-east-1.amazonaws.com/444455556666/billing-events-dlq|sqs.us-east-1.amaz…>',
    ],
    [
      "the console's link",
      'https://us-east-1.console.aws.amazon.com/sqs/v3/home?region=us-east-1#/queues/https%3A%2F%2Fsqs.us-east-1.amazonaws.com%2F444455556666%2Fbilling-events-dlq',
    ],
  ])('%s', (_how, typed) => {
    expect(named(typed)).toEqual([invoices.arn]);
  });

  test('a long dash that a phone made of two hyphens', () => {
    expect(named('pay—ments_dlq.fifo')).toEqual([fifo.arn]);
  });

  test('an en dash in place of a hyphen', () => {
    expect(named('billing–events–dlq')).toEqual([invoices.arn]);
  });
});

test('a URL without a region matches any region, except the legacy one', () => {
  const regionOf = (url: string) => parseQueueReference(`https://${url}/111122223333/orders-dlq`);
  expect(regionOf('localhost')).not.toHaveProperty('region');
  expect(regionOf('queue.amazonaws.com')).toMatchObject({ region: 'us-east-1' });
  for (const host of ['my.queue.amazonaws.com', 'queue.amazonaws.com.test'])
    expect(regionOf(host)).not.toHaveProperty('region');
});

test('nothing is no reference', () => {
  expect(['', ' "" ', '`…`'].map(parseQueueReference)).toEqual([undefined, undefined, undefined]);
});

test('reads a reference of the maximum length', () => {
  expect(named(`invoices${' '.repeat(504)}`)).toEqual([invoices.arn]);
});

test('an exact name comes before a similar one', () => {
  const like = aQueue({ name: 'Orders-dlq', region: 'eu-north-1' });
  const found = (text: string) => queuesNamed({ kind: 'word', text }, [orders, like]);
  expect([found('Orders-dlq'), found('orders-dlq'), found('ORDERS-DLQ')]).toEqual([
    [like],
    [orders],
    [orders, like],
  ]);
});

test('a queue whose alias equals its name has one name, and any other has two', () => {
  expect([orders, invoices].map(namesOf)).toEqual([['orders-dlq'], ['invoices', 'billing-events-dlq']]);
});

test('compares names in lower case, with one hyphen for the dashes of phones', () => {
  expect(normalizedName('My--Queue—A‐B_c')).toBe('my-queue-a-b_c');
});

test('normalizes letters, unless the text is far too long to be a name', () => {
  const accent = 'e\u0301';
  expect([composed(accent), composed(accent.repeat(512)).length]).toEqual(['é', 512]);
  expect(composed(`${accent.repeat(512)}x`)).toHaveLength(1_025);
});

test('a name shared by two queues matches both', () => {
  expect(named('orders-dlq')).toEqual([orders.arn, ordersInUs.arn]);
});

test('an alias means its own queue, even if another queue shares its name', () => {
  expect(named('orders-us')).toEqual([ordersInUs.arn]);
});

test.each([
  ['a URL of another region', 'https://sqs.eu-north-1.amazonaws.com/444455556666/billing-events-dlq'],
  ['a URL of another account', 'https://sqs.us-east-1.amazonaws.com/999999999999/billing-events-dlq'],
  ['an ARN of another account', 'arn:aws:sqs:us-east-1:999999999999:billing-events-dlq'],
  ['an ARN of another service', 'arn:aws:sns:us-east-1:444455556666:billing-events-dlq'],
  ['a URL that ends elsewhere', 'https://evil.example/invoices'],
  ['nothing', '""'],
  ['a URL within words', 'see https://sqs.us-east-1.amazonaws.com/444455556666/billing-events-dlq'],
  ['a path without a host', '/444455556666/billing-events-dlq'],
  ['a URL of an account alone', 'https://sqs.us-east-1.amazonaws.com/444455556666/'],
  ['a URL with a broken escape', 'https://x/#/queues/%E0%A4%A'],
  ['a link that comes late', 'words <invoices>'],
  ['what is longer than any reference', `invoices${' '.repeat(505)}`],
])('no queue is meant by %s', (_what, typed) => {
  expect(named(typed)).toEqual([]);
});

test('never throws, and returns only listed queues, whatever is typed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (typed) => {
      for (const arn of named(typed)) expect(queues.map((queue) => queue.arn)).toContain(arn);
    }),
  );
});

test('finds every queue by all of its names, however they are quoted', () => {
  const quote = fc.constantFrom(['', ''], ['"', '"'], ['“', '”'], ['`', '`'], [' ', '  '], ["'", "'"]);
  fc.assert(
    fc.property(fc.constantFrom(...queues), quote, (queue, [open = '', close = '']) => {
      for (const name of [queue.alias, queue.name, queue.arn]) {
        expect(named(`${open}${name}${close}`)).toContain(queue.arn);
      }
    }),
  );
});
