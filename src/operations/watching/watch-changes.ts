import { noDecision, updateCardIfChanged } from '../../domain/watch/decision.ts';
import { endForbidden } from '../../domain/watch/not-seen.ts';
import type { Decision } from '../../domain/watch/notification.ts';
import {
  addToOutbox,
  emptyOutbox,
  isPending,
  type StoredWatch,
  withoutJoin,
  withoutNotifications,
} from '../../domain/watch/outbox.ts';
import { type Followed, newWatch } from '../../domain/watch/watch.ts';
import { join, leave } from '../../domain/watch/watchers.ts';
import type { WatchForbidden } from '../access.ts';
import type { Log } from '../log.ts';
import { StoreUnusable } from './watch-store.ts';
import type { PersonsPoll, WatchAnswer, WatchRequest, WatchView } from './watches.ts';

/** What people do to a watch, for every engine. */

export function begun({ queue, startedAt, card, user }: WatchRequest, id: string, now: number): StoredWatch {
  const watch = newWatch({ id, queueArn: queue.arn, startedAt, card, now });
  return withDecision({ watch, outbox: emptyOutbox }, join(watch, user, now), now);
}

/** The same object when nothing changes. */
export function withWatcher(
  stored: StoredWatch,
  user: string,
  now: number,
): { stored: StoredWatch; kind: WatchAnswer['kind'] } {
  const { watch } = stored;
  if (watch.watchers.includes(user)) return { stored, kind: 'already' };
  const kind = watch.phase === 'running' ? 'joined' : 'joined-after-end';
  return { stored: withDecision(stored, join(watch, user, now), now), kind };
}

export function withoutWatcher(stored: StoredWatch, user: string, now: number): StoredWatch {
  const { watch, outbox } = withDecision(stored, leave(stored.watch, user, now), now);
  const quieter = withoutJoin(outbox, user);
  return { watch, outbox: watch.phase === 'over' ? withoutNotifications(quieter) : quieter };
}

/** The settings no longer allow it: only its last card update is still delivered. */
export function forbidden(stored: StoredWatch, now: number): StoredWatch {
  if (stored.watch.forbidden) return stored;
  const { watch, outbox } = withDecision(stored, endForbidden(stored.watch, now), now);
  return { watch, outbox: { ...outbox, notifications: [] } };
}

/** `before`: the watch with the notifications that are now dropped. */
export function logForbidden(log: Log, { watch, outbox }: StoredWatch, why: WatchForbidden): void {
  const { id, queueArn, card, watchers } = watch;
  const dropped = outbox.notifications.filter(isPending).length;
  const facts = { watch: id, queue: queueArn, channel: card.channel, watchers, dropped, why };
  log.warn(facts, 'watch ended: the settings no longer allow it');
}

/** The channel now follows the task, or more is known about it: the card shows that. */
export function withFollowed(stored: StoredWatch, followed: Followed, now: number): StoredWatch {
  if (stored.watch.forbidden) return stored;
  return withDecision(stored, updateCardIfChanged(noDecision({ ...stored.watch, followed }), now), now);
}

function withDecision(stored: StoredWatch, { watch, send }: Decision, now: number): StoredWatch {
  return { watch, outbox: addToOutbox(stored.outbox, send, now) };
}

export function viewOf({ watch }: StoredWatch): WatchView {
  const { queueArn, startedAt, card, watchers, phase, seen, followed } = watch;
  return { queueArn, startedAt, card, watchers, phase, ...(seen && { seen }), ...(followed && { followed }) };
}

/** A person gets to see what was polled even if it can't be stored; the watch then polls itself when that is due. */
export async function unlessLost(
  store: () => Promise<void>,
  { queue }: PersonsPoll,
  log: Log,
): Promise<void> {
  await store().catch((error: unknown) => {
    if (error instanceof StoreUnusable) return;
    log.warn(
      { queue: queue.arn, err: error },
      "could not store the result of a person's poll; the watch will poll again",
    );
  });
}
