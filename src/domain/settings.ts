import * as z from 'zod';
import { customRates } from './sqs-limits.ts';
import { quoted } from './wording.ts';

function slackIds(pattern: RegExp, what: string, example: string) {
  const error = ({ input }: { input?: unknown }) =>
    `${quoted(String(input))} is not a ${what} ID, such as ${example}; use the ID, not the name`;
  return z.array(z.string().regex(pattern, { error }));
}

export const Channels = slackIds(/^[CG][A-Z0-9]{2,30}$/, 'channel', 'C0123456789');

/** Who may use the bot: the `access` section. An empty list allows all; channels AND (users OR userGroups). */
export const AccessRules = z.object({
  channels: Channels.readonly().default([]),
  users: slackIds(/^[UW][A-Z0-9]{2,30}$/, 'user', 'U0123456789')
    .readonly()
    .default([]),
  userGroups: slackIds(/^S[A-Z0-9]{2,30}$/, 'user group', 'S0123456789')
    .readonly()
    .default([]),
  externalPeople: z.boolean().default(false),
});
export type AccessRules = z.infer<typeof AccessRules>;

function wholeNumber(from: number, to: number) {
  const error = ({ input }: { input?: unknown }) =>
    input === null ? undefined : `must be a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
}

export const WatchSettings = z.object({
  minPollSeconds: wholeNumber(1, 900).default(5),
  maxPollSeconds: wholeNumber(1, 900).default(300),
  /** Seconds after the end at which the DLQ's depth is compared, ascending; empty: never. */
  bounceBackAfterSeconds: z
    .array(wholeNumber(1, 86_400))
    .refine((times) => times.length <= 6, {
      error: 'must list at most 6 times',
      when: ({ value }) => Array.isArray(value),
    })
    .transform((times): readonly number[] => [...new Set(times)].toSorted((one, other) => one - other))
    .default([60, 300, 900]),
  stalledAfterMinutes: wholeNumber(1, 1440).default(15),
});
export type WatchSettings = z.infer<typeof WatchSettings>;

export const defaultWatchSettings: WatchSettings = WatchSettings.parse({});

/** For followed queues: how often one is polled for new tasks. */
export const FollowSettings = z.object({ followEverySeconds: wholeNumber(5, 900).default(75) });

const { users, userGroups } = AccessRules.shape;

/** Members of either list. Unlike in `access`, an empty list allows no one. */
export const People = z.object({ users, userGroups });
export type People = z.infer<typeof People>;

const Rate = wholeNumber(customRates.lowest, customRates.highest);
export const MessagesPerSecond = z.object({ default: Rate.default(10), max: Rate.default(50) });
export type MessagesPerSecond = z.infer<typeof MessagesPerSecond>;

export const ExpireAfterMinutes = wholeNumber(1, 1440);
export const RequestChannel = Channels.element;

/** What may be done with a queue, by whom and with which role. A queue without it accepts no actions. */
export type RedriveRules = {
  /** Starts and cancels, in the queue's account. */
  role: Role;
  requesters: People;
  /** Absent: no second person is needed. */
  approvers?: People;
  messagesPerSecond: MessagesPerSecond;
  expireAfterMinutes: number;
  /** Requests are posted there. Absent: where they are made. */
  channel?: string;
  /** ARNs of queues that people can choose instead of the original ones. */
  destinations: readonly string[];
};

/** The IAM role that is assumed for a queue. It is in the queue's account: SQS rejects roles from other accounts. */
export type Role = { arn: string; externalId?: string };
