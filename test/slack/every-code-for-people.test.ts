import { describe, expect, test } from 'vitest';
import { createCardOrder } from '../../src/slack/card-order.ts';
import { deliver } from '../../src/slack/deliver.ts';
import { classOf } from '../../src/slack/error-codes.ts';
import type { Reply } from '../../src/slack/reply.ts';
import type { SlackRequest } from '../../src/slack/request.ts';
import { boltLogger, promptClient } from '../../src/slack/slack-client.ts';
import { cardView } from '../../src/slack/views/card.ts';
import { aBotIdentity, aCard, now } from '../support/builders.ts';
import { recordedLog } from '../support/recorded.ts';
import { knownCodes } from '../support/slack-codes.ts';
import { type Answer, oddAnswers, slackInProcess } from '../support/slack-in-process.ts';

const apiUrl = 'https://slack.test/api/';
const codes = [...knownCodes, 'a_code_never_seen_before'];
const person = { userId: 'UANN', channelId: 'C1', isExternal: false };
const responseUrl = 'https://hooks.slack.com/commands/T1/1/x';
const typed: SlackRequest = { what: 'command', person, text: 'orders-dlq', responseUrl, answerKey: 'ev1' };
const clicked: SlackRequest = {
  what: 'refresh',
  person,
  text: '{}',
  responseUrl,
  clicked: { channel: 'C1', ts: '1.1' },
};
const card = cardView(aCard());

type When = (method: string, args: Record<string, string>) => boolean;

async function delivered(to: Reply['to'], request: SlackRequest, answer: Answer, when: When = () => true) {
  const { log, lines } = recordedLog();
  const slack = slackInProcess(() => now);
  slack.answers({ answer, when });
  const fetch = slack.send;
  const client = promptClient({
    botToken: 'xoxb-test',
    apiUrl,
    logger: boltLogger({ ...log, debug: () => undefined }),
    fetch,
  });
  const reply: Reply = { to, message: card, outcome: 'RUNNING' };
  await deliver(reply, request, {
    client,
    apiUrl,
    identity: aBotIdentity,
    cards: createCardOrder(),
    log,
    fetch,
    errorId: 'E-1',
  });
  expect(JSON.stringify([lines, slack.privately])).not.toContain('DOCTYPE');
  return { words: slack.privately, said: slack.said(), lines };
}

/** What the message must tell a person: to try again, or who can fix it. */
function helpFor(code: string): RegExp {
  if (code.startsWith('restricted_action')) return /Posting here is restricted .* Ask a channel or workspace/;
  switch (classOf(code)) {
    case 'in-doubt':
      return /didn't confirm the (post|edit) \(`\w+`\)\..* try again|Try again/i;
    case 'rate-limited':
      return /Slack is rate-limiting (posts|edits).*Try again in/;
    case 'operator':
      return /\. Tell whoever runs the bot\.|the bot needs the scope/;
    case 'message-gone':
      return /Ask for the queue again to get a new card\.|Try again in a minute/;
    default:
      return /Try again in a minute|is archived|Type `\/invite @dlq-tasks`|Ask in the channel\./;
  }
}

describe.each([
  ['types a command', 'channel' as const, typed],
  ['clicks on a card', 'clicked' as const, clicked],
])('who %s', (_what, to, request) => {
  test.each(codes)('and Slack returns %s: one private answer, which says what helps', async (code) => {
    const { words, lines } = await delivered(to, request, code);
    expect(words).toHaveLength(1);
    expect(words[0]).toMatch(helpFor(code));
    expect(lines.some(({ level, errorId }) => level === 'warn' && errorId === 'E-1')).toBe(true);
  });

  test.each(Object.entries(oddAnswers))(
    'and Slack returns %s: asks them to try again',
    async (_name, answer) => {
      const { words } = await delivered(to, request, answer);
      expect(words).toHaveLength(1);
      expect(words[0]).toMatch(/try again/i);
      expect(words[0]).not.toMatch(/undefined|NaN|DOCTYPE/);
    },
  );
});

test.each(codes.filter((code) => classOf(code) === 'content'))(
  'a card whose blocks Slack refuses (%s) is posted as text',
  async (answer) => {
    const { said, words } = await delivered(
      'channel',
      typed,
      answer,
      (_method, { blocks }) => blocks !== undefined,
    );
    expect(said).toMatchObject([{ channel: 'C1', text: card.text, blocks: 0, key: 'ev1' }]);
    expect(words).toEqual([]);
  },
);

test.each(codes.filter((code) => classOf(code) === 'metadata'))(
  'an answer whose metadata Slack refuses (%s) is posted without',
  async (answer) => {
    const { said } = await delivered(
      'channel',
      typed,
      answer,
      (_method, { metadata }) => metadata !== undefined,
    );
    expect(said).toMatchObject([{ channel: 'C1', text: card.text }]);
  },
);
