import { expect, test } from 'vitest';
import * as z from 'zod';
import { readableItems } from '../../src/domain/readable-items.ts';

test('reads only the readable items of a list', () => {
  expect(readableItems(z.object({ a: z.number() })).parse([{ a: 1 }, { b: 2 }, 'x', { a: 3 }])).toEqual([
    { a: 1 },
    { a: 3 },
  ]);
});
