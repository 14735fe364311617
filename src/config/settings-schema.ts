import { distance } from 'fastest-levenshtein';
import * as z from 'zod';
import {
  AccessRules,
  Channels,
  ExpireAfterMinutes,
  FollowSettings,
  MessagesPerSecond,
  People,
  RequestChannel,
  WatchSettings,
} from '../domain/settings.ts';
import { quoted } from '../domain/wording.ts';
import { parseRoleArn, SqsArn } from './names.ts';

/** A map with these keys only. `otherwise`: the message for something that is not a map. */
function section<Shape extends z.core.$ZodLooseShape>(shape: Shape, otherwise?: string) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') return unknownKeys(issue.keys, Object.keys(shape));
      return issue.input === undefined || issue.input === null ? undefined : otherwise;
    },
  });
}

/** One line for each key, in order. */
function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  return keys
    .map((key) => {
      const near = known.find((name) => distance(key.toLowerCase(), name.toLowerCase()) <= 2);
      const hint = near ? `did you mean ${near}?` : `valid here: ${known.join(', ')}`;
      return `is not a setting; ${hint}`;
    })
    .join('\n');
}

/** zod's messages about wrong types, reworded for operators. */
export const wrongTypeInWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.input === undefined) return 'is missing';
  if (issue.input === null) return 'is empty; give it a value or remove the line';
  return mustBe[issue.expected];
};

const mustBe: Partial<Record<string, string>> = {
  string: 'must be text',
  array: 'must be a list, such as [one, two]',
  object: 'must be a map of names and values',
  record: 'must be a map of names and values',
  boolean: 'must be true or false',
};

const ListedPeople = section(People.shape);
const Rates = section({
  default: MessagesPerSecond.shape.default.unwrap().optional(),
  max: MessagesPerSecond.shape.max.unwrap().optional(),
});

const RedriveSection = section({
  requesters: ListedPeople,
  approvers: ListedPeople.optional(),
  messagesPerSecond: Rates.optional(),
  expireAfterMinutes: ExpireAfterMinutes.default(30),
  channel: RequestChannel.optional(),
});

/** A queue's own `redrive`, which overrides the general one. */
const OwnRedrive = section(
  {
    destinations: z.array(SqsArn).optional(),
    requesters: ListedPeople.optional(),
    approvers: ListedPeople.optional(),
    messagesPerSecond: Rates.optional(),
  },
  'must be off, or a map with destinations, requesters, approvers, or messagesPerSecond',
);

/** `off` is text in YAML 1.2; `false` means the same. */
export function isOff(value: unknown): boolean {
  return value === 'off' || value === false;
}

const QueueRedrive = z.unknown().transform((value, context) => {
  if (isOff(value)) return 'off' as const;
  const { data, error } = OwnRedrive.safeParse(value, { error: wrongTypeInWords });
  for (const { code, path, message, ...rest } of error?.issues ?? []) {
    const keys = code === 'unrecognized_keys' && 'keys' in rest ? rest.keys : undefined;
    context.issues.push(
      keys
        ? { code: 'unrecognized_keys', keys, path, message, input: undefined }
        : { code: 'custom', path, message, input: value },
    );
  }
  return data ?? z.NEVER;
});

/** If only one is given, the other one adapts to it. */
export function ratesOf(given: z.infer<typeof Rates> | undefined): MessagesPerSecond {
  const { max, default: usual } = MessagesPerSecond.parse({});
  const highest = given?.max ?? max;
  return { max: highest, default: given?.default ?? Math.min(usual, highest) };
}

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
