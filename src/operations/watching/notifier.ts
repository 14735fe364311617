import type { Form, NotTaken } from '../../domain/delivery.ts';
import type { CardPlace, MessagePlace } from '../../domain/message-place.ts';
import type { CardState, Notification } from '../../domain/watch/notification.ts';

/** Something to be put into Slack now. */
export type Delivery =
  /** Edit the card. Of two edits the one with the later `state.seenAt` counts; nothing replaces a final state. */
  | { kind: 'card'; card: CardPlace; state: CardState; form: Form }
  /** Post a notice in the card's thread, `key` with it, in the form that Slack takes. */
  | (NotificationDelivery & { kind: 'notification'; doubt: boolean })
  /** Post it as a direct message to one of the watchers: the channel is closed to the bot. */
  | (NotificationDelivery & { kind: 'direct'; user: string; doubt: boolean })
  /** Edit the notice that stands at `message`; never post. */
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
  form: Form;
  /** It was decided then: it cannot have been posted before. */
  since: number;
};

/** The delivery result. */
export type DeliveryResult =
  /** `message`: where a notice stands, so that it can be corrected. `found`: it stood there already, with its first text. */
  | { kind: 'delivered'; message?: MessagePlace; found?: boolean }
  /** It was not tried: its turn within Slack's limits has not come. */
  | { kind: 'wait'; afterMs: number }
  /** In this form Slack may take it: to be tried at once, after the form is committed. It was not told. */
  | { kind: 'other-form'; form: Form; why: string }
  /**
   * Slack did not take it; try again. `afterMs`: as long as Slack asks to wait. `maybeTold`: it is not certain that it
   * was not told (a reset connection, a timeout), so the next try comes with `doubt`. `why`: Slack's word.
   */
  | { kind: 'retry-later'; because: NotTaken; afterMs?: number; maybeDelivered: boolean; why: string }
  /** The card, or the notice to correct, was deleted, or can never be edited again; the watch goes on without it. */
  | { kind: 'rejected'; because: 'message-gone'; why: string };

/**
 * Port: tells people. It always answers, within a minute. It may throw: that counts as `later`, maybe told. With `doubt` the notice may stand in the
 * thread already, from this process or an earlier one: it is looked for by its key, and only posted when it is not there.
 * It answers `wait` instead of holding a progress edit back for long: a newer one takes its place meanwhile.
 */
export type Notifier = { notify(what: Delivery): Promise<DeliveryResult> };
