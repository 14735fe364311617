import * as z from 'zod';
import { isRegionOf, parseQueueArn, partitionOfRegion } from '../domain/queue.ts';
import { parseQueueReference } from '../domain/queue-reference.ts';
import { quoted } from '../domain/wording.ts';

export const SqsArn = z
  .string()
  .refine((text) => parseQueueArn(text) !== undefined, {
    error: ({ input }) => `${quoted(String(input))} is not the ARN of an SQS queue${arnHint(String(input))}`,
  })
  .refine((text) => strayRegion(text) === undefined, { error: ({ input }) => strayRegion(String(input)) });

function strayRegion(text: string): string | undefined {
  const { partition, region } = parseQueueArn(text) ?? {};
  if (partition === undefined || region === undefined || isRegionOf(partition, region)) return undefined;
  const known = partitionOfRegion(region);
  return `has the region ${region}, which is not in partition ${partition}${known ? ` but in ${known}` : ''}`;
}

/** Operators may paste the queue's URL. If it contains the region, the ARN can be derived from it. */
function arnHint(text: string): string {
  const example = ', such as arn:aws:sqs:eu-west-1:111122223333:orders-dlq';
  const reference = parseQueueReference(text);
  if (reference?.kind === 'arn') return `; remove everything around ${reference.text}`;
  if (reference?.kind !== 'url') return example;
  const { region, accountId, name } = reference;
  if (region === undefined) return ` but its URL${example}`;
  const partition = partitionOfRegion(region) ?? 'aws';
  return ` but its URL; use arn:${partition}:sqs:${region}:${accountId}:${name}`;
}

const pattern = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:[\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,64}$/;

export function parseRoleArn(text: string): { partition: string; accountId: string } | undefined {
  const [, partition, accountId] = pattern.exec(text) ?? [];
  return partition && accountId ? { partition, accountId } : undefined;
}
