import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PageMessage } from '../../sandbox/slack/page-contract.ts';
import { checkShortcut } from '../../src/slack/commands.ts';
import { openToAll, startTestBot, type TestBot } from '../support/bot.ts';
import { anAwsError, aQueue, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';

const payments = aQueue({ name: 'payments-dlq' });
const orders = aQueue();
const ordersInUs = aQueue({ alias: 'orders-us', region: 'us-east-1' });
const elsewhere = aQueue({ name: 'billing-dlq', channels: ['COPS'] });
const queues = [payments, orders, ordersInUs, elsewhere];

let bot: TestBot;
let aws: ReturnType<typeof fakeMoveTasks>;
let clock: number;

async function start(given: Partial<Parameters<typeof startTestBot>[0]> = {}) {
  const { callbackId, name } = checkShortcut;
  const slack = { shortcuts: [{ callbackId, name }] };
  bot = await startTestBot({ moveTasks: aws, queues, slack, clock: () => clock, ...given });
}

beforeEach(() => {
  aws = fakeMoveTasks();
  aws.lists(aTask());
  clock = now;
});
afterEach(() => bot[Symbol.asyncDispose]());

async function bobSays(text: string, { channel = 'CGENERAL', threadTs = '' } = {}): Promise<PageMessage> {
  await bot.slack.as('UBOB').types(channel, text, ...(threadTs ? [threadTs] : []));
  const said = bot.slack
    .as('UBOB')
    .sees(channel)
    .findLast(({ author }) => author === 'UBOB');
  if (!said) throw new Error('nothing was said');
  return said;
}

async function checks(message: PageMessage, person = 'UANN') {
  const result = await bot.slack.as(person).usesShortcut(message, checkShortcut.callbackId);
  await bot.settled();
  return result;
}

async function timePasses(seconds: number) {
  const until = clock + seconds * 1000;
  while (clock < until) {
    clock = Math.min(until, clock + 1000);
    await bot.watcher.tick();
  }
}

const replies = ({ channel, ts }: PageMessage) => bot.slack.thread(channel, ts).slice(1);
const firstLines = (messages: PageMessage[]) => messages.map(({ text }) => text.split('\n')[0]);
const toAnn = () => bot.slack.privateWords('UANN');
const ofBot = (channel = 'CGENERAL') => bot.slack.messages(channel).filter(({ author }) => author === 'UBOT');
const card = 'payments-dlq (prod · 111122223333 · eu-west-1)';
const alarm = 'ALARM: "payments-dlq-not-empty" in EU (Ireland)';

describe('Ann picks Check DLQ tasks', () => {
  test('on an alarm: the card comes in its thread, for all to see', async () => {
    await start();
    const message = await bobSays(alarm);
    expect(await checks(message)).toEqual({ ok: true });
    expect(firstLines(replies(message))).toEqual([card]);
    expect([ofBot(), toAnn()]).toEqual([[], []]);
    expect(bot.lines.at(-1)).toMatchObject({ what: 'shortcut', user: 'UANN', outcome: 'RUNNING' });
  });

  test('and watches the card there', async () => {
    await start();
    const message = await bobSays(alarm);
    await checks(message);
    const [posted] = replies(message);
    if (!posted) throw new Error('no card');
    await bot.slack.as('UANN').clicks(posted, 'Watch');
    await bot.settled();
    await timePasses(3);
    expect(firstLines(replies(message))).toEqual([card, '👀 <@UANN> is watching this redrive.']);
  });

  test('on a reply: the card comes in the same thread', async () => {
    await start();
    const parent = await bobSays('What is this?');
    const reply = await bobSays(alarm, { threadTs: parent.ts });
    await checks(reply);
    expect(firstLines(replies(parent))).toEqual([alarm, card]);
  });

  test('on the bot’s own card', async () => {
    await start();
    await bot.slack.as('UANN').types('CGENERAL', '/dlq-tasks payments-dlq');
    await bot.settled();
    const [posted] = ofBot();
    if (!posted) throw new Error('no card');
    await checks(posted);
    expect(firstLines(replies(posted))).toEqual([card]);
  });

  test('on a message with several queues: she chooses, and the card comes in its thread', async () => {
    await start();
    const message = await bobSays(`payments-dlq and ${ordersInUs.arn} fill up`);
    await checks(message);
    expect(aws.asked).toEqual([]);
    const [choice] = toAnn();
    if (!choice) throw new Error('no choice');
    expect(choice.threadTs).toBeUndefined();
    expect(choice.text).toBe(
      [
        'This message mentions 2 queues. Which one do you want to see in the thread?',
        '• `orders-dlq` orders-us · prod · 111122223333 · us-east-1',
        '• `payments-dlq` prod · 111122223333 · eu-west-1',
      ].join('\n'),
    );
    await bot.slack.as('UANN').clicks(choice, 'show-queue:1');
    await bot.settled();
    expect(firstLines(replies(message))).toEqual([card]);
    expect([ofBot(), toAnn()]).toEqual([[], []]);
  });

  test.each([
    [
      'an alias beside a queue that is not listed',
      'Refunds for invoices are stuck in refunds-dlq',
      'bills-dlq',
    ],
    ['a longer name', 'payments-dlq-v2 is full', 'payments-dlq'],
    ['another type of queue', 'payments-dlq.fifo is full', 'payments-dlq'],
    ['an older one', 'old-payments-dlq is full', 'payments-dlq'],
  ])('on a message that may mean another queue (%s): she is asked', async (_what, text, name) => {
    await start({ queues: [payments, aQueue({ name: 'bills-dlq', alias: 'invoices' })] });
    const message = await bobSays(text);
    await checks(message);
    expect([replies(message), ofBot(), aws.asked]).toEqual([[], [], []]);
    const [question] = toAnn();
    if (!question) throw new Error('no question');
    expect(question.text).toContain(`\n• \`${name}\``);
    await bot.slack.as('UANN').clicks(question, 'show-queue:0');
    await bot.settled();
    expect(firstLines(replies(message))).toEqual([expect.stringMatching(new RegExp(`^${name} `))]);
    expect(toAnn()).toEqual([]);
  });

  test('on a message without any: says what the bot looked for', async () => {
    await start();
    const message = await bobSays('Something is wrong with the checkout');
    await checks(message);
    expect(toAnn().map(({ text }) => text)).toEqual([
      [
        "This message doesn't mention any queue available in this channel.",
        'The bot looks for names, aliases, ARNs, URLs, and console links of listed queues, and for alarms named after one.',
        'Type `/dlq-tasks &lt;queue&gt;` in the channel, or `@dlq-tasks &lt;queue&gt;` in the thread.',
      ].join('\n'),
    ]);
    expect([ofBot(), aws.asked]).toEqual([[], []]);
  });

  test('on a reply without any: says so in the thread that she is looking at', async () => {
    await start();
    const parent = await bobSays('What is this?');
    const reply = await bobSays('Who knows', { threadTs: parent.ts });
    await checks(reply);
    expect(toAnn().map(({ threadTs }) => threadTs)).toEqual([parent.ts]);
  });

  test('where the bot is not: she alone sees the card, and how to invite it', async () => {
    await start();
    const message = await bobSays(alarm, { channel: 'CRANDOM' });
    await checks(message);
    expect(replies(message)).toEqual([]);
    expect(toAnn()[0]?.text).toMatch(
      /^payments-dlq.*Only you can see this\. The bot isn't in this channel. Type `\/invite @dlq-tasks`/s,
    );
    expect(JSON.stringify(toAnn()[0]?.blocks)).not.toContain('"watch"');
  });

  test('and AWS refuses', async () => {
    await start();
    aws.answers({ ok: false, awsError: anAwsError() });
    await checks(await bobSays(alarm));
    expect(firstLines(toAnn())).toEqual(["⚠️ *Couldn't check* `payments-dlq`"]);
  });
});

describe('the rules hold', () => {
  test('for queues of other channels', async () => {
    await start();
    await checks(await bobSays('billing-dlq is full'));
    expect(firstLines(toAnn())).toEqual([
      "This message doesn't mention any queue available in this channel.",
    ]);
    expect(aws.asked).toEqual([]);
  });

  test('for queues of other channels beside one of this: only this one is shown', async () => {
    await start();
    const message = await bobSays('billing-dlq and payments-dlq are full');
    await checks(message);
    expect(firstLines(replies(message))).toEqual([card]);
    expect(aws.asked).toEqual([`list ${payments.arn} 1`]);
  });

  test('for people', async () => {
    await start({ access: { ...openToAll, users: ['UBOB'] } });
    await checks(await bobSays(alarm));
    expect(firstLines(toAnn())[0]).toContain("You're not on the list");
    expect(aws.asked).toEqual([]);
  });

  test('for people of other workspaces', async () => {
    await start();
    await checks(await bobSays(alarm), 'UEVE');
    expect(firstLines(bot.slack.privateWords('UEVE'))[0]).toContain('People from other organizations');
    expect(aws.asked).toEqual([]);
  });
});
