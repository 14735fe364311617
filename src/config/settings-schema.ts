import * as z from 'zod';
import { AccessRules, Channels, FollowSettings, WatchSettings } from '../domain/settings.ts';
import { quoted } from '../domain/wording.ts';
import { parseRoleArn, SqsArn } from './arns.ts';
import { section } from './issue-words.ts';
import { QueueRedrive, RedriveSection } from './redrive-schema.ts';

export const AccountId = z.string().regex(/^\d{12}$/, {
  error: ({ input }) => `${quoted(String(input))} is not an AWS account ID, which has 12 digits`,
});

export const RoleArn = z.string().refine((text) => parseRoleArn(text) !== undefined, {
  error: ({ input }) =>
    `${quoted(String(input))} is not the ARN of an IAM role, such as arn:aws:iam::111122223333:role/dlq-tasks-status`,
});

/** The limits of AssumeRole. */
const ExternalId = z.string().regex(/^[\w+=,.@:/-]{2,1224}$/, {
  error: 'must have 2 to 1224 characters: letters, digits, and _ + = , . @ : / -',
});

/** Slack accepts at most 3,000 characters in a button's link. */
const Runbook = z.string().refine(isWebLink, {
  error: 'must be an https:// or http:// link of at most 3000 characters, without a password',
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
    redriveRoleArn: RoleArn.optional(),
    runbook: Runbook.optional(),
    channels: Channels.optional(),
    notify: Channel.optional(),
    redrive: QueueRedrive.optional(),
  },
  "must be the queue's ARN, or a map with its arn",
);

/** An entry may be only the queue's ARN. */
export function inFull(entry: unknown): unknown {
  return typeof entry === 'string' ? { arn: entry } : entry;
}

const AccountEntry = section({
  id: AccountId,
  roleArn: RoleArn,
  redriveRoleArn: RoleArn.optional(),
  externalId: ExternalId.optional(),
});

const notEmpty = (what: string) => ({
  check: (entries: object) => Object.keys(entries).length > 0,
  error: `lists no ${what}; add at least one`,
});

const someAccounts = notEmpty('account');
const someQueues = notEmpty('queue');

const Queues = z.record(z.string(), z.preprocess(inFull, QueueEntry));

const parts = {
  accounts: z.record(z.string(), AccountEntry).refine(someAccounts.check, { error: someAccounts.error }),
  queues: Queues.refine(someQueues.check, { error: someQueues.error }),
  watch: section({ ...WatchSettings.shape, ...FollowSettings.shape }).prefault({}),
  access: section(AccessRules.shape).prefault({}),
  redrive: RedriveSection.optional(),
};

/** `dlq-tasks.yml` as written. `contradictions` checks its parts against each other. */
export const SettingsFile = section(parts);
/** The same before any queue is listed. */
export const SettingsWithoutQueues = section({
  ...parts,
  queues: z.preprocess((queues) => queues ?? {}, Queues),
});
export type SettingsFile = z.infer<typeof SettingsFile>;
