import type { Fallback, NotTaken } from '../../domain/delivery.ts';
import type { CardPlace, MessagePlace } from '../../domain/message-place.ts';
import type { CardState, Notification } from '../../domain/watch/notification.ts';

export type Delivery =
  /** Update the card. The later `state.seenAt` wins; nothing replaces a final state. */
  | { kind: 'card'; card: CardPlace; state: CardState; fallback: Fallback }
  /** Post a notification in the card's thread with its `key`, in the variant that Slack accepts. */
  | (NotificationDelivery & { kind: 'notification'; doubt: boolean })
  /** Post it as a direct message to one watcher: the bot can't post in the channel. */
  | (NotificationDelivery & { kind: 'direct'; user: string; doubt: boolean })
  /** Edit the notification at `message`; never post. */
  | (NotificationDelivery & { kind: 'correction'; message: MessagePlace });

export type NotificationDelivery = {
  queueArn: string;
  /** The task's start, epoch milliseconds. */
  startedAt: number;
  card: CardPlace;
  cardGone: boolean;
  watchers: readonly string[];
  key: string;
  notification: Notification;
  fallback: Fallback;
  /** When it was decided; it cannot have been posted earlier. */
  since: number;
};

export type DeliveryResult =
  /** `message`: the notification's place, to correct it later. `found`: it was already there, with its first text. */
  | { kind: 'delivered'; message?: MessagePlace; found?: boolean }
  /** Not attempted yet, because of Slack's rate limits. */
  | { kind: 'wait'; afterMs: number }
  /** Not delivered, but Slack may accept it in this variant: retry at once, after committing the variant. */
  | { kind: 'fallback'; fallback: Fallback; why: string }
  /**
   * Not delivered; retry. `afterMs`: how long Slack asks to wait. `maybeDelivered`: it may have been delivered after all
   * (a reset connection, a timeout), so the next attempt comes with `doubt`. `why`: Slack's error code.
   */
  | { kind: 'retry-later'; because: NotTaken; afterMs?: number; maybeDelivered: boolean; why: string }
  /** The card, or the notification to correct, was deleted or can never be edited again; the watch continues without it. */
  | { kind: 'rejected'; because: 'message-gone'; why: string };

/**
 * Port: delivers to people. It always answers within a minute. It may throw: that counts as `retry-later`, maybe
 * delivered. With `doubt` the notification may already be in the thread, from this process or an earlier one: it is
 * searched for by its key, and posted only if it is not there. It answers `wait` instead of delaying a progress update
 * for long: a newer one replaces it meanwhile.
 */
export type Notifier = { notify(what: Delivery): Promise<DeliveryResult> };
