import type { Form } from '../../domain/delivery.ts';
import type { Announcement } from '../../domain/following/following.ts';
import type { Queue } from '../../domain/queue.ts';
import type { DeliveryResult } from '../watching/notifier.ts';

export type ToAnnounce = Pick<Announcement, 'key' | 'seen' | 'startedBy' | 'since'> & {
  queue: Queue;
  channel: string;
  form: Form;
  /** The card may stand in the channel already: it is looked for by its key, and only posted when it is not there. */
  doubt: boolean;
};

/**
 * Port: posts the card of a task that has begun into the channel that follows its queue, `key` with it. It answers as a
 * Teller does, and may throw as one: that counts as `later`, maybe told. `told` says where the card stands.
 */
export type Announcer = { announce(what: ToAnnounce): Promise<DeliveryResult> };
