/** Remembers the `atMost` keys that were set last. */
export class RecentMap<V> extends Map<string, V> {
  readonly #atMost: number;

  constructor(atMost: number) {
    super();
    this.#atMost = atMost;
  }

  override set(key: string, value: V): this {
    this.delete(key);
    super.set(key, value);
    const [oldest] = this.keys();
    if (this.size > this.#atMost && oldest !== undefined) this.delete(oldest);
    return this;
  }
}
