export type Lifetime = {
  /** Until when a value is used without rereading it; epoch milliseconds. */
  freshUntil: number;
  /** Until when it may be used if it can't be read again. */
  servesUntil: number;
};

export type ExpiringOptions<V> = {
  clock: () => number;
  lifeOf: (value: V, readAt: number) => Lifetime;
  /** Called with the reason why a value is used beyond its time. */
  onStale?: (key: string, why: unknown) => void;
};

/** How long to wait after a failed read before the next one, if there is an older value to use. */
const betweenFailuresMs = 10_000;

/** Values by key that are read again when they expire. Failures are not cached. */
export function createExpiring<V>({ clock, lifeOf, onStale }: ExpiringOptions<V>) {
  const pending = new Map<string, { value: V } & Lifetime>();
  const readings = new Map<string, Promise<V>>();

  async function readAnew(key: string, read: () => Promise<V>): Promise<V> {
    try {
      const value = await read();
      pending.set(key, { value, ...lifeOf(value, clock()) });
      return value;
    } catch (why) {
      const last = pending.get(key);
      if (!last || clock() >= last.servesUntil) throw why;
      onStale?.(key, why);
      last.freshUntil = Math.min(clock() + betweenFailuresMs, last.servesUntil);
      return last.value;
    }
  }

  return {
    /** The cached value or, if it has expired, a new one; concurrent callers share one read. */
    get(key: string, read: () => Promise<V>): Promise<V> {
      const last = pending.get(key);
      if (last && clock() < last.freshUntil) return Promise.resolve(last.value);
      const reading = readings.get(key) ?? readAnew(key, read).finally(() => readings.delete(key));
      readings.set(key, reading);
      return reading;
    },
    /** Forgets a value that turned out to be wrong. Does nothing if it has been replaced already. */
    drop(key: string, value: V): void {
      if (pending.get(key)?.value === value) pending.delete(key);
    },
  };
}

export function lasting(freshMs: number, servesMs: number): (value: unknown, readAt: number) => Lifetime {
  return (_value, readAt) => ({ freshUntil: readAt + freshMs, servesUntil: readAt + servesMs });
}

export const forever = lasting(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);

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
