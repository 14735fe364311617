import * as z from 'zod';
import { deliveryFields, postFields, undelivered } from '../delivery.ts';
import { MessagePlace } from '../message-place.ts';
import { isFinished } from '../move-task-status.ts';
import { readableItems } from '../readable-items.ts';
import { fieldsOf } from '../unknown-value.ts';
import { cardStateOf } from './card-state.ts';
import { CardState, Notification, type OutboxEntry } from './notification.ts';
import { Watch } from './watch.ts';

/** A notification to deliver, or a delivered one that may need a correction. */
export const StoredNotification = z.object({
  key: z.string(),
  notification: Notification,
  /** Counts the versions of the text; `deliveredVersion` is the one that people see, 0 before the first. */
  version: z.number(),
  deliveredVersion: z.number(),
  /** The place of the message, once delivered. */
  place: MessagePlace.exactOptional(),
  ...postFields,
  /** A direct message to one watcher, in place of the notification `of` while the bot can't post in the channel. */
  direct: z.object({ user: z.string(), of: z.string() }).exactOptional(),
});
export type StoredNotification = z.infer<typeof StoredNotification>;

export const StoredCardUpdate = z.object({ state: CardState, version: z.number(), ...deliveryFields });
export type StoredCardUpdate = z.infer<typeof StoredCardUpdate>;

/** Notifications and card updates that may not have been delivered yet. Committed together with the watch. */
export const Outbox = z.object({
  notifications: readableItems(StoredNotification),
  cardUpdate: StoredCardUpdate.optional(),
});
export type Outbox = z.infer<typeof Outbox>;

/** A card's state follows from its watch, so an update in a newer version's unknown format is created again. */
function withKnownCardUpdate(stored: unknown): unknown {
  const { watch, outbox } = fieldsOf(stored);
  const { cardUpdate } = fieldsOf(outbox);
  if (cardUpdate === undefined || StoredCardUpdate.safeParse(cardUpdate).success) return stored;
  const known = Watch.safeParse(watch).data;
  const state = known && cardStateOf(known);
  const anew = state && { state, version: 1, since: state.seenAt, notBefore: 0, failures: 0 };
  return { ...fieldsOf(stored), outbox: { ...fieldsOf(outbox), cardUpdate: anew } };
}

export const StoredWatch = z.preprocess(withKnownCardUpdate, z.object({ watch: Watch, outbox: Outbox }));
export type StoredWatch = z.infer<typeof StoredWatch>;

export const emptyOutbox: Outbox = { notifications: [] };

export function addToOutbox(outbox: Outbox, notify: readonly OutboxEntry[], now: number): Outbox {
  return notify.reduce((stored, entry) => rememberOne(stored, entry, now), outbox);
}

function rememberOne(outbox: Outbox, entry: OutboxEntry, now: number): Outbox {
  switch (entry.kind) {
    case 'card':
      return { ...outbox, cardUpdate: newerCardUpdate(outbox.cardUpdate, entry.state, now) };
    case 'notification': {
      const { key, notification } = entry;
      if (outbox.notifications.some((stored) => stored.key === key)) return outbox;
      return {
        ...outbox,
        notifications: [...outbox.notifications, freshNotification(key, notification, now)],
      };
    }
    case 'correction':
      return changeNotification(outbox, entry.key, (stored) => ({
        ...stored,
        notification: entry.notification,
        version: stored.version + 1,
        since: now,
      }));
  }
}

function freshNotification(key: string, notification: Notification, now: number): StoredNotification {
  return { key, notification, version: 1, deliveredVersion: 0, ...undelivered(now) };
}

/**
 * A newer card update replaces a waiting one and waits as long, because of Slack's rate limit. Two kinds do not wait:
 * the first one that shows the end and, unless Slack rejected the waiting one, one that shows a watcher who joined or
 * left.
 */
function newerCardUpdate(
  waiting: StoredCardUpdate | undefined,
  state: CardState,
  now: number,
): StoredCardUpdate {
  const version = (waiting?.version ?? 0) + 1;
  const isFirstFinal = state.final && waiting !== undefined && !isFinalUpdate(waiting);
  const fresh = { state, version, since: now };
  if (!waiting || isFirstFinal) return { ...fresh, notBefore: now, failures: 0 };
  const { failures, failing } = waiting;
  const isByAPerson = failures === 0 && waiting.state.watchers.join() !== state.watchers.join();
  const notBefore = isByAPerson ? now : waiting.notBefore;
  return { ...fresh, notBefore, failures, ...(failing && { failing }) };
}

