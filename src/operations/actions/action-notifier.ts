import type { Action, DeliveryKind } from '../../domain/actions/action.ts';
import type { NotTaken } from '../../domain/delivery.ts';

export type ActionDelivery = {
  kind: DeliveryKind;
  action: Action;
  key: string;
  /** It may already be there: search for its key before posting. */
  doubt: boolean;
  /** When it was decided; it cannot have been posted earlier. */
  since: number;
};

export type ActionDelivered =
  /** `message`: the place of the request's message within its channel; only of a `request`. */
  | { kind: 'delivered'; message?: string }
  | { kind: 'retry-later'; because: NotTaken; afterMs?: number; maybeDelivered: boolean; why: string }
  /** The bot can't post there, or the message is gone. */
  | { kind: 'rejected'; because: 'cannot-post' | 'message-gone'; why: string };

/**
 * Port: notifies people about actions. Edits (`update`, `card`) may be made twice; with `doubt`, posts are
 * searched for first. It may throw: that counts as `retry-later`, maybe delivered.
 */
export type ActionNotifier = { deliver(delivery: ActionDelivery): Promise<ActionDelivered> };
