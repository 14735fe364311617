import type { Action, DeliveryKind } from '../../domain/actions/action.ts';
import type { NotTaken } from '../../domain/delivery.ts';

/** Something to be put into Slack now, as the action is by now. */
export type ActionDelivery = {
  kind: DeliveryKind;
  action: Action;
  /** Goes into the message's metadata. */
  key: string;
  /** It may stand there already: look for its key before posting. */
  doubt: boolean;
  /** It was decided then: it cannot have been posted before. */
  since: number;
};

/** The delivery result. */
export type ActionDelivered =
  /** `message`: the place of the request's message within its channel; only of a `request`. */
  | { kind: 'delivered'; message?: string }
  | { kind: 'retry-later'; because: NotTaken; afterMs?: number; maybeDelivered: boolean; why: string }
  /** The bot cannot post there, or the message is gone. */
  | { kind: 'rejected'; because: 'cannot-post' | 'message-gone'; why: string };

/**
 * Port: tells people of actions. Edits (`update`, `card`) may come twice; posts are looked for first when in doubt.
 * It may throw: that counts as `later`, maybe delivered.
 */
export type ActionNotifier = { deliver(delivery: ActionDelivery): Promise<ActionDelivered> };
