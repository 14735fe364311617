import { expect, test } from 'vitest';
import { mostInASecond } from '../support/many-queues.ts';
import { discoverMany } from './discover-many.ts';

test('checks 1,000 queues with at most 20 calls a second in each region', async () => {
  for (const moments of await discoverMany()) {
    expect(moments.length).toBeGreaterThan(330);
    expect(mostInASecond(moments)).toBeLessThanOrEqual(20);
  }
});
