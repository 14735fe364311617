import { expect, test } from 'vitest';
import { inMarkdown } from '../../bench/shared/result.ts';
import { benchStartUp } from '../../bench/start-up/bench.ts';
import { figuresIn, patiently } from './figures-in.ts';

test('servers and functions start, and their first answers are timed', patiently, async () => {
  const result = await benchStartUp('quick');
  expect(inMarkdown(result, 'a machine')).toContain('| --- | --: |');
  expect(figuresIn(result.figures['cases'])).toBeGreaterThan(0);
});
