import type { Queue } from '../domain/queue.ts';
import { dnsSuffixOfPartition } from './dns-suffix.ts';

/** The queue's URL at AWS. It only names the queue: the request goes to SQS's endpoint. */
export function queueUrl({ partition, region, accountId, name }: Queue): string {
  return `https://sqs.${region}.${dnsSuffixOfPartition(partition)}/${accountId}/${name}`;
}
