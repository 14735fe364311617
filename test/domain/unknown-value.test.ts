import { expect, test } from 'vitest';
import { fieldsOf, isRecord } from '../../src/domain/unknown-value.ts';

test.each([
  [{ a: 1 }, true, { a: 1 }],
  [{}, true, {}],
  [['a'], false, { 0: 'a' }],
  [null, false, {}],
  [undefined, false, {}],
  ['text', false, {}],
  [7, false, {}],
])('%j is a record: %s', (value, is, fields) => {
  expect([isRecord(value), fieldsOf(value)]).toEqual([is, fields]);
});
