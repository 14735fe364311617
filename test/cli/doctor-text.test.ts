import { expect, test } from 'vitest';
import { doctorJson, doctorText } from '../../src/cli/doctor-command.ts';
import { paintWith } from '../../src/cli/terminal.ts';
import { about, type Check } from '../../src/domain/doctor/check.ts';
import { phrase } from '../../src/domain/wording.ts';

const plain = paintWith(false);
const good = (n: number): Check[] =>
  Array.from({ length: n }, (_, i) => about('Queues', `queue-${i}`).ok(phrase`can be read`));
const bad = about('Queues', 'gone-dlq').fault(
  phrase`SQS knows no queue ${'gone-dlq'}.`,
  phrase`Correct the entry ${'gone'}.`,
);

test('what is wrong stands out among 200 queues', () => {
  expect(doctorText([...good(199), bad], plain).split('\n')).toEqual([
    'Queues',
    '  ✓ 199 queues: redrives and message counts are readable',
    '  ✗ gone-dlq  SQS knows no queue gone-dlq.',
    '      → Correct the entry gone.',
    '',
    '1 problem.',
  ]);
});

test('shows a few queues one by one, and counts what could not be checked', () => {
  const open = about('Clock', 'clock').unproven(phrase`Nobody tells.`, phrase`Ask again.`);
  expect(doctorText([...good(2), open], plain).split('\n')).toEqual([
    'Queues',
    '  ✓ queue-0  can be read',
    '  ✓ queue-1  can be read',
    '',
    'Clock',
    '  – clock  Nobody tells.',
    '      → Ask again.',
    '',
    'No problems found. 1 not checked.',
  ]);
});

test('a script gets every check, in words without colors', () => {
  expect(doctorJson([...good(1), bad])).toEqual({
    ok: false,
    faults: 1,
    notProven: 0,
    checks: [
      { area: 'Queues', subject: 'queue-0', verdict: 'ok', finding: 'can be read' },
      {
        area: 'Queues',
        subject: 'gone-dlq',
        verdict: 'fault',
        finding: 'SQS knows no queue gone-dlq.',
        remedy: 'Correct the entry gone.',
      },
    ],
  });
});
