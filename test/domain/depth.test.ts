import { expect, test } from 'vitest';
import { allMessages, allMessagesKnown } from '../../src/domain/depth.ts';
import { anAwsError } from '../support/builders.ts';

test('all messages include waiting, in flight, and delayed ones, if they could be counted', () => {
  const value = { waiting: 1, inFlight: 20, delayed: 300 };
  expect(allMessages(value)).toBe(321);
  expect(allMessagesKnown({ ok: true, value })).toStrictEqual({ depth: 321 });
  expect(allMessagesKnown({ ok: false, awsError: anAwsError() })).toStrictEqual({});
  expect(allMessagesKnown(undefined)).toStrictEqual({});
});
