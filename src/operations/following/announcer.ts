import type { Form } from '../../domain/delivery.ts';
import type { Announcement } from '../../domain/following/following.ts';
import type { Queue } from '../../domain/queue.ts';
import type { DeliveryResult } from '../watching/notifier.ts';

export type ToAnnounce = Pick<Announcement, 'key' | 'seen' | 'startedBy' | 'since'> & {
  queue: Queue;
  channel: string;
  form: Form;
  /** The card may already be in the channel: it is searched for by its key, and posted only if it is not there. */
  doubt: boolean;
};

/**
 * Port: posts the card of a new task, with its `key`, in the channel that follows its queue. It answers and may throw
 * like a Notifier. `delivered` has the place of the card.
 */
export type Announcer = { announce(what: ToAnnounce): Promise<DeliveryResult> };
