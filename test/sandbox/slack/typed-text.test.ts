import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LocalSlack } from '../../../sandbox/slack/local-slack.ts';
import { startTestSlack } from './test-workspace.ts';

let slack: LocalSlack;

beforeEach(async () => {
  slack = await startTestSlack();
});
afterEach(() => slack.stop());

test.each([
  ['orders-dlq is full', 'orders-dlq is full'],
  ['a < b & c', 'a &lt; b &amp; c'],
  ['see https://x.example/a?b=1&c=2.', 'see <https://x.example/a?b=1&amp;c=2>.'],
  ['@dlq-tasks orders-dlq', '<@UBOT> orders-dlq'],
  ['@ann and @annie, me@ann', '<@UANN> and @annie, me@ann'],
  ['in #ops', 'in <#COPS|ops>'],
  ['<@UBOT> picked', '<@UBOT> picked'],
])('%j is stored as %j', async (typed, stored) => {
  await slack.as('UBOB').types('CRANDOM', typed);
  expect(slack.messages('CRANDOM')[0]?.text).toBe(stored);
});
