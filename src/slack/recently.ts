/** Remembers the newest `atMost` keys. */
export function createRecently(atMost: number) {
  const keys = new Set<string>();
  return {
    has: (key: string) => keys.has(key),
    add(key: string): void {
      keys.delete(key);
      keys.add(key);
      const [oldest] = keys;
      if (keys.size > atMost && oldest !== undefined) keys.delete(oldest);
    },
  };
}
