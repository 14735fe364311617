export type RecentList<T> = { add(item: T): void; items: T[] };

/** Remembers the last ones only, so that a demo left running does not grow for ever. */
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
