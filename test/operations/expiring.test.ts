import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { createExpiring, type ExpiringOptions, lasting, RecentMap } from '../../src/operations/expiring.ts';

let now: number;
let reads: number;
let fails: boolean;
let stale: string[];
beforeEach(() => {
  now = 0;
  reads = 0;
  fails = false;
  stale = [];
});

async function read(): Promise<string> {
  reads += 1;
  if (fails) throw new Error('throttled');
  return `value ${reads}`;
}

const second = 1_000;
/** Fresh for 100 seconds, usable for 300. */
const values = (lifeOf: ExpiringOptions<string>['lifeOf'] = lasting(100 * second, 300 * second)) => {
  const expiring = createExpiring<string>({
    clock: () => now,
    lifeOf,
    onStale: (key, why) => stale.push(`${key}: ${String(why)}`),
  });
  return { ...expiring, value: (key = 'a') => expiring.get(key, read) };
};

describe('a value', () => {
  test('is read once for all concurrent callers, per key', async () => {
    const { value } = values();
    expect(await Promise.all([value(), value(), value('b'), value()])).toEqual([
      'value 1',
      'value 1',
      'value 2',
      'value 1',
    ]);
  });

  test('is read again when it expires, and not before', async () => {
    const { value } = values();
    await value();
    now = 100 * second - 1;
    expect(await value()).toBe('value 1');
    now = 100 * second;
    expect(await value()).toBe('value 2');
  });

  test('is dropped if it was wrong, unless it has been replaced', async () => {
    const { value, drop } = values();
    await value();
    drop('a', 'value 0');
    expect(await value()).toBe('value 1');
    drop('a', 'value 1');
    expect(await value()).toBe('value 2');
  });

  test('may have its own expiration', async () => {
    const ofItsOwn = (text: string) => ({ freshUntil: text === 'value 1' ? 7 : 9, servesUntil: 10 });
    const { value } = values(ofItsOwn);
    await value();
    now = 7;
    expect([await value(), await value()]).toEqual(['value 2', 'value 2']);
    now = 9;
    expect(await value()).toBe('value 3');
  });
});

describe('while it cannot be read', () => {
  test('without an older value, the next caller reads again', async () => {
    const { value } = values();
    fails = true;
    await expect(Promise.all([value(), value()])).rejects.toThrow('throttled');
    fails = false;
    expect(await value()).toBe('value 2');
  });

  test('the last one is used and reported, without a read on every call', async () => {
    const { value } = values();
    await value();
    now = 100 * second;
    fails = true;
    expect(await Promise.all([value(), value()])).toEqual(['value 1', 'value 1']);
    now += 9 * second;
    expect([await value(), reads, stale]).toEqual(['value 1', 2, ['a: Error: throttled']]);
    now += second;
    expect([await value(), reads]).toEqual(['value 1', 3]);
    fails = false;
    now += 10 * second;
    expect(await value()).toBe('value 4');
  });

  test('but not forever', async () => {
    const { value } = values();
    await value();
    fails = true;
    now = 299 * second;
    expect(await value()).toBe('value 1');
    now = 300 * second;
    await expect(value()).rejects.toThrow('throttled');
  });
});

test('never returns a value that is older than allowed', async () => {
  const steps = fc.array(fc.record({ passes: fc.nat(200), fails: fc.boolean() }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      now = 0;
      const expiring = createExpiring<number>({ clock: () => now, lifeOf: lasting(100, 300) });
      for (const step of all) {
        now += step.passes;
        const given = await expiring
          .get('a', async () => {
            if (step.fails) throw new Error('no');
            return now;
          })
          .catch(() => undefined);
        if (!step.fails) expect(given).toBeGreaterThanOrEqual(now - 300);
        if (given !== undefined) expect(now - given).toBeLessThan(300);
      }
    }),
  );
});

test('remembers only the newest keys, and setting one again makes it new', () => {
  const map = new RecentMap<number>(2);
  map.set('one', 1).set('two', 2).set('one', 11).set('three', 3);
  expect([...map]).toEqual([
    ['one', 11],
    ['three', 3],
  ]);
});
