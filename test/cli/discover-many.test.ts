import { test } from 'vitest';
import { discoverMany } from './discover-many.ts';

/** Faster than AWS is ever called. */
const inAHurry = 1_000;

test('checks 1,000 queues in 3 regions, with a refused role and throttling, completely and without duplicates', async () => {
  await discoverMany(inAHurry);
}, 60_000);
