/** Parts of a message have no id, so their position is React's key. */
export function byPlace<T>(items: T[]): { key: string; item: T }[] {
  return items.map((item, place) => ({ key: String(place), item }));
}
