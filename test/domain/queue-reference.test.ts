import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQueueReference, queuesNamed } from '../../src/domain/queue-reference.ts';
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

  test('a long dash where a phone joined two hyphens', () => {
    expect(named('pay—ments_dlq.fifo')).toEqual([fifo.arn]);
  });

  test('an en dash in place of a hyphen', () => {
    expect(named('billing–events–dlq')).toEqual([invoices.arn]);
  });
});

test('a name that two queues share means both', () => {
  expect(named('orders-dlq')).toEqual([orders.arn, ordersInUs.arn]);
});

test('an alias means its own queue, though another shares the name behind it', () => {
  expect(named('orders-us')).toEqual([ordersInUs.arn]);
});

test.each([
  ['a URL of another region', 'https://sqs.eu-north-1.amazonaws.com/444455556666/billing-events-dlq'],
  ['a URL of another account', 'https://sqs.us-east-1.amazonaws.com/999999999999/billing-events-dlq'],
  ['an ARN of another account', 'arn:aws:sqs:us-east-1:999999999999:billing-events-dlq'],
  ['an ARN of another service', 'arn:aws:sns:us-east-1:444455556666:billing-events-dlq'],
  ['a URL that ends elsewhere', 'https://evil.example/invoices'],
  ['nothing', '""'],
])('no queue is meant by %s', (_what, typed) => {
  expect(named(typed)).toEqual([]);
});

test('whatever is typed, nothing throws and only listed queues come back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (typed) => {
      for (const arn of named(typed)) expect(queues.map((queue) => queue.arn)).toContain(arn);
    }),
  );
});

test('every queue is found by all its names, however they are quoted', () => {
  const quote = fc.constantFrom(['', ''], ['"', '"'], ['“', '”'], ['`', '`'], [' ', '  '], ["'", "'"]);
  fc.assert(
    fc.property(fc.constantFrom(...queues), quote, (queue, [open = '', close = '']) => {
      for (const name of [queue.alias, queue.name, queue.arn]) {
        expect(named(`${open}${name}${close}`)).toContain(queue.arn);
      }
    }),
  );
});
