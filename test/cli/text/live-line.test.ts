import { describe, expect, test } from 'vitest';
import { createLiveLine } from '../../../src/cli/text/live-line.ts';

function aScreen(isTty: boolean, columns = 80) {
  const written: string[] = [];
  return { written, line: createLiveLine({ write: (text) => written.push(text), isTty, columns }) };
}

const wipe = '\r\u001b[2K';

describe('on a terminal', () => {
  test('one line is drawn over again, and what is said stays above it', () => {
    const { written, line } = aScreen(true);
    line.show('10%');
    line.show('20%');
    line.say('No progress for 15 min.');
    line.end();
    expect(written).toEqual(['10%', wipe, '20%', wipe, 'No progress for 15 min.\n', '20%', wipe]);
  });

  test('a line never wraps, since its upper part could not be wiped', () => {
    const { written, line } = aScreen(true, 10);
    line.show('0123456789abc');
    expect(written).toEqual(['01234567…']);
  });

  test('the last line may be left standing', () => {
    const { written, line } = aScreen(true);
    line.show('10%');
    line.end(true);
    expect(written).toEqual(['10%', '\n']);
  });
});

test('in a file every change is a line, and nothing is repeated or wiped', () => {
  const { written, line } = aScreen(false, 3);
  line.show('10 percent');
  line.show('10 percent');
  line.say('Hello.');
  line.show('20 percent');
  line.end(true);
  expect(written).toEqual(['10 percent\n', 'Hello.\n', '20 percent\n']);
});
