import { expect, test } from 'vitest';
import { createCardOrder } from '../../../src/slack/card-order.ts';
import { createSlackNotifier } from '../../../src/slack/notifier/slack-notifier.ts';
import { aBotIdentity, aQueue, aTask, now } from '../../support/builders.ts';
import { recordedLog } from '../../support/recorded.ts';
import { clientAnsweredBy, slackInProcess } from '../../support/slack-in-process.ts';

test('edits that Slack takes only as plain text stay within its limits', async () => {
  let clock = now;
  const slack = slackInProcess(() => clock);
  slack.answers({ answer: 'invalid_blocks', when: (_, { blocks }) => blocks !== '[]' });
  const { log } = recordedLog();
  const notifier = createSlackNotifier({
    client: clientAnsweredBy(slack.send, log),
    ...{ identity: aBotIdentity, cards: createCardOrder(), queueOf: () => aQueue(), log, clock: () => clock },
  });
  const task = aTask({ status: 'COMPLETED' });
  const facts = { queueArn: aQueue().arn, task, seenAt: now, earlier: [], watchers: [], notListed: false };
  let waiting = Array.from({ length: 60 }, (_, index) => ({ channel: 'C1', ts: `100.${index}` }));
  for (; clock < now + 60_000; clock += 1_000) {
    const attempts = waiting.map((card) =>
      notifier.notify({
        ...{
          kind: 'card',
          card,
          state: { ...facts, final: true },
          fallback: {},
          keep: async () => undefined,
        },
      }),
    );
    const results = await Promise.all(attempts);
    waiting = waiting.filter((_, index) => results[index]?.kind !== 'delivered');
  }
  // Two for each card.
  expect(slack.calls.length).toBeLessThanOrEqual(51);
  expect(60 - waiting.length).toBeGreaterThanOrEqual(22);
});
