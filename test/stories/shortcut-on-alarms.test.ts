import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { checkShortcut } from '../../src/slack/commands.ts';
import { startTestBot, type TestBot } from '../support/bot.ts';
import { aQueue, aTask } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';

type Example = { names: string[]; isCertain?: boolean; message: { ts: string } };

const queues = [
  aQueue(),
  aQueue({ region: 'us-east-1', alias: 'orders-us' }),
  aQueue({ name: 'payments-dlq' }),
  aQueue({ name: 'billing-events-dlq', alias: 'invoices', accountId: '444455556666', region: 'us-east-1' }),
];
const folder = new URL('../fixtures/slack-messages/', import.meta.url);
const examples = readdirSync(folder).map((file): [string, Example] => [
  file.replace('.json', ''),
  JSON.parse(readFileSync(new URL(file, folder), 'utf8')),
]);

let bot: TestBot;
afterEach(() => bot[Symbol.asyncDispose]());

test.each(examples)('Ann picks Check DLQ tasks on such a message: %s', async (_file, example) => {
  const { names, isCertain = names.length === 1, message } = example;
  const aws = fakeMoveTasks();
  aws.lists(aTask());
  const { callbackId, name } = checkShortcut;
  bot = await startTestBot({ moveTasks: aws, queues, slack: { shortcuts: [{ callbackId, name }] } });
  const payload = {
    type: 'message_action',
    callback_id: callbackId,
    user: { id: 'UANN', team_id: 'T1' },
    team: { id: 'T1' },
    channel: { id: 'CGENERAL' },
    message_ts: message.ts,
    message,
  };
  await bot.slack.deliver({ body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString() });
  await bot.settled();
  const [outcome] = bot.lines.flatMap((line) => (line.message === 'answered' ? [line['outcome']] : []));
  const arn = queues.find((queue) => names[0] === `${queue.name} in ${queue.region}`)?.arn;
  const asked = arn ?? queues.find((queue) => queue.name === names[0])?.arn;
  if (isCertain) {
    expect([outcome, aws.asked]).toEqual(['RUNNING', [`list ${asked} 1`]]);
  } else {
    const meant = ['no queue mentioned', 'uncertain', 'choice'][Math.min(2, names.length)];
    expect([outcome, aws.asked]).toEqual([meant, []]);
  }
});
