import * as z from 'zod';
import { AccessRules, Channels } from '../access-rules.ts';
import type { Role } from '../role.ts';

/** SQS accepts no other custom rates. */
export const rates = { lowest: 1, highest: 500 };

function whole(from: number, to: number) {
  const error = ({ input }: { input?: unknown }) =>
    input === null ? undefined : `must be a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
}

const { users, userGroups } = AccessRules.shape;

/** Members of either list. Unlike in `access`, an empty list allows no one. */
export const People = z.object({ users, userGroups });
export type People = z.infer<typeof People>;

const Rate = whole(rates.lowest, rates.highest);
export const MessagesPerSecond = z.object({ default: Rate.default(10), max: Rate.default(50) });
export type MessagesPerSecond = z.infer<typeof MessagesPerSecond>;

export const ExpireAfterMinutes = whole(1, 1440);
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
