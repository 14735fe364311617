import type { QueueArn } from './queue.ts';

type Partition = { dns: string; console: string };

const partitions: Record<string, Partition> = {
  aws: { dns: 'amazonaws.com', console: 'console.aws.amazon.com' },
  'aws-cn': { dns: 'amazonaws.com.cn', console: 'console.amazonaws.cn' },
  'aws-us-gov': { dns: 'amazonaws.com', console: 'console.amazonaws-us-gov.com' },
};

/** The queue's page in the AWS console; nothing for partitions whose console's address is not public. */
export function consoleLink({ partition, region, accountId, name }: QueueArn): string | undefined {
  const place = partitions[partition];
  if (!place) return undefined;
  const queueUrl = `https://sqs.${region}.${place.dns}/${accountId}/${name}`;
  const home = partition === 'aws' ? `${region}.${place.console}` : place.console;
  return `https://${home}/sqs/v3/home?region=${region}#/queues/${encodeURIComponent(queueUrl)}`;
}
