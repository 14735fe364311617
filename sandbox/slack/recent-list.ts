export type RecentList<T> = { add(item: T): void; items: T[] };

/** Keeps only the newest entries, so that a demo left running does not grow forever. */
export function createRecentList<T>(keep: number): RecentList<T> {
  const items: T[] = [];
  return {
    items,
    add(item) {
      items.push(item);
      if (items.length > keep) items.splice(0, items.length - keep);
    },
  };
}
