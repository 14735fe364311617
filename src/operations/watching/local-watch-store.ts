import type { CardPlace } from '../../domain/message-place.ts';
import type { StoredWatch } from '../../domain/watch/outbox.ts';
import type { WatchStore } from './watch-store.ts';

type WatchKey = { queueArn: string; startedAt: number; card: CardPlace };

/** Port: the watches of one process. Synchronous, so that nothing happens in between. */
export type LocalWatchStore = WatchStore & {
  readNow(ids: readonly string[]): StoredWatch[];
  updateNow(ids: readonly string[], how: (stored: StoredWatch) => StoredWatch): StoredWatch[];
  add(stored: StoredWatch): void;
  liveId(key: WatchKey): string | undefined;
  idsOf(of: { user?: string; channel?: string; queueArn?: string; card?: CardPlace }): string[];
  newestIdOf(card: CardPlace): string | undefined;
  /** Queues to poll and watches with something to deliver, the longest waiting first; a queue may come twice. */
  dueQueues(now: number): Iterable<string>;
  dueNotifications(now: number): Iterable<string>;
  dueCardUpdates(now: number): Iterable<string>;
  /** The watches a poll of the queue serves: all that run, and those that are due after their end. */
  idsToPoll(queueArn: string, now: number): string[];
  /** The queues and channels of the watches that have something to poll for or to deliver. */
  pendingPlaces(): { queueArn: string; channel: string }[];
  pendingIds(of: { queueArn: string; channel: string }): string[];
  /** The watches with anything planned after the latest time that is ever planned. */
  idsPlannedAfter(latest: { whileRunning: number; afterTheEnd: number }): string[];
  /** How many live watches there are, by phase. */
  counts(): Record<string, number>;
  /** How many watches have a notification, and how many a card update, that may not have been delivered. */
  undelivered(): { notification: number; cardUpdate: number };
  /** When the next poll or delivery after `now` is due. */
  nextDue(now: number): number | undefined;
  /**
   * Ids of watches whose redrive may have ended, and of which that may not be in the history: since the start, all of
   * them and those that have changed. Whoever has recorded one deletes it.
   */
  toRecord(): Set<string>;
  forgetOverBefore(time: number): void;
  /** Before anything is begun: corrects what another version left. */
  recover(): void;
};
