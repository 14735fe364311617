import { expect, test } from 'vitest';
import { once } from '../../src/operations/once.ts';

test('opens once for all calls, also at the same moment', async () => {
  let times = 0;
  const opened = once(async () => {
    times += 1;
    return times;
  });
  expect(await Promise.all([opened(), opened()])).toEqual([1, 1]);
  expect(await opened()).toBe(1);
});

test('tries again after a failure', async () => {
  let times = 0;
  const opened = once(async () => {
    times += 1;
    if (times === 1) throw new Error('too many open files');
    return 'open';
  });
  await expect(opened()).rejects.toThrow('too many open files');
  expect(await opened()).toBe('open');
});
