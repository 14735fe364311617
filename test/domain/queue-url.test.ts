import { expect, test } from 'vitest';
import { queueUrl } from '../../src/domain/queue.ts';
import { aQueue } from '../support/builders.ts';

test.each([
  ['aws', 'eu-west-1', 'https://sqs.eu-west-1.amazonaws.com/111122223333/orders-dlq'],
  ['aws-cn', 'cn-north-1', 'https://sqs.cn-north-1.amazonaws.com.cn/111122223333/orders-dlq'],
  ['aws-eusc', 'eusc-de-east-1', 'https://sqs.eusc-de-east-1.amazonaws.eu/111122223333/orders-dlq'],
  ['aws-us-gov', 'us-gov-west-1', 'https://sqs.us-gov-west-1.amazonaws.com/111122223333/orders-dlq'],
  ['aws-iso', 'us-iso-east-1', 'https://sqs.us-iso-east-1.c2s.ic.gov/111122223333/orders-dlq'],
  ['aws-iso-b', 'us-isob-east-1', 'https://sqs.us-isob-east-1.sc2s.sgov.gov/111122223333/orders-dlq'],
])('a queue of the partition %s', (partition, region, url) => {
  expect(queueUrl(aQueue({ partition, region }))).toBe(url);
});
