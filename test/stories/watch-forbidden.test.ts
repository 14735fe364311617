import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { orders, payments, type ServerStage, startServerStage } from '../support/server-stage.ts';

/** The settings change between two runs of the real server, of which the first is killed. */

const within = { timeout: 30_000, interval: 50 };
const patience = { timeout: 90_000 };
const account = { prod: { id: orders.accountId, roleArn: orders.role.arn } };
const notWatched = "🛑 Not watched any more: the bot's settings no longer allow this queue in this channel.";

let stage: ServerStage;
beforeEach(async () => {
  stage = await startServerStage();
});
afterEach(() => stage[Symbol.asyncDispose]());

const ours = (channel = 'CGENERAL') =>
  stage.slack.messages(channel).filter(({ author }) => author === 'UBOT');
const cards = () => ours().filter(({ threadTs }) => threadTs === undefined);
const repliesTo = (card: { channel: string; ts: string }) =>
  stage.slack.thread(card.channel, card.ts).slice(1);
const actionIdsOf = ({ blocks }: { blocks?: unknown }) =>
  [...JSON.stringify(blocks).matchAll(/"action_id":"([^"]+)"/g)].map(([, id]) => id);

const startedAt = Date.now() - 120_000;
const task = {
  Status: 'RUNNING',
  StartedTimestamp: startedAt,
  ApproximateNumberOfMessagesMoved: 620,
  ApproximateNumberOfMessagesToMove: 1_000,
};
const failed = { ...task, Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' };

async function settle(settings: object): Promise<void> {
  const watch = { minPollSeconds: 1, maxPollSeconds: 1, followEverySeconds: 5 };
  await writeFile(stage.config, stringify({ accounts: account, watch, ...settings }));
}

/** Ann watches a card that stands in CGENERAL; then the server is killed. */
async function watchedAndKilled(seen: (card: { text: string }) => boolean): Promise<void> {
  const server = await stage.open();
  await stage.slack.as('UANN').types('CGENERAL', '/dlq-tasks watch orders-dlq');
  await expect.poll(() => cards().some(seen), within).toBe(true);
  server.signal('SIGKILL');
  await server.exit();
}
const watchedByAnn = ({ text }: { text: string }) => text.includes('Watched by <@UANN>');

test.each([
  ['lists the queue no more', { queues: { 'payments-dlq': payments.arn } }, 'the queue is not listed'],
  [
    'keeps the queue for another channel',
    { queues: { 'orders-dlq': { arn: orders.arn, channels: ['COPS'] } } },
    'the queue is for other channels',
  ],
  [
    'keeps the bot to another channel',
    { queues: { 'orders-dlq': orders.arn }, access: { channels: ['COPS'] } },
    'the bot is for other channels',
  ],
])(
  'who %s ends its watches: the card says so, and nobody hears of the failure',
  patience,
  async (_, changed, why) => {
    stage.aws.script(orders.arn, [[task]]);
    await settle({ queues: { 'orders-dlq': orders.arn } });
    await watchedAndKilled(watchedByAnn);
    const said = ours().length;
    stage.aws.script(orders.arn, [[failed]]);
    await settle(changed);
    await using server = await stage.open();
    await expect.poll(() => cards()[0]?.text, within).toContain(notWatched);
    const [card = { channel: '', ts: '', text: '' }] = cards();
    expect([actionIdsOf(card), card.text.includes('Watched by'), card.text.includes('🔄 Running')]).toEqual([
      [],
      false,
      true,
    ]);
    expect(repliesTo(card).map(({ text }) => text)).toEqual(['👀 <@UANN> watches this redrive.']);
    expect([ours().length, ours('COPS')]).toEqual([said, []]);
    expect(server.lines().filter(({ msg }) => String(msg).startsWith('a watch ends'))).toMatchObject([
      { channel: 'CGENERAL', queue: orders.arn, watchers: ['UANN'], dropped: 0, why },
    ]);
    expect(
      stage.aws.requests.filter(({ action }) => action === 'ListMessageMoveTasks').length,
    ).toBeGreaterThan(0);
    await stage.slack
      .as('UANN')
      .clicks(card, 'Unwatch', JSON.stringify({ q: orders.arn, n: 1, s: startedAt }))
      .catch(() => undefined);
  },
);
