import type { KeptWatch } from '../../../src/domain/watch/outbox.ts';
import type { WatchStore } from '../../../src/operations/watching/watch-store.ts';

export type MemoryStore = WatchStore & { kept: Map<string, KeptWatch>; commits: KeptWatch[] };

/** A store without a disk, which remembers each commit in turn. */
export function memoryStore(...watches: KeptWatch[]): MemoryStore {
  const kept = new Map(watches.map((one) => [one.watch.id, one]));
  const commits: KeptWatch[] = [];
  const read = async (ids: readonly string[]) => ids.flatMap((id) => kept.get(id) ?? []);
  return {
    kept,
    commits,
    read,
    update: async (ids, how) => {
      const changed = (await read(ids)).map(how);
      for (const one of changed) kept.set(one.watch.id, one);
      commits.push(...changed);
      return changed;
    },
  };
}
