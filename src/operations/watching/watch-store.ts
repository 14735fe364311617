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
