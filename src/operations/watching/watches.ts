import type { CardPlace } from '../../domain/message-place.ts';
import type { Queue } from '../../domain/queue.ts';
import { noDecision, notify, updateCardIfChanged, withChanges } from '../../domain/watch/decision.ts';
import { endForbidden } from '../../domain/watch/not-seen.ts';
import type { Decision } from '../../domain/watch/notification.ts';
import type { QueuePoll } from '../../domain/watch/observation.ts';
import {
  addToOutbox,
  emptyOutbox,
  isPending,
  type StoredWatch,
  withoutJoin,
  withoutNotifications,
} from '../../domain/watch/outbox.ts';
import { type Followed, newWatch, type Watch } from '../../domain/watch/watch.ts';
import type { WatchForbidden } from '../access.ts';
import type { Log } from '../log.ts';
import { StoreUnusable } from './watch-store.ts';

/**
 * What others may know of a watch. `followed`: it exists without a watcher. `over`: only on cards whose watch ended less
 * than a day ago. `seen`: the last poll that found the task; a card must not show anything older.
 */
export type WatchView = Pick<
  Watch,
  'queueArn' | 'startedAt' | 'card' | 'watchers' | 'followed' | 'phase' | 'seen'
>;

export type WatchRequest = { queue: Queue; startedAt: number; card: CardPlace; user: string };

/**
 * `began`: the first watcher of this task on this card. `already`: this person watched it before.
 * `joined-after-end`: the task has ended; messages that come back are still reported.
 */
export type WatchAnswer = { kind: 'began' | 'joined' | 'already' | 'joined-after-end'; watch: WatchView };

export type UnwatchRequest = { user: string } & (
  | { card: CardPlace }
  | { queueArn: string; channel?: string }
);

/** What a person's poll of a watched card's queue found. */
export type PersonsPoll = { queue: Queue; card: CardPlace; poll: QueuePoll };

/** Port: what people ask of the watch engine. Each promise resolves once the answer is durable. */
export type Watches = {
  watch(request: WatchRequest): Promise<WatchAnswer>;
  /** The watches that the person left, as they are now; empty if there were none. */
  unwatch(request: UnwatchRequest): Promise<WatchView[]>;
  /** The live watches of a person, or of a channel, oldest first. */
  list(of: { user?: string; channel?: string; queueArn?: string }): Promise<WatchView[]>;
  /** The watch of a card, the newest one if there were several. */
  ofCard(card: CardPlace): Promise<WatchView | undefined>;
  /**
   * A person has polled: the card's watch treats it as its own poll, so that it never falls behind the card and reports
   * an end at once. Resolves when that is durable, or when it can't be stored.
   */
  observed(seen: PersonsPoll): Promise<void>;
};

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

/** People who join are mentioned once in the thread, so that Slack notifies them of later replies. */
export function join(watch: Watch, user: string, now: number): Decision {
  if (watch.phase === 'over' || watch.watchers.includes(user)) return noDecision(watch);
  const joined = withChanges(noDecision(watch), { watchers: [...watch.watchers, user] });
  if (watch.named.includes(user)) return updateCardIfChanged(joined, now);
  const named = withChanges(joined, { named: [...watch.named, user] });
  return updateCardIfChanged(notify(named, { kind: 'joined', user }, user), now);
}

/** When the last watcher leaves, the watch ends without a notification, unless the channel follows the queue. */
export function leave(watch: Watch, user: string, now: number): Decision {
  if (watch.phase === 'over' || !watch.watchers.includes(user)) return noDecision(watch);
  const watchers = watch.watchers.filter((watcher) => watcher !== user);
  const isOver = watchers.length === 0 && watch.followed === undefined;
  const left = withChanges(noDecision(watch), { watchers, ...(isOver && { phase: 'over' }) });
  return updateCardIfChanged(left, now);
}
