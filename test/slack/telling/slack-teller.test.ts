import { describe, expect, test } from 'vitest';
import type { Notice } from '../../../src/domain/watch/telling.ts';
import type { Teller, ToTell } from '../../../src/operations/watching/teller.ts';
import type { LocalSlack } from '../../../src/sandbox/slack/local-slack.ts';
import { boltLogger } from '../../../src/slack/bolt-logger.ts';
import { createCardOrder } from '../../../src/slack/card-order.ts';
import { findHome } from '../../../src/slack/home.ts';
import { promptClient } from '../../../src/slack/slack-client.ts';
import { createSlackTeller } from '../../../src/slack/telling/slack-teller.ts';
import { botToken, startTestSlack } from '../../sandbox/slack/test-workspace.ts';
import { aQueue, now } from '../../support/builders.ts';

const queue = aQueue();
const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

/** The teller against the local Slack, with a clock that stands still until it is moved. */
async function withTeller(
  work: (given: { teller: Teller; slack: LocalSlack; pass(ms: number): void }) => Promise<void>,
) {
  const slack = await startTestSlack();
  const client = promptClient({ botToken, apiUrl: slack.apiUrl, logger: boltLogger(log) });
  let clock = now;
  const teller = createSlackTeller({
    client,
    home: await findHome(client),
    cards: createCardOrder(),
    queueOf: () => queue,
    log,
    clock: () => clock,
  });
  try {
    await work({
      teller,
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

function notice(card: Card, key: string, what: Notice, doubt = false): ToTell {
  const facts = {
    queueArn: queue.arn,
    startedAt: now,
    card,
    cardGone: false,
    watchers: ['UANN'],
    form: {},
    since: now,
  };
  return { kind: 'notice', ...facts, key, notice: what, doubt };
}

function joined(card: Card, key: string, doubt = false): ToTell {
  return notice(card, key, { kind: 'joined', user: 'UANN' }, doubt);
}

function ended(card: Card, key: string): ToTell {
  const task = { status: 'COMPLETED' as const, statusText: 'COMPLETED', moved: 3, toMove: 3, startedAt: now };
  return notice(card, key, { kind: 'ended', task, timing: { atMostMs: 5_000 } });
}

describe('the teller', () => {
  test('says that a notice in doubt stood there already', () =>
    withTeller(async ({ teller, slack, pass }) => {
      const card = await aCardIn(slack);
      const first = await teller.tell(joined(card, 'w/joined/UANN'));
      pass(2_000);
      const again = await teller.tell(joined(card, 'w/joined/UANN', true));
      const ts = slack.thread('CGENERAL', card.ts).at(-1)?.ts ?? '';
      expect([first, again]).toEqual([
        { kind: 'told', message: { channel: 'CGENERAL', ts } },
        { kind: 'told', message: { channel: 'CGENERAL', ts }, found: true },
      ]);
    }));

  test('posts one notice a second in a channel, and an end before those who only joined', () =>
    withTeller(async ({ teller, slack, pass }) => {
      const card = await aCardIn(slack);
      const waits = [
        await teller.tell(joined(card, '1/joined')),
        await teller.tell(joined(card, '2/joined')),
        await teller.tell(ended(card, '3/ended')),
      ].map((told) => (told.kind === 'wait' ? told.afterMs : told.kind));
      expect(waits).toEqual(['told', 1_000, 1_000]);
      pass(1_000);
      expect((await teller.tell(joined(card, '2/joined'))).kind).toBe('wait');
      expect((await teller.tell(ended(card, '3/ended'))).kind).toBe('told');
    }));
});
