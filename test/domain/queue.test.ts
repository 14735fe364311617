import { expect, test } from 'vitest';
import {
  nameInArn,
  offersRedrives,
  parseQueueArn,
  regionAndAccount,
  unlistedQueue,
} from '../../src/domain/queue.ts';
import { aQueue } from '../support/builders.ts';
import { redriveQueue } from './actions/an-action.ts';

test.each([
  ['arn:aws:sqs:eu-west-1:111122223333:orders-dlq', 'aws', 'eu-west-1', 'orders-dlq'],
  [
    'arn:aws-us-gov:sqs:us-gov-west-1:111122223333:Orders_1.fifo',
    'aws-us-gov',
    'us-gov-west-1',
    'Orders_1.fifo',
  ],
  [`arn:aws:sqs:eu-west-1:111122223333:${'q'.repeat(80)}`, 'aws', 'eu-west-1', 'q'.repeat(80)],
])('%s is the ARN of a queue', (arn, partition, region, name) => {
  expect(parseQueueArn(arn)).toEqual({ partition, region, accountId: '111122223333', name });
});

test.each([
  'arn:aws:sqs:eu-west-1:111122223333:',
  `arn:aws:sqs:eu-west-1:111122223333:${'q'.repeat(81)}`,
  'arn:aws:sqs:eu-west-1:111122223333:orders dlq',
  'arn:aws:sqs:eu-west-1:111122223333:orders-dlq/x',
  'an arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
  'arn:aws:sqs:eu-west-1:11112222333:orders-dlq',
  'arn:aws:sqs:eu-west-1:1111222233334:orders-dlq',
  'arn:aws:sqs:Europe:111122223333:orders-dlq',
  'arn:aws:sqs:eu-west:111122223333:orders-dlq',
  'arn:aws:sns:eu-west-1:111122223333:orders-dlq',
  'arn:other:sqs:eu-west-1:111122223333:orders-dlq',
])('%s is none', (text) => {
  expect(parseQueueArn(text)).toBeUndefined();
});

test('a queue that is no longer listed is known only by its ARN', () => {
  const arn = 'arn:aws-cn:sqs:cn-north-1:111122223333:orders-dlq';
  expect(unlistedQueue(arn)).toEqual({
    partition: 'aws-cn',
    region: 'cn-north-1',
    accountId: '111122223333',
    name: 'orders-dlq',
    alias: 'orders-dlq',
    arn,
    account: { label: '111122223333', id: '111122223333' },
    role: { arn: '' },
    channels: [],
  });
  expect(unlistedQueue('no ARN')).toMatchObject({
    partition: 'aws',
    name: 'no ARN',
    region: '',
    accountId: '',
  });
});

test('redrives are offered where one queue has them', () => {
  expect([
    offersRedrives([]),
    offersRedrives([aQueue()]),
    offersRedrives([aQueue(), redriveQueue()]),
  ]).toEqual([...[false, false, true]]);
});

test('the name of a queue is read from its ARN, and anything else is left as it is', () => {
  expect([aQueue().arn, 'no ARN', 'ends:with:', ''].map(nameInArn)).toEqual([
    ...['orders-dlq', 'no ARN', 'ends:with:', ''],
  ]);
});

test('queues of one name are told apart by what differs, without saying anything twice', () => {
  expect(regionAndAccount(aQueue())).toBe('prod · 111122223333 · eu-west-1');
  const account = { label: '111122223333', id: '111122223333' };
  expect(regionAndAccount(aQueue({ alias: 'orders-eu', account }))).toBe(
    'orders-eu · 111122223333 · eu-west-1',
  );
});
