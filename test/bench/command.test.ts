import { expect, test } from 'vitest';
import { benchCommand } from '../../bench/command/bench.ts';
import { inMarkdown } from '../../bench/shared/result.ts';
import { figuresIn, patiently } from './figures-in.ts';

test('people type commands, and their acknowledgements and cards are timed', patiently, async () => {
  const result = await benchCommand('quick');
  expect(inMarkdown(result, 'a machine')).toContain('| --- | --: |');
  expect(figuresIn(result.figures['contests'])).toBeGreaterThan(0);
});
