import type { Queue } from '../domain/queue.ts';

/** Source: the partitions of the AWS SDK's endpoint rules. */
const dnsSuffixes: Record<string, string> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-eusc': 'amazonaws.eu',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
};

/** The queue's URL at AWS. It only names the queue: the request goes to the SDK's endpoint. */
export function queueUrl({ partition, region, accountId, name }: Queue): string {
  return `https://sqs.${region}.${dnsSuffixes[partition] ?? 'amazonaws.com'}/${accountId}/${name}`;
}
