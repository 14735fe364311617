import { describe, expect, test } from 'vitest';
import { createLiveLine } from '../../src/cli/terminal.ts';

function aScreen(isTty: boolean, columns = 80) {
  const written: string[] = [];
  return { written, line: createLiveLine({ write: (text) => written.push(text), isTty, columns }) };
}

const wipe = '\r\u001b[2K';

describe('on a terminal', () => {
  test('redraws one line, and keeps messages above it', () => {
    const { written, line } = aScreen(true);
    line.show('10%');
    line.show('20%');
    line.say('No progress for 15 min.');
    line.end();
    expect(written).toEqual(['10%', wipe, '20%', wipe, 'No progress for 15 min.\n', '20%', wipe]);
  });

  test('never wraps a line, because its upper part could not be erased', () => {
    const { written, line } = aScreen(true, 10);
    line.show('0123456789abc');
    expect(written).toEqual(['01234567…']);
  });

  test('may keep the last line', () => {
    const { written, line } = aScreen(true);
    line.show('10%');
    line.end(true);
    expect(written).toEqual(['10%', '\n']);
  });
});

test('writes a line per change to a file, and repeats or erases nothing', () => {
  const { written, line } = aScreen(false, 3);
  line.show('10 percent');
  line.show('10 percent');
  line.say('Hello.');
  line.show('20 percent');
  line.end(true);
  expect(written).toEqual(['10 percent\n', 'Hello.\n', '20 percent\n']);
});
