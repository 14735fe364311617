import { type StoreTrouble, troubleInWords } from '../../domain/store-trouble.ts';
import type { StoredWatch } from '../../domain/watch/outbox.ts';

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
