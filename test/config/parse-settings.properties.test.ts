import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { describeFaults } from '../../src/config/fault.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { goodSettings } from './settings-text.ts';

/** For any text: settings whose queues all have a role, or faults with their positions in the text. */
function expectAnAnswer(text: string) {
  const parsed = parseSettings(text);
  if (parsed.ok) {
    expect(parsed.settings.queues.length).toBeGreaterThan(0);
    return;
  }
  const lines = text.split(/\r\n|\r|\n/).length;
  expect(parsed.faults.length).toBeGreaterThan(0);
  for (const { line = 1, message } of parsed.faults) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines);
    expect(message).toMatch(/^[^\n]+$/);
  }
  expect(describeFaults('f', parsed.faults).split('\n')).toHaveLength(parsed.faults.length);
}

const yamlMarks = fc.constantFrom(
  '\n',
  '\r\n',
  '\n  ',
  '- ',
  ': ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '&a ',
  '*a',
  '# ',
  '---\n',
  '%',
  '!t ',
  '| ',
  '\t',
  '? ',
  '<<',
  '\u2028',
);
const names = fc.constantFrom(
  'accounts',
  'queues',
  'watch',
  'access',
  'id',
  'arn',
  'roleArn',
  'channels',
  '__proto__',
  'constructor',
  'toString',
  'minPollSeconds',
);

describe('no text is too odd for parseSettings', () => {
  test('any text at all', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), expectAnAnswer));
  });

  test('text that looks like YAML', () => {
    const text = fc.array(fc.oneof(yamlMarks, names, fc.string()), { maxLength: 30 });
    fc.assert(fc.property(text, (parts) => expectAnAnswer(parts.join(''))));
  });

  test('good settings with something put in or cut out', () => {
    const place = fc.nat(goodSettings.length);
    fc.assert(
      fc.property(place, fc.nat(20), fc.oneof(yamlMarks, names, fc.string()), (at, cut, put) =>
        expectAnAnswer(goodSettings.slice(0, at) + put + goodSettings.slice(at + cut)),
      ),
    );
  });

  test('right keys with any values', () => {
    const value = fc.oneof(fc.jsonValue(), fc.constant('arn:aws:sqs:eu-west-1:111122223333:a'));
    const map = fc.dictionary(fc.oneof(names, fc.string()), fc.oneof(value, fc.dictionary(names, value)));
    const file = fc.record({ accounts: map, queues: map, watch: map, access: map }, { requiredKeys: [] });
    fc.assert(fc.property(file, (content) => expectAnAnswer(stringify(content))));
  });

  test.each([
    ['nested a hundred thousand deep', '['.repeat(100_000)],
    ['a value inside itself', 'queues: &a [*a]'],
    ['an alias of nothing', 'queues: *nothing'],
    [
      'aliases that multiply',
      `a: &a [x]\n${[...'bcdefghijk'].map((c, i) => `${c}: &${c} [${`*${'abcdefghij'[i]},`.repeat(9)}]`).join('\n')}`,
    ],
    [
      'YAML 1.1 with its own types',
      '%YAML 1.1\n---\nqueues: !!set {a, b}\naccounts: !!binary aGk=\nwatch: 2020-01-01',
    ],
  ])('%s', (_what, text) => expectAnAnswer(text));
});
