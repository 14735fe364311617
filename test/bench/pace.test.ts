import { expect, test } from 'vitest';
import { benchPace } from '../../bench/pace/bench.ts';
import { inMarkdown } from '../../bench/shared/result.ts';
import { figuresIn, patiently } from './figures-in.ts';

test('redrives are followed at several paces, and their looks are counted', patiently, async () => {
  const result = await benchPace('quick');
  expect(inMarkdown(result, 'a machine')).toContain('| --- | --: |');
  expect(figuresIn(result.figures['paces'])).toBeGreaterThan(0);
});
