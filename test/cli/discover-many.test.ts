import { test } from 'vitest';
import { discoverMany } from './discover-many.ts';

/** Faster than AWS is ever called. */
const inAHurry = 1_000;

test('1,000 queues in 3 regions, one role refused, throttles: complete, and nothing doubled', async () => {
  await discoverMany(inAHurry);
}, 60_000);
