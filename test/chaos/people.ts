import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';
import type { PageMessage } from '../../sandbox/slack/page-contract.ts';

type Slack = Pick<LocalSlack, 'as' | 'messages'>;
export type CardAt = { channel: string; ts: string };

/** Types the command until a card with a Watch button is there, as a person without an answer does. */
export async function askForCard(
  slack: Slack,
  person: string,
  channel: string,
  queue: string,
): Promise<CardAt> {
  for (;;) {
    const answer = await slack.as(person).types(channel, `/dlq-tasks ${queue}`);
    // Crowds that retry at once would keep a server busy that has just started.
    const patience = answer.ok ? 1_500 : 400;
    for (let waited = 0; waited < patience; waited += 20) {
      const card = slack.messages(channel).find((message) => isWatchable(message, queue));
      if (card) return { channel, ts: card.ts };
      await sleep(20);
    }
  }
}

function isWatchable({ text, blocks, threadTs }: PageMessage, queue: string): boolean {
  return !threadTs && text.startsWith(`${queue} `) && hasButton(blocks, 'Watch');
}

export function hasButton(blocks: unknown, label: string): boolean {
  return JSON.stringify(blocks ?? []).includes(`"text":"${label}"`);
}

/** Clicks until Slack shows no warning beside the button: until the bot has acknowledged. */
export async function clickUntilTaken(
  slack: Slack,
  person: string,
  card: CardAt,
  label: string,
): Promise<void> {
  for (;;) {
    const result = await slack.as(person).clicks(card, label);
    if (result.ok) return;
    await sleep(200);
  }
}
