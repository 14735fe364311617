import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkShortcut } from '../../src/slack/commands.ts';
import { startTestBot, type TestBot } from '../support/bot.ts';
import { aQueue, aTask } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';
import { longestMessage, repeated } from '../support/floods.ts';

const orders = aQueue();
const twin = aQueue({ region: 'us-east-1', alias: 'orders-us' });

let bot: TestBot;
beforeEach(async () => {
  const aws = fakeMoveTasks();
  aws.lists(aTask());
  const { callbackId, name } = checkShortcut;
  const slack = { shortcuts: [{ callbackId, name }] };
  bot = await startTestBot({ moveTasks: aws, queues: [orders, twin], slack });
});
afterEach(() => bot[Symbol.asyncDispose]());

const messages: [string, string][] = [
  ['backslashes', repeated('\\')],
  ['a link without end', `http://${';'.repeat(longestMessage - 50)}/123456789012/q`],
  ['a listed name, again and again', repeated('orders-dlq ')],
  ['half of an ARN, again and again', repeated('arn:aws:sqs:')],
  ['alarms without end', repeated('orders-dlq-')],
  ['half of an emoji, again and again', repeated(':a')],
  ['links that never close', repeated('<a|')],
  ['escapes', repeated('%25')],
];

test.each(messages)('a message of 40,000 characters delays no one: %s', async (_what, text) => {
  const payload = {
    type: 'message_action',
    callback_id: checkShortcut.callbackId,
    user: { id: 'UEVE', team_id: 'T1' },
    team: { id: 'T1' },
    channel: { id: 'CGENERAL' },
    message_ts: '1.2',
    message: { ts: '1.2', text },
  };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const startedAt = performance.now();
  const [shortcut] = await Promise.all([
    bot.slack.deliver({ body }),
    bot.slack.as('UANN').types('CGENERAL', '/dlq-tasks help'),
  ]);
  await bot.settled();
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect(shortcut?.status).toBe(200);
  expect(bot.slack.privateWords('UANN')).toHaveLength(1);
});
