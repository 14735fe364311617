import * as z from 'zod';
import { isRegionOf, parseQueueArn, partitionOfRegion } from '../domain/queue.ts';
import { parseQueueReference } from '../domain/queue-reference.ts';
import { quoted } from '../domain/wording.ts';

/** Words after `/dlq-tasks` that are not a queue. */
const commandWords = ['help', 'watch', 'unwatch', 'watches'];

/** Commands that came later than some settings: a queue with such an alias is reached by its name or ARN only. */
const newerWords = ['redrive', 'cancel', 'history'];

export function aliasWarning(alias: string): string | undefined {
  const word = alias.toLowerCase();
  if (!newerWords.includes(word)) return undefined;
  return `is the name of a command (${word}): type the queue's ARN to reach it, or choose another alias`;
}

export function aliasFault(alias: string): string | undefined {
  const word = alias.toLowerCase().replace(/^[-–—]+|[.!?]+$/gu, '');
  if (commandWords.includes(word)) return `is the name of a command (${word}); choose another alias`;
  return nameFault(alias, 'an alias', 'alias');
}

/** Labels are not typed as commands, but people search for them, and every message shows them. */
export function labelFault(label: string): string | undefined {
  return nameFault(label, "an account's label", 'label');
}

function nameFault(name: string, what: string, noun: string): string | undefined {
  if (name.length > 80) return `is too long for ${what}; use at most 80 characters`;
  if (/^[-–—]/u.test(name)) return `begins with a dash; choose another ${noun}`;
  const isTypable = !/[\s<>&`"'‘’“”\p{C}]/u.test(name) && name === name.normalize('NFC');
  const reference = parseQueueReference(name);
  if (isTypable && reference?.kind === 'word' && reference.text === name) return undefined;
  return `can't be typed as ${what}; use letters, digits, dots, dashes, and underscores`;
}

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
