import type { QueueArn } from './queue.ts';

/** AWS's partitions, from the endpoint rules of its SDK; `regions` matches the names of their regions. */
const partitions = [
  { name: 'aws', regions: /^(?:us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d+$/, dnsSuffix: 'amazonaws.com' },
  { name: 'aws-cn', regions: /^cn-/, dnsSuffix: 'amazonaws.com.cn' },
  { name: 'aws-eusc', regions: /^eusc-/, dnsSuffix: 'amazonaws.eu' },
  { name: 'aws-iso', regions: /^us-iso-/, dnsSuffix: 'c2s.ic.gov' },
  { name: 'aws-iso-b', regions: /^us-isob-/, dnsSuffix: 'sc2s.sgov.gov' },
  { name: 'aws-iso-e', regions: /^eu-isoe-/, dnsSuffix: 'cloud.adc-e.uk' },
  { name: 'aws-iso-f', regions: /^us-isof-/, dnsSuffix: 'csp.hci.ic.gov' },
  { name: 'aws-us-gov', regions: /^us-gov-/, dnsSuffix: 'amazonaws.com' },
] as const;

/** The partition of a region; undefined if the region is newer than this list. */
export function partitionOfRegion(region: string): string | undefined {
  return partitions.find(({ regions }) => regions.test(region))?.name;
}

/**
 * Whether a region can be in a partition. Both may be newer than the list: a region is rejected only if it is known to be
 * in another partition, or if the partition is known, is not `aws`, and its regions are named differently.
 */
export function isRegionOf(partition: string, region: string): boolean {
  const known = partitionOfRegion(region);
  if (known !== undefined) return known === partition;
  return partition === 'aws' || partitions.every(({ name }) => name !== partition);
}

export function dnsSuffixOf(partition: string): string {
  return partitions.find(({ name }) => name === partition)?.dnsSuffix ?? 'amazonaws.com';
}

export function dnsSuffixOfRegion(region: string): string {
  return dnsSuffixOf(partitionOfRegion(region) ?? 'aws');
}

/** The queue's URL at AWS. It only names the queue: requests go to SQS's endpoint. */
export function queueUrl({ partition, region, accountId, name }: QueueArn): string {
  return `https://sqs.${region}.${dnsSuffixOf(partition)}/${accountId}/${name}`;
}

/** What follows `https://`. The consoles of the isolated partitions are not on the Internet. */
const consoles: Record<string, (region: string) => string> = {
  aws: (region) => `${region}.console.aws.amazon.com`,
  'aws-cn': () => 'console.amazonaws.cn',
  'aws-eusc': (region) => `${region}.console.amazonaws-eusc.eu`,
  'aws-us-gov': () => 'console.amazonaws-us-gov.com',
};

/** The queue's page in the AWS console; undefined for partitions without a public console. */
export function consoleLink(queue: QueueArn): string | undefined {
  const { partition, region } = queue;
  const console = consoles[partition]?.(region);
  if (console === undefined) return undefined;
  return `https://${console}/sqs/v3/home?region=${region}#/queues/${encodeURIComponent(queueUrl(queue))}`;
}