export function isPending(stored: StoredNotification): boolean {
  return stored.deliveredVersion < stored.version;
}

export function changeNotification(
  outbox: Outbox,
  key: string,
  how: (stored: StoredNotification) => StoredNotification,
): Outbox {
  return {
    ...outbox,
    notifications: outbox.notifications.map((stored) => (stored.key === key ? how(stored) : stored)),
  };
}

export function keepNotifications(outbox: Outbox, isKept: (stored: StoredNotification) => boolean): Outbox {
  return { ...outbox, notifications: outbox.notifications.filter(isKept) };
}

/** No more notifications: only the card update remains, if the card may be updated. */
export function withoutNotifications(outbox: Outbox): Outbox {
  return keepNotifications(outbox, (stored) => !isPending(stored));
}

export function withoutJoin(outbox: Outbox, user: string): Outbox {
  const isTheirs = ({ notification, direct }: StoredNotification) =>
    (notification.kind === 'joined' && notification.user === user) || direct?.user === user;
  return keepNotifications(outbox, (stored) => stored.maybeDelivered || !isTheirs(stored));
}

/** How the redrive or its watch ended. It waits for no other notification. */
export function isEndNotification({ notification }: StoredNotification): boolean {
  return notification.kind === 'ended' || notification.kind === 'gave-up';
}

/** Direct messages and corrections wait for nothing, and nothing waits for them. */
function isInOrder({ deliveredVersion, direct }: StoredNotification): boolean {
  return deliveredVersion === 0 && direct === undefined;
}

/**
 * Notifications of one watch stay in order: those behind a waiting one wait, too. Only the end overtakes the waiting
 * ones, which are then not retried before it.
 */
export function dueNotifications({ notifications }: Outbox, now: number): StoredNotification[] {
  const pending = notifications.filter(isPending);
  const isDue = ({ notBefore }: StoredNotification) => notBefore <= now;
  const isFresh = (stored: StoredNotification) =>
    isDue(stored) && stored.failures === 0 && !stored.maybeDelivered;
  const inOrder = pending.filter(isInOrder);
  const end = inOrder.findIndex(isEndNotification);
  const line = end >= 0 && !inOrder.slice(0, end).every(isFresh) ? inOrder.slice(end) : inOrder;
  const waiting = line.findIndex((stored) => !isDue(stored));
  const others = pending.filter((stored) => !isInOrder(stored) && isDue(stored));
  return [...(waiting < 0 ? line : line.slice(0, waiting)), ...others];
}

export function nextNotificationAt({ notifications }: Outbox): number | undefined {
  const pending = notifications.filter(isPending);
  const inOrder = pending.filter(isInOrder);
  const first = inOrder.find(isEndNotification) ?? inOrder[0];
  const others = pending.filter((stored) => !isInOrder(stored));
  const times = [...(first ? [first] : []), ...others].map(({ notBefore }) => notBefore);
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** Older notifications that are useless once the end has been delivered. */
export function overtakenBy({ notifications }: Outbox, endKey: string): StoredNotification[] {
  const end = notifications.findIndex(({ key }) => key === endKey);
  return notifications.slice(0, Math.max(end, 0)).filter((stored) => isPending(stored) && isInOrder(stored));
}

/** Meanwhile each watcher gets it once as a direct message, unless it only says who joined. */
export function withDirects(
  outbox: Outbox,
  { key, notification }: StoredNotification,
  watchers: readonly string[],
  now: number,
): Outbox {
  if (notification.kind === 'joined') return outbox;
  const known = new Set(outbox.notifications.map((stored) => stored.key));
  const directs = watchers
    .map((user) => ({ user, key: `${key}/to/${user}` }))
    .filter((one) => !known.has(one.key))
    .map((one) => ({
      ...freshNotification(one.key, notification, now),
      direct: { user: one.user, of: key },
    }));
  return directs.length > 0 ? { ...outbox, notifications: [...outbox.notifications, ...directs] } : outbox;
}

export function nextPollOf({ watch }: StoredWatch): number | undefined {
  return watch.phase === 'over' ? undefined : watch.nextPollAt;
}

/** A final card update is worth more attempts than one that the next poll replaces. */
export function isFinalUpdate({ state }: StoredCardUpdate): boolean {
  return state.final || isFinished(state.task);
}
