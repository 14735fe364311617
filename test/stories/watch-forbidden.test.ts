import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { orders, payments, type ServerStage, startServerStage } from '../support/server-stage.ts';

/** The settings change between two runs of the real server, the first of which is killed. */

const within = { timeout: 30_000, interval: 50 };
const patience = { timeout: 90_000 };
const notWatched =
  "🛑 No longer watched: the bot's settings don't allow this queue in this channel anymore. This is its last known state";

let stage: ServerStage;
beforeEach(async () => {
  stage = await startServerStage();
  stage.aws.script(orders.arn, [[task]]);
});
afterEach(() => stage[Symbol.asyncDispose]());

const ours = (channel = 'CGENERAL') =>
  stage.slack.messages(channel).filter(({ author }) => author === 'UBOT');
const cards = () => ours().filter(({ threadTs }) => threadTs === undefined);
const toAnn = () => stage.slack.privateWords('UANN').map(({ text }) => text);
const isWatchedByAnn = ({ text }: { text: string }) => text.includes('Watched by <@UANN>');

const task = {
  Status: 'RUNNING',
  StartedTimestamp: Date.now() - 120_000,
  ApproximateNumberOfMessagesMoved: 620,
  ApproximateNumberOfMessagesToMove: 1_000,
};
const failed = { ...task, Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' };

async function settle(settings: object): Promise<void> {
  const accounts = { prod: { id: orders.accountId, roleArn: orders.role.arn } };
  const watch = { minPollSeconds: 1, maxPollSeconds: 1 };
  await writeFile(stage.config, stringify({ accounts, watch, ...settings }));
}

/** Ann watches a card in CGENERAL; then the server is killed. */
async function watchedAndKilled() {
  await settle({ queues: { 'orders-dlq': orders.arn } });
  const server = await stage.open();
  await stage.slack.as('UANN').types('CGENERAL', '/dlq-tasks watch orders-dlq');
  await expect.poll(() => cards().some(isWatchedByAnn), within).toBe(true);
  const [card] = cards();
  if (!card) throw new Error('There is no card.');
  await expect.poll(() => stage.slack.thread('CGENERAL', card.ts).length, within).toBe(2);
  server.signal('SIGKILL');
  await server.exit();
  return card;
}

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
  'an operator who %s ends its watches: the card says so, and no one is notified',
  patience,
  async (_, changed, why) => {
    const { channel, ts } = await watchedAndKilled();
    stage.aws.script(orders.arn, [[failed]]);
    await settle(changed);
    const asked = stage.aws.requests.length;
    await using server = await stage.open();
    await expect.poll(() => cards()[0]?.text, within).toContain(notWatched);
    expect(cards()[0]?.text).toContain('🔄 Running · 62%');
    expect(JSON.stringify(cards()[0]?.blocks)).not.toMatch(/action_id|Watched by/);
    expect(
      stage.slack
        .thread(channel, ts)
        .slice(1)
        .map(({ text }) => text),
    ).toEqual(['👀 <@UANN> is watching this redrive.']);
    expect([ours().length, ours('COPS').length, stage.aws.requests.length]).toEqual([1, 0, asked]);
    expect(server.lines().filter(({ msg }) => String(msg).startsWith('watch ended'))).toMatchObject([
      { channel: 'CGENERAL', queue: orders.arn, watchers: ['UANN'], dropped: 0, why },
    ]);
  },
);

test(
  'an operator who removes someone from the list lets them unwatch, and nothing else',
  patience,
  async () => {
    const card = await watchedAndKilled();
    await settle({ queues: { 'orders-dlq': orders.arn }, access: { users: ['UBOB'] } });
    await using server = await stage.open();
    await stage.slack.as('UANN').clicks(card, 'Refresh');
    await expect.poll(toAnn, within).toEqual([expect.stringContaining("🔒 You're not on the list")]);
    await stage.slack.as('UANN').clicks(card, 'Unwatch');
    await expect.poll(() => cards().some(isWatchedByAnn), within).toBe(false);
    expect([toAnn().length, server.isRunning()]).toEqual([1, true]);
  },
);

test(
  'an operator who announces a queue where the bot may not be used is told so at startup',
  patience,
  async () => {
    const followed = { arn: orders.arn, notify: 'CGENERAL' };
    await settle({ queues: { 'orders-dlq': followed }, access: { channels: ['COPS'] } });
    await using server = stage.spawn();
    expect(await server.exit()).toMatchObject({ code: 1 });
    expect(server.stderr()).toContain(
      'dlq-tasks.yml:11 queues.orders-dlq.notify: is CGENERAL, which is not in access.channels (COPS)',
    );
  },
);
