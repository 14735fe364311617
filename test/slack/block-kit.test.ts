import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visible } from '../../src/domain/wording.ts';
import { cutAsCounted } from '../../src/slack/block-kit.ts';

test.each([
  ['a'.repeat(99), 'a'.repeat(99)],
  ['a'.repeat(100), `${'a'.repeat(99)}…`],
  ['🙈🙈🙈🙈', '🙈🙈🙈…'],
  ['👩‍💻👩‍💻', '👩‍💻…'],
])('%s is cut where Slack counts a hundred characters', (text, shown) => {
  expect(cutAsCounted(text, 100)).toBe(shown);
});

test('cuts nothing within an emoji, and nothing that fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      const shown = cutAsCounted(text, 300);
      expect(text.startsWith(shown.replace(/…$/, ''))).toBe(true);
      expect(shown.isWellFormed()).toBe(true);
      if (/^[ -~]*$/.test(text)) expect(shown).toBe(text);
    }),
  );
});

test.each([
  ['👩‍💻 is on it', '👩‍💻 is on it'],
  ['می‌خواهم', 'می‌خواهم'],
  ['a\u202Eb\u200Bc\u200D', 'abc'],
  ['a \u202E b', 'a b'],
  ['\u200D\u200C', ''],
])('%j is visible as %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
});
