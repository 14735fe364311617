import type { StoredWatch } from '../../../src/domain/watch/outbox.ts';
import type { WatchStore } from '../../../src/operations/watching/watch-store.ts';

export type MemoryStore = WatchStore & { stored: Map<string, StoredWatch>; commits: StoredWatch[] };

/** A store without a disk, which records each commit. */
export function memoryStore(...watches: StoredWatch[]): MemoryStore {
  const stored = new Map(watches.map((one) => [one.watch.id, one]));
  const commits: StoredWatch[] = [];
  const read = async (ids: readonly string[]) => ids.flatMap((id) => stored.get(id) ?? []);
  return {
    stored,
    commits,
    read,
    update: async (ids, how) => {
      const changed = (await read(ids)).map(how);
      for (const one of changed) stored.set(one.watch.id, one);
      commits.push(...changed);
      return changed;
    },
  };
}
