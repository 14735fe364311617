import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { dnsSuffixOf, dnsSuffixOfRegion, isRegionOf, partitionOfRegion } from '../../src/domain/queue.ts';

const known = [
  ['aws', 'eu-west-1'],
  ['aws', 'mx-central-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-eusc', 'eusc-de-east-1'],
  ['aws-iso', 'us-iso-east-1'],
  ['aws-iso-b', 'us-isob-east-1'],
  ['aws-iso-e', 'eu-isoe-west-1'],
  ['aws-iso-f', 'us-isof-south-1'],
  ['aws-us-gov', 'us-gov-west-1'],
] as const;

describe.each(known)('the partition %s', (partition, region) => {
  test(`only it has the region ${region}`, () => {
    expect(partitionOfRegion(region)).toBe(partition);
    const takenBy = [...known.map(([name]) => name), 'aws-new'].filter((name) => isRegionOf(name, region));
    expect([...new Set(takenBy)]).toEqual([partition]);
  });

  test('has the same domain as in the SDK', () => {
    const client = new SQSClient({ region });
    const endpoint = client.config.endpointProvider({ Region: region });
    client.destroy();
    expect(endpoint.url.hostname).toBe(`sqs.${region}.${dnsSuffixOf(partition)}`);
    expect(dnsSuffixOfRegion(region)).toBe(dnsSuffixOf(partition));
  });
});

test.each([
  ['aws', 'moon-east-1', true],
  ['aws-new', 'moon-east-1', true],
  ['aws-cn', 'moon-east-1', false],
])('a region newer than the list is in %s: %s %s', (partition, region, isTaken) => {
  expect(isRegionOf(partition, region)).toBe(isTaken);
});

test('a partition newer than the list has the usual domain', () => {
  expect([dnsSuffixOf('aws-new'), dnsSuffixOfRegion('moon-east-1')]).toEqual([
    'amazonaws.com',
    'amazonaws.com',
  ]);
});
