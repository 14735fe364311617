import { expect, test } from 'vitest';
import { inMarkdown } from '../../bench/shared/result.ts';
import { benchSlackBudget } from '../../bench/slack-budget/bench.ts';
import { patiently } from './figures-in.ts';

test('many watches tell what they see, and what Slack took is counted', patiently, async () => {
  const result = await benchSlackBudget('quick');
  expect(result.figures).toMatchObject({
    editsSent: expect.any(Number),
    refused429: expect.any(Number),
    stalestCardMs: expect.any(Number),
    endNoticeDelayMs: { p50: expect.any(Number), max: expect.any(Number) },
  });
  expect(inMarkdown(result, 'a machine')).toContain('| answers 429 |');
});
