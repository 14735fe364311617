import * as z from 'zod';
import { AccessRules, Channels } from '../domain/access-rules.ts';
import { isRegionOf, partitionOfRegion } from '../domain/partitions.ts';
import { parseQueueArn } from '../domain/queue.ts';
import { parseQueueReference } from '../domain/queue-reference.ts';
import { quoted } from '../domain/quoted.ts';
import { FollowSettings, WatchSettings } from '../domain/watch/watch-settings.ts';
import { section } from './issue-words.ts';
import { parseRoleArn } from './role-arn.ts';

export const AccountId = z.string().regex(/^\d{12}$/, {
  error: ({ input }) => `${quoted(String(input))} is not an AWS account id, which has 12 digits`,
});

export const RoleArn = z.string().refine((text) => parseRoleArn(text) !== undefined, {
  error: ({ input }) =>
    `${quoted(String(input))} is not the ARN of an IAM role, such as arn:aws:iam::111122223333:role/dlq-tasks-status`,
});

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
  return `has the region ${region}, which is not of the partition ${partition}${known ? ` but of ${known}` : ''}`;
}

/** An operator may have pasted the queue's URL, which tells the ARN where it names the region. */
function arnHint(text: string): string {
  const example = ', such as arn:aws:sqs:eu-west-1:111122223333:orders-dlq';
  const reference = parseQueueReference(text);
  if (reference?.kind === 'arn') return `; take off what stands around ${reference.text}`;
  if (reference?.kind !== 'url') return example;
  const { region, accountId, name } = reference;
  if (region === undefined) return ` but its URL${example}`;
  const partition = partitionOfRegion(region) ?? 'aws';
  return ` but its URL; write arn:${partition}:sqs:${region}:${accountId}:${name}`;
}

/** Limits of STS's AssumeRole. */
const ExternalId = z.string().regex(/^[\w+=,.@:/-]{2,1224}$/, {
  error: 'must have 2 to 1224 letters, digits or _ + = , . @ : / -, as STS demands',
});

/** Slack takes at most 3,000 characters for a button's link. */
const Runbook = z.string().refine(isWebLink, {
  error:
    'must be a link that begins with https:// or http://, without a password, of at most 3000 characters',
});

function isWebLink(text: string): boolean {
  if (text.length > 3000 || /[\s<>"\p{C}]/u.test(text) || !/^https?:\/\//i.test(text)) return false;
  const url = URL.parse(text);
  return url !== null && url.username === '' && url.password === '';
}

export const Channel = Channels.element;

const QueueEntry = section(
  {
    arn: SqsArn,
    roleArn: RoleArn.optional(),
    runbook: Runbook.optional(),
    channels: Channels.optional(),
    notify: Channel.optional(),
  },
  "must be the queue's ARN, or a map with its arn",
);

/** A queue may be given by its ARN alone. */
export function inFull(entry: unknown): unknown {
  return typeof entry === 'string' ? { arn: entry } : entry;
}

const AccountEntry = section({ id: AccountId, roleArn: RoleArn, externalId: ExternalId.optional() });

const notEmpty = (what: string) => ({
  check: (entries: object) => Object.keys(entries).length > 0,
  error: `names no ${what}; list at least one`,
});

const someAccounts = notEmpty('account');
const someQueues = notEmpty('queue');

/** `dlq-tasks.yml` as it is written. What one part says about another is checked by `contradictions`. */
export const SettingsFile = section({
  accounts: z.record(z.string(), AccountEntry).refine(someAccounts.check, { error: someAccounts.error }),
  queues: z
    .record(z.string(), z.preprocess(inFull, QueueEntry))
    .refine(someQueues.check, { error: someQueues.error }),
  watch: section({ ...WatchSettings.shape, ...FollowSettings.shape }).prefault({}),
  access: section(AccessRules.shape).prefault({}),
});
export type SettingsFile = z.infer<typeof SettingsFile>;
