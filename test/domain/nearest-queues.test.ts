import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearestQueues } from '../../src/domain/queue-reference.ts';
import { aQueue } from '../support/builders.ts';

const queues = ['orders-dlq', 'order-events-dlq', 'payments-dlq', 'emails-dlq.fifo'].map((name) =>
  aQueue({ name }),
);
const nearest = (typed: string) => nearestQueues(typed, queues, 3).map((queue) => queue.name);

test.each([
  ['a swapped letter', 'ordres-dlq', 'orders-dlq'],
  ['a missing letter', 'paymets-dlq', 'payments-dlq'],
  ['a part of the name', 'payments', 'payments-dlq'],
  ['a forgotten ending', 'emails-dlq', 'emails-dlq.fifo'],
  ['capitals', 'ORDERS-DLQ', 'orders-dlq'],
])('%s finds the intended queue first', (_what, typed, name) => {
  expect(nearest(typed)[0]).toBe(name);
});

test.each(['ordrs', 'orders', 'order-dlq', 'Ordrs', 'orders_dlq'])('%s finds orders-dlq', (typed) => {
  expect(
    nearestQueues(typed, [aQueue(), aQueue({ name: 'payments-dlq' })], 3).map(({ name }) => name),
  ).toEqual(['orders-dlq']);
});

test('a word unlike the beginning of any name finds none', () => {
  expect(nearest('clocks')).toEqual([]);
});

test('an exact name is nearer than one that contains it', () => {
  const two = ['a-stock', 'stock'].map((name) => aQueue({ name }));
  expect(nearestQueues('stock', two, 3).map((queue) => queue.name)).toEqual(['stock', 'a-stock']);
});

test('a word unlike any queue finds none', () => {
  expect(nearest('zzzzzzzzzzzz')).toEqual([]);
});

test('finds the queue despite one wrong letter', () => {
  fc.assert(
    fc.property(fc.constantFrom(...queues), fc.nat(), fc.constantFrom('x', 'q', '9'), (queue, at, letter) => {
      const place = at % queue.name.length;
      const typed = queue.name.slice(0, place) + letter + queue.name.slice(place + 1);
      expect(nearest(typed)).toContain(queue.name);
    }),
  );
});

describe('the distance to a name', () => {
  const near = (typed: string, ...names: string[]) =>
    nearestQueues(
      typed,
      names.map((name) => aQueue({ name })),
      9,
    ).map(({ name }) => name);

  test.each<[string, string, string[], string[]]>([
    ['two letters are as far as a short word goes', 'abcd', ['abxy', 'axyz'], ['abxy']],
    [
      'four of ten letters are as far as a longer one goes',
      'abcdefghij',
      ['abcdefwxyz', 'abcdevwxyz'],
      ['abcdefwxyz'],
    ],
    [
      'a name that is the word comes before one that begins with it',
      'orders',
      ['orders-dlq', 'orders'],
      ['orders', 'orders-dlq'],
    ],
    [
      'a name with the word in it comes before one with another letter and more',
      'orders',
      ['ordxys', 'my-orders-of-all-kinds'],
      ['my-orders-of-all-kinds', 'ordxys'],
    ],
    [
      'a mistyped beginning is one further than its letters',
      'ordrs',
      ['ordersx', 'orders-dlq', 'ordes'],
      ['ordes', 'orders-dlq', 'ordersx'],
    ],
    [
      'whichever of several beginnings is nearest',
      'ordr-evnts',
      ['order-events-dlq-old'],
      ['order-events-dlq-old'],
    ],
    ['a beginning of three letters counts', 'abx', ['abc-of-everything'], ['abc-of-everything']],
    ['a shorter one does not', 'axc', ['ax-of-everything'], []],
    ['two letters are no part of a name', 'ab', ['xxabxx', 'abc'], ['abc']],
    ['three letters are', 'abc', ['xxabcxx'], ['xxabcxx']],
    [
      'of those that are equally near the first of the alphabet comes first',
      'orders',
      ['orders-b', 'orders-a'],
      ['orders-a', 'orders-b'],
    ],
  ])('%s', (_what, typed, names, found) => {
    expect(near(typed, ...names)).toEqual(found);
  });

  test('is that of its alias or its name, whichever is nearer', () => {
    const invoices = aQueue({ name: 'billing-events-dlq', alias: 'invoices' });
    expect([nearestQueues('invoces', [invoices], 3), nearestQueues('biling', [invoices], 3)]).toEqual([
      [invoices],
      [invoices],
    ]);
  });

  test('finds no more than requested', () => {
    const many = ['orders-1', 'orders-2', 'orders-3'].map((name) => aQueue({ name }));
    expect(nearestQueues('orders', many, 2)).toEqual(many.slice(0, 2));
  });
});
