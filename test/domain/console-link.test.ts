import { expect, test } from 'vitest';
import { consoleLink } from '../../src/domain/queue.ts';
import { aQueue } from '../support/builders.ts';

test.each([
  [
    'aws',
    'eu-west-1',
    'https://eu-west-1.console.aws.amazon.com/sqs/v3/home?region=eu-west-1#/queues/https%3A%2F%2Fsqs.eu-west-1.amazonaws.com%2F111122223333%2Forders-dlq',
  ],
  [
    'aws-cn',
    'cn-north-1',
    'https://console.amazonaws.cn/sqs/v3/home?region=cn-north-1#/queues/https%3A%2F%2Fsqs.cn-north-1.amazonaws.com.cn%2F111122223333%2Forders-dlq',
  ],
  [
    'aws-us-gov',
    'us-gov-west-1',
    'https://console.amazonaws-us-gov.com/sqs/v3/home?region=us-gov-west-1#/queues/https%3A%2F%2Fsqs.us-gov-west-1.amazonaws.com%2F111122223333%2Forders-dlq',
  ],
  [
    'aws-eusc',
    'eusc-de-east-1',
    'https://eusc-de-east-1.console.amazonaws-eusc.eu/sqs/v3/home?region=eusc-de-east-1#/queues/https%3A%2F%2Fsqs.eusc-de-east-1.amazonaws.eu%2F111122223333%2Forders-dlq',
  ],
  ['aws-iso', 'us-iso-east-1', undefined],
  ['aws-of-tomorrow', 'moon-east-1', undefined],
])('the console of partition %s in %s', (partition, region, link) => {
  expect(consoleLink(aQueue({ partition, region }))).toBe(link);
});
