import { dnsSuffixOf } from '../domain/partitions.ts';
import type { QueueArn } from '../domain/queue.ts';

/** The queue's URL at AWS. It only names the queue: the request goes to SQS's endpoint. */
export function queueUrl({ partition, region, accountId, name }: QueueArn): string {
  return `https://sqs.${region}.${dnsSuffixOf(partition)}/${accountId}/${name}`;
}
