import type { LatestPlanned } from '../../domain/clamp-times.ts';
import type { CardPlace } from '../../domain/message-place.ts';
import { type StoreTrouble, troubleInWords } from '../../domain/store-trouble.ts';
import type { StoredWatch } from '../../domain/watch/outbox.ts';
import type { Watch } from '../../domain/watch/watch.ts';
import type { LocalFollowStore } from '../following/follow-store.ts';

/** Port: where an engine stores its watches. */
export type WatchStore = {
  read(ids: readonly string[]): Promise<StoredWatch[]>;
  /**
   * Changes those watches that exist, each from its newest state, and resolves with the new states once they are durable.
   * Nothing else changes a watch meanwhile. If `how` throws for a watch, it is logged, that watch stays as it was, and
   * the others are not affected.
   */
  update(ids: readonly string[], how: (stored: StoredWatch) => StoredWatch): Promise<StoredWatch[]>;
};

/** One run of a watch. A higher `run` takes over from a lower one. It names no person. */
export type WatchRun = { watch: string; run: number };

/** Port: starts a run; repeated calls for the same run start it once. Rejects if it may not have started. */
export type StartWatch = (run: WatchRun) => Promise<void>;

/**
 * Thrown by the storage ports when something can't be stored: nothing was changed. It is not a bug: the person who asked
 * is told why, and the store logs it.
 */
export class StoreUnusable extends Error {
  override name = 'StoreUnusable';
  readonly trouble: StoreTrouble;

  constructor(trouble: StoreTrouble, cause?: unknown) {
    super(troubleInWords(trouble), { cause });
    this.trouble = trouble;
  }
}

/** Port: the watches of one process. Synchronous, so that nothing happens in between. */
export type LocalWatchStore = WatchStore & {
  readNow(ids: readonly string[]): StoredWatch[];
  updateNow(ids: readonly string[], how: (stored: StoredWatch) => StoredWatch): StoredWatch[];
  add(stored: StoredWatch): void;
  liveId(key: { queueArn: string; startedAt: number; card: CardPlace }): string | undefined;
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
  idsPlannedAfter(latest: LatestPlanned): string[];
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

/** A later run has taken over the watch, or it is gone: this run has nothing more to do. */
export class Superseded extends Error {
  override name = 'Superseded';
}

/** A row that this version cannot read. */
export class UnreadableRow extends Error {
  override name = 'UnreadableRow';
}

/** Port: a watch as one of its runs sees it. Writes fail once a later run has taken over. */
export type RunStore = WatchStore & {
  /** Keeps other runs from polling and delivering until it is released. Rejects with Superseded. */
  hold(): Promise<'held' | 'busy'>;
  letGo(): Promise<void>;
  successor(): Promise<WatchRun>;
};

export type Redrive = { queueArn: string; startedAt: number };

/**
 * Port: redrives whose ends belong in the history even if no card is watched: each is a watch that no one sees.
 * One that is over is kept for some days, so that it is not expected again.
 */
export type ExpectedEnds = {
  /** Those that are not over. */
  all(): Promise<Watch[]>;
  /** Changes one from its newest state. */
  change(of: Redrive, how: (watch: Watch | undefined) => Watch): Promise<void>;
};

/** Port: all that the engine of one process stores. */
export type LocalStorage = {
  watches: LocalWatchStore;
  follows: LocalFollowStore;
  ends: ExpectedEnds;
  /** Whether work can be stored. In case of trouble, and after a minute without a write, this is tested with a write. */
  isUsable(): boolean;
  /** Why nothing can be stored, if that is known right now. It writes nothing. */
  trouble(): StoreTrouble | undefined;
  close(): void;
};
