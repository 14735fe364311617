import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearestQueues } from '../../src/domain/nearest-queues.ts';
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
])('%s finds the queue that was meant first', (_what, typed, name) => {
  expect(nearest(typed)[0]).toBe(name);
});

test.each(['ordrs', 'orders', 'order-dlq', 'Ordrs', 'orders_dlq'])('%s finds orders-dlq', (typed) => {
  expect(
    nearestQueues(typed, [aQueue(), aQueue({ name: 'payments-dlq' })], 3).map(({ name }) => name),
  ).toEqual(['orders-dlq']);
});

test('a word like the beginning of no name finds none', () => {
  expect(nearest('clocks')).toEqual([]);
});

test('the queue that is named just so is nearer than one that has it in its name', () => {
  const two = ['a-stock', 'stock'].map((name) => aQueue({ name }));
  expect(nearestQueues('stock', two, 3).map((queue) => queue.name)).toEqual(['stock', 'a-stock']);
});

test('a word like no queue finds none', () => {
  expect(nearest('zzzzzzzzzzzz')).toEqual([]);
});

test('one letter typed wrong still finds the queue', () => {
  fc.assert(
    fc.property(fc.constantFrom(...queues), fc.nat(), fc.constantFrom('x', 'q', '9'), (queue, at, letter) => {
      const place = at % queue.name.length;
      const typed = queue.name.slice(0, place) + letter + queue.name.slice(place + 1);
      expect(nearest(typed)).toContain(queue.name);
    }),
  );
});
