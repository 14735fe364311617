import { expect, test } from 'vitest';
import { fieldsOf } from '../../src/domain/fields.ts';

test('a value that is not an object has no fields', () => {
  expect([{ a: 1 }, 'ada', 7, null, undefined].map(fieldsOf)).toEqual([{ a: 1 }, {}, {}, {}, {}]);
});
