import {
  begun,
  type DeliveryResult,
  type Fallback,
  type Moment,
  type RetryLater,
} from '../../domain/delivery.ts';
import type { CardPlace, MessagePlace } from '../../domain/message-place.ts';
import type { CardState } from '../../domain/watch/notification.ts';
import type { StoredNotification } from '../../domain/watch/outbox.ts';
import type { Watch } from '../../domain/watch/watch.ts';
import { messageOf } from '../../domain/wording.ts';

export type Delivery =
  /** Update the card. The later `state.seenAt` wins; nothing replaces a final state. */
  | ({ kind: 'card'; card: CardPlace; state: CardState } & WithFallback)
  /** Post a notification in the card's thread with its `key`. */
  | (NotificationDelivery & { kind: 'notification'; doubt: boolean })
  /** Post it as a direct message to one watcher: the bot can't post in the channel. */
  | (NotificationDelivery & { kind: 'direct'; user: string; doubt: boolean })
  /** Edit the notification at `message`; never post. */
  | (NotificationDelivery & { kind: 'correction'; message: MessagePlace });

/** `fallback`: what Slack has rejected before. Another one is committed by `keep` before it is tried. */
export type WithFallback = { fallback: Fallback; keep: (fallback: Fallback) => Promise<unknown> };

export type NotificationDelivery = WithFallback &
  Pick<Watch, 'queueArn' | 'startedAt' | 'card' | 'watchers'> &
  Pick<StoredNotification, 'key' | 'notification' | 'since'>;

/**
 * Port: delivers to people, in the variant that Slack accepts. It always answers within a minute. It may throw: that
 * counts as `retry-later`, maybe delivered. With `doubt` the notification may already be in the thread, from this
 * process or an earlier one: it is searched for by its key, and posted only if it is not there. It answers `wait`
 * instead of delaying a progress update for long: a newer one replaces it meanwhile.
 */
export type Notifier = { notify(what: Delivery): Promise<DeliveryResult> };

export type Attempt = {
  /** Commits what the delivery becomes before another variant is tried. */
  change: (changes: ReturnType<typeof begun> & { fallback: Fallback }) => Promise<unknown>;
  onError: (error: unknown) => void;
  clock: () => number;
  random: () => number;
};

/** One attempt at any delivery. The moment counts from when its last variant was begun. */
export async function attempted<R extends DeliveryResult>(
  deliver: (keep: WithFallback['keep']) => Promise<R>,
  { change, onError, clock, random }: Attempt,
): Promise<{ result: R | RetryLater; moment: Moment }> {
  let begunAt = clock();
  const keep = (fallback: Fallback) => {
    begunAt = clock();
    return change({ ...begun(begunAt), fallback });
  };
  const result = await deliver(keep).catch((error): RetryLater => {
    onError(error);
    const why = messageOf(error);
    return { kind: 'retry-later', because: 'trouble', maybeDelivered: true, why };
  });
  return { result, moment: { now: clock(), begunAt, random: random() } };
}
