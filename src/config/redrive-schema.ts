import * as z from 'zod';
import { ExpireAfterMinutes, MessagesPerSecond, People, RequestChannel } from '../domain/settings.ts';
import { SqsArn } from './arns.ts';
import { section, wrongTypeInWords } from './issue-words.ts';

const ListedPeople = section(People.shape);
const Rates = section({
  default: MessagesPerSecond.shape.default.unwrap().optional(),
  max: MessagesPerSecond.shape.max.unwrap().optional(),
});

export const RedriveSection = section({
  requesters: ListedPeople,
  approvers: ListedPeople.optional(),
  messagesPerSecond: Rates.optional(),
  expireAfterMinutes: ExpireAfterMinutes.default(30),
  channel: RequestChannel.optional(),
});
export type RedriveSection = z.infer<typeof RedriveSection>;

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

export const QueueRedrive = z.unknown().transform((value, context) => {
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
export type QueueRedrive = z.infer<typeof QueueRedrive>;

/** If only one is given, the other one adapts to it. */
export function ratesOf(given: z.infer<typeof Rates> | undefined): MessagesPerSecond {
  const { max, default: usual } = MessagesPerSecond.parse({});
  const highest = given?.max ?? max;
  return { max: highest, default: given?.default ?? Math.min(usual, highest) };
}
