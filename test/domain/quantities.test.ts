import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  countInWords,
  durationInWords,
  estimateInWords,
  messagesInWords,
  percentInWords,
  rateInWords,
  timeInWords,
} from '../../src/domain/wording.ts';

test.each([
  [0, 'under 1 s'],
  [-5_000, 'under 1 s'],
  [45_000, '45 s'],
  [200_000, '3 min 20 s'],
  [180_000, '3 min'],
  [8_040_000, '2 h 14 min'],
  [7_205_000, '2 h'],
  [97_200_000, '1 d 3 h'],
  [40 * 86_400_000, '40 d'],
])('%i ms are %s', (ms, inWords) => {
  expect(durationInWords(ms)).toBe(inWords);
});

test.each([
  [-1, 'less than a minute'],
  [59_999, 'less than a minute'],
  [73_000, 'about 1 min'],
  [983_000, 'about 16 min'],
  [59.6 * 60_000, 'about 1 h'],
  [7_980_000, 'about 2 h 15 min'],
  [3_599_999, 'about 1 h'],
  [3_720_000, 'about 1 h'],
  [3_780_000, 'about 1 h 5 min'],
  [86_390_000, 'about 1 d'],
  [86_400_000 + 29 * 60_000, 'about 1 d'],
  [86_400_000 + 40 * 60_000, 'about 1 d 1 h'],
  [98_900_000, 'about 1 d 3 h'],
])('%i ms to go are %s', (ms, inWords) => {
  expect(estimateInWords(ms)).toBe(inWords);
});

test.each([
  [120, '120 per second'],
  [2.54, '2.5 per second'],
  [0.2, '12 per minute'],
  [0.001, '3.6 per hour'],
  [1234.5, '1,235 per second'],
  [1, '1 per second'],
  [1 / 60, '1 per minute'],
  [9.96, '10 per second'],
  [10.4, '10 per second'],
])('%d messages a second are %s', (rate, inWords) => {
  expect(rateInWords(rate)).toBe(inWords);
});

test('percentages are never rounded up to 100', () => {
  expect([0, 0.619, 0.9999, 1].map(percentInWords)).toEqual(['0%', '61%', '99%', '100%']);
});

test('one message is singular', () => {
  expect([0, 1, 1200].map(messagesInWords)).toEqual(['0 messages', '1 message', '1,200 messages']);
});

test('a count has thousands separators', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (count) => {
      expect(countInWords(count)).toBe(count.toLocaleString('en-US'));
    }),
  );
});

test('a time names its zone, and an impossible one is called unknown', () => {
  expect([timeInWords(Date.UTC(2026, 10, 24, 2, 5)), timeInWords(Number.NaN)]).toEqual([
    '2026-11-24 02:05 UTC',
    'an unknown time',
  ]);
});

test('every duration makes sense', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e15, max: 1e15, noNaN: true }), (ms) => {
      expect(durationInWords(ms)).toMatch(/^(under 1 s|\d+ (d|h|min|s)( \d+ (h|min|s))?)$/);
    }),
  );
});
