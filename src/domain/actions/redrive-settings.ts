import * as z from 'zod';
import { AccessRules, Channels } from '../access-rules.ts';
import { customRates } from '../move-task.ts';
import type { Role } from '../role.ts';
import { wholeNumber } from '../watch/watch-settings.ts';

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
