import { describe, expect, test } from 'vitest';
import type { LocalSlack } from '../../../sandbox/slack/local-slack.ts';
import type { Notification } from '../../../src/domain/watch/notification.ts';
import type { Delivery, Notifier } from '../../../src/operations/watching/notifier.ts';
import { fetchBotIdentity } from '../../../src/slack/bot-identity.ts';
import { createCardOrder } from '../../../src/slack/card-order.ts';
import { createSlackNotifier } from '../../../src/slack/notifier/slack-notifier.ts';
import { boltLogger, promptClient } from '../../../src/slack/slack-client.ts';
import { botToken, startTestSlack } from '../../sandbox/slack/test-workspace.ts';
import { aQueue, now } from '../../support/builders.ts';

const queue = aQueue();
const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

/** The notifier against the local Slack, with a clock that only a test moves. */
async function withNotifier(
  work: (given: { notifier: Notifier; slack: LocalSlack; pass(ms: number): void }) => Promise<void>,
) {
  const slack = await startTestSlack();
  const client = promptClient({ botToken, apiUrl: slack.apiUrl, logger: boltLogger(log) });
  let clock = now;
  const notifier = createSlackNotifier({
    client,
    identity: await fetchBotIdentity(client),
    cards: createCardOrder(),
    queueOf: () => queue,
    log,
    clock: () => clock,
  });
  try {
    await work({
      notifier,
      slack,
      pass: (ms) => {
        clock += ms;
      },
    });
  } finally {
    await slack.stop();
  }
}

async function aCardIn(slack: LocalSlack) {
  await slack.as('UANN').types('CGENERAL', 'the card');
  const ts = slack.messages('CGENERAL').at(-1)?.ts ?? '';
  return { channel: 'CGENERAL', ts };
}

type Card = { channel: string; ts: string };

function notification(card: Card, key: string, what: Notification, doubt = false): Delivery {
  const facts = {
    queueArn: queue.arn,
    startedAt: now,
    card,
    watchers: ['UANN'],
    fallback: {},
    keep: async () => undefined,
    since: now,
  };
  return { kind: 'notification', ...facts, key, notification: what, doubt };
}

function joined(card: Card, key: string, doubt = false): Delivery {
  return notification(card, key, { kind: 'joined', user: 'UANN' }, doubt);
}

function ended(card: Card, key: string): Delivery {
  const task = { status: 'COMPLETED' as const, statusText: 'COMPLETED', moved: 3, toMove: 3, startedAt: now };
  return notification(card, key, { kind: 'ended', task, timing: { atMostMs: 5_000 } });
}

describe('the notifier', () => {
  test('reports that a doubtful notification was already there', () =>
    withNotifier(async ({ notifier, slack, pass }) => {
      const card = await aCardIn(slack);
      const first = await notifier.notify(joined(card, 'w/joined/UANN'));
      pass(2_000);
      const again = await notifier.notify(joined(card, 'w/joined/UANN', true));
      const ts = slack.thread('CGENERAL', card.ts).at(-1)?.ts ?? '';
      expect([first, again]).toEqual([
        { kind: 'delivered', message: { channel: 'CGENERAL', ts } },
        { kind: 'delivered', message: { channel: 'CGENERAL', ts }, found: true },
      ]);
    }));

  test('posts one notice a second in a channel, and an end before those who only joined', () =>
    withNotifier(async ({ notifier, slack, pass }) => {
      const card = await aCardIn(slack);
      const waits = [
        await notifier.notify(joined(card, '1/joined')),
        await notifier.notify(joined(card, '2/joined')),
        await notifier.notify(ended(card, '3/ended')),
      ].map((result) => (result.kind === 'wait' ? result.afterMs : result.kind));
      expect(waits).toEqual(['delivered', 1_000, 1_000]);
      pass(1_000);
      expect((await notifier.notify(joined(card, '2/joined'))).kind).toBe('wait');
      expect((await notifier.notify(ended(card, '3/ended'))).kind).toBe('delivered');
    }));
});
