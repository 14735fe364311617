export type Life = {
  /** Until when a value is taken without a question; epoch milliseconds. */
  freshUntil: number;
  /** Until when it serves for want of a newer one. */
  servesUntil: number;
};

export type ExpiringOptions<V> = {
  clock: () => number;
  lifeOf: (value: V, readAt: number) => Life;
  /** Is told why a value serves beyond its time. */
  onStale?: (key: string, why: unknown) => void;
};

/** Values by key that are read anew when their time is over. A failure is not kept. */
export type Expiring<V> = {
  /** The value in hand or, once it is not fresh, a new one; all who ask meanwhile share one reading. */
  get(key: string, read: () => Promise<V>): Promise<V>;
  /** Forgets a value that turned out wrong. Does nothing when another has replaced it. */
  drop(key: string, value: V): void;
};

/** Whoever cannot be asked is left alone for so long, where there is a value that serves meanwhile. */
const betweenFailuresMs = 10_000;

export function createExpiring<V>({ clock, lifeOf, onStale }: ExpiringOptions<V>): Expiring<V> {
  const pending = new Map<string, { value: V } & Life>();
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
    get(key, read) {
      const last = pending.get(key);
      if (last && clock() < last.freshUntil) return Promise.resolve(last.value);
      const reading = readings.get(key) ?? readAnew(key, read).finally(() => readings.delete(key));
      readings.set(key, reading);
      return reading;
    },
    drop(key, value) {
      if (pending.get(key)?.value === value) pending.delete(key);
    },
  };
}

/** The same life for every value. */
export function lasting(freshMs: number, servesMs: number): (value: unknown, readAt: number) => Life {
  return (_value, readAt) => ({ freshUntil: readAt + freshMs, servesUntil: readAt + servesMs });
}

/** For what only a new key makes anew, and a failure. */
export const forGood = lasting(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
