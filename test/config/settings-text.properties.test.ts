import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { withEntries } from '../../src/config/settings-text.ts';

const arn = (name: string) => `arn:aws:sqs:eu-west-1:111122223333:${name}`;
const added = [
  { name: 'new-dlq', value: arn('new-dlq'), comment: 'DLQ of new' },
  { name: '123', value: arn('123') },
];
const role = 'arn:aws:iam::111122223333:role/status';

const comment = fc.constantFrom('', ' # why', '     # aligned', '\t# after a tab');
const gap = fc.constantFrom('', '\n', '\n\n\n', '# between\n');
const by = fc.constantFrom(1, 2, 4, 8);
const entry = fc.tuple(comment, comment, fc.boolean()).map(([first, second, isMap]) => {
  return (name: string, indent: string) =>
    isMap
      ? `${indent}${name}:${first}\n${indent}  arn: ${arn(name)}${second}\n${indent}  channels: [C0123,   C0456]\n`
      : `${indent}${name}: ${arn(name)}${second}\n`;
});
const settings = fc
  .tuple(by, fc.array(fc.tuple(entry, gap), { minLength: 1, maxLength: 4 }), gap, fc.boolean(), fc.boolean())
  .map(([indent, entries, end, isLast, isWindows]) => {
    const queues = `queues:${'\n'}${entries
      .map(([write, after], i) => `${write(`queue-${i}`, ' '.repeat(indent))}${after}`)
      .join('')}`;
    const accounts = `accounts:   # ours\n  prod: { id: "111122223333",  roleArn: "${role}" }\n`;
    const text = isLast ? `${accounts}${end}${queues}` : `${queues}${end}${accounts}watch: {} # none\n`;
    return isWindows ? text.replaceAll('\n', '\r\n') : text;
  });

describe('entries added to the settings', () => {
  test('leave existing lines alone, whatever their style', () => {
    fc.assert(
      fc.property(settings, fc.boolean(), (whole, isCut) => {
        const text = isCut ? whole.trimEnd() : whole;
        const result = withEntries(text, 'queues', added);
        const lines = (some: string) => some.split(/(?<=\n)/).map((line) => line.trimEnd());
        const without = lines(result).filter((line) => !/new-dlq|123":/.test(line));
        expect(without.join('\n').trimEnd()).toBe(lines(text).join('\n').trimEnd());
        expect(result.includes('\r\n')).toBe(text.includes('\r\n'));
        const before = parse(text);
        expect(parse(result)).toEqual({
          ...before,
          queues: { ...before.queues, 'new-dlq': arn('new-dlq'), '123': arn('123') },
        });
        expect(parseSettings(result).ok).toBe(true);
      }),
    );
  });

  test.each([
    ['an empty map', 'queues: {} # none yet\n'],
    ['a map on one line', `queues: { old-dlq: "${arn('old-dlq')}" } # old\n`],
    ['nothing', 'queues:\n'],
    ['no section at all', ''],
  ])('are added to %s, and comments stay', (_what, queues) => {
    const text = `# ours\naccounts: { prod: { id: "111122223333", roleArn: "${role}" } } # one\n${queues}`;
    const result = withEntries(text, 'queues', added);
    expect(parse(result).queues).toEqual({
      ...parse(text).queues,
      'new-dlq': arn('new-dlq'),
      '123': arn('123'),
    });
    expect(result.match(/#[^\n]*/g)).toEqual(expect.arrayContaining(text.match(/# \w[^\n]*/g) ?? []));
  });
});
