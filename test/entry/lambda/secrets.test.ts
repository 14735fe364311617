import { expect, test } from 'vitest';
import { createSecrets } from '../../../src/entry/lambda/environment.ts';

const minute = 60_000;

test("reads a secret every three minutes; if it can't, uses the last known one and logs why", async () => {
  const state = { now: 0, reads: 0, fails: false };
  const lines: unknown[] = [];
  const secret = createSecrets({
    read: async (name) => {
      state.reads += 1;
      if (state.fails) throw new Error('throttled');
      return `${name} ${state.reads}`;
    },
    clock: () => state.now,
    log: { warn: (facts) => lines.push(facts) },
  });
  expect(await Promise.all([secret('/a'), secret('/b'), secret('/a')])).toEqual(['/a 1', '/b 2', '/a 1']);
  state.now = 3 * minute;
  expect(await secret('/a')).toBe('/a 3');
  state.now += 3 * minute;
  state.fails = true;
  expect([await secret('/a'), lines]).toEqual(['/a 3', [{ parameter: '/a', why: 'Error: throttled' }]]);
  state.now += 24 * 60 * minute;
  await expect(secret('/a')).rejects.toThrow('throttled');
});
