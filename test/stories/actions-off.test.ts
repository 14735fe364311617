import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestBot, type TestBot } from '../support/bot.ts';
import { aQueue, aTask } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';
import { buttonsOf } from './an-actions-stage.ts';

let bot: TestBot;
let aws: ReturnType<typeof fakeMoveTasks>;

beforeEach(async () => {
  aws = fakeMoveTasks();
  aws.holds({ ok: true, value: { waiting: 1204, inFlight: 0, delayed: 0 } });
  bot = await startTestBot({ moveTasks: aws, queues: [aQueue({ name: 'payments-dlq' })] });
});
afterEach(() => bot[Symbol.asyncDispose]());

async function annTypes(text: string) {
  await bot.slack.as('UANN').types('CGENERAL', text);
  await bot.settled();
}
const told = () => bot.slack.privateWords('UANN').at(-1)?.text ?? '';
const card = () => bot.slack.messages('CGENERAL').findLast(({ author }) => author === 'UBOT');

test('without `redrive` in the settings no card offers anything to do', async () => {
  await annTypes('/dlq-tasks payments-dlq');
  expect(buttonsOf(card())).toEqual(['refresh', 'open-console']);
  aws.lists(aTask());
  await annTypes('/dlq-tasks payments-dlq');
  expect(buttonsOf(card())).toEqual(['refresh', 'watch', 'open-console']);
});

test('neither help nor a command knows the words, no form opens, and Slack is asked for no group', async () => {
  await annTypes('/dlq-tasks help');
  expect(told()).not.toMatch(/redrive <queue>|cancel <queue>/);
  await annTypes('/dlq-tasks redrive payments-dlq');
  expect(told()).toContain('`payments-dlq` is not a number');
  await annTypes('/dlq-tasks cancel payments-dlq');
  expect(told()).toContain('`payments-dlq` is not a number');
  expect(bot.slack.callsOf('views.open')).toEqual([]);
  expect(bot.slack.callsOf('usergroups.users.list')).toEqual([]);
});
