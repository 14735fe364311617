import { expect, test } from 'vitest';
import { kept } from '../../src/entry/lambda-secrets.ts';

function aSecret() {
  const state = { now: 0, reads: 0, fails: false };
  const secret = kept(
    async () => {
      state.reads += 1;
      if (state.fails) throw new Error('throttled');
      return `value ${state.reads}`;
    },
    { clock: () => state.now, forMs: 1_000 },
  );
  return { secret, state };
}

test('a secret is read once by all who ask, and again when its time is over', async () => {
  const { secret, state } = aSecret();
  expect(await Promise.all([secret(), secret()])).toEqual(['value 1', 'value 1']);
  state.now = 999;
  expect(await secret()).toBe('value 1');
  state.now = 1_000;
  expect(await secret()).toBe('value 2');
});

test('a failure is not kept', async () => {
  const { secret, state } = aSecret();
  state.fails = true;
  await expect(secret()).rejects.toThrow('throttled');
  state.fails = false;
  expect(await secret()).toBe('value 2');
});
