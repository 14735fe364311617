import type { StoredWatch } from '../../domain/watch/outbox.ts';

/** Port: where an engine keeps its watches. */
export type WatchStore = {
  read(ids: readonly string[]): Promise<StoredWatch[]>;
  /**
   * Changes the watches that there are, each from its newest state, and resolves once that is durable, with what
   * they became. Nothing else changes a watch meanwhile. A `how` that throws leaves its watch as it was, is logged, and
   * has no effect on the others.
   */
  update(ids: readonly string[], how: (stored: StoredWatch) => StoredWatch): Promise<StoredWatch[]>;
};
