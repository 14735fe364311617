import { expect, test } from 'vitest';
import { inMarkdown } from '../../bench/shared/result.ts';
import { benchWatches } from '../../bench/watches/bench.ts';
import { figuresIn, patiently } from './figures-in.ts';

test('many watches outlive a kill -9, and their turns are timed', patiently, async () => {
  const result = await benchWatches('quick');
  expect(inMarkdown(result, 'a machine')).toContain('| --- | --: |');
  expect(figuresIn(result.figures['sizes'])).toBeGreaterThan(0);
});
