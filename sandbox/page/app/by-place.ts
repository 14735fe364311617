/** Parts of a message have no identity but their place: it becomes React's key for them. */
export function byPlace<T>(items: T[]): { key: string; item: T }[] {
  return items.map((item, place) => ({ key: String(place), item }));
}
