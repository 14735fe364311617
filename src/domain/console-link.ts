import { dnsSuffixOf } from './partitions.ts';
import type { QueueArn } from './queue.ts';

/** What follows `https://`. The consoles of the isolated partitions are not on the Internet. */
const consoles: Record<string, (region: string) => string> = {
  aws: (region) => `${region}.console.aws.amazon.com`,
  'aws-cn': () => 'console.amazonaws.cn',
  'aws-eusc': (region) => `${region}.console.amazonaws-eusc.eu`,
  'aws-us-gov': () => 'console.amazonaws-us-gov.com',
};

/** The queue's page in the AWS console; undefined for partitions without a public console. */
export function consoleLink({ partition, region, accountId, name }: QueueArn): string | undefined {
  const console = consoles[partition]?.(region);
  if (console === undefined) return undefined;
  const queueUrl = `https://sqs.${region}.${dnsSuffixOf(partition)}/${accountId}/${name}`;
  return `https://${console}/sqs/v3/home?region=${region}#/queues/${encodeURIComponent(queueUrl)}`;
}
