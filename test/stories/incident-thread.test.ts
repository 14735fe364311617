import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PageMessage } from '../../sandbox/slack/page-contract.ts';
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
  bot = await startTestBot({ moveTasks: aws, queues, clock: () => clock, ...given });
}

beforeEach(() => {
  aws = fakeMoveTasks();
  aws.lists(aTask());
  clock = now;
});
afterEach(() => bot[Symbol.asyncDispose]());

async function says(person: string, text: string, threadTs?: string, channel = 'CGENERAL') {
  const before = bot.lines.length;
  expect(await bot.slack.as(person).types(channel, text, threadTs)).toEqual({ ok: true });
  const said = bot.slack
    .as(person)
    .sees(channel)
    .findLast(({ author }) => author === person);
  if (!said) throw new Error('nothing was said');
  const isMention = text.includes('@dlq-tasks') && channel !== 'CRANDOM';
  if (isMention) await expect.poll(() => bot.lines.slice(before).some(isAnAnswer)).toBe(true);
  await bot.settled();
  return said;
}

const isAnAnswer = ({ message }: { message: string }) =>
  message === 'answered' || message === 'request failed';
const replies = ({ channel, ts }: PageMessage) => bot.slack.thread(channel, ts).slice(1);
const ofBot = (messages: PageMessage[]) => messages.filter(({ author }) => author === 'UBOT');
const firstLines = (messages: PageMessage[]) => messages.map(({ text }) => text.split('\n')[0]);
const toAnn = () => bot.slack.privateWords('UANN');
const card = 'payments-dlq (prod · 111122223333 · eu-west-1)';

async function timePasses(seconds: number) {
  const until = clock + seconds * 1000;
  while (clock < until) {
    clock = Math.min(until, clock + 1000);
    await bot.watcher.tick();
  }
}

/** Slack's last event, delivered again by hand. */
function lastEvent() {
  const delivery = bot.slack.deliveries.findLast(({ kind }) => kind === 'event');
  if (!delivery) throw new Error('no event');
  return delivery.payload as Record<string, unknown> & { event: Record<string, unknown> };
}
async function arrives(payload: object, headers: Record<string, string> = {}) {
  const contentType = 'application/json';
  const receipt = await bot.slack.deliver({ body: JSON.stringify(payload), contentType, headers });
  await bot.settled();
  return receipt?.status;
}

describe('Ann asks in the thread of an incident', () => {
  test('and the card comes there, and nowhere else', async () => {
    await start();
    const incident = await says('UBOB', 'Payments are stuck!');
    await says('UANN', '@dlq-tasks payments-dlq', incident.ts);
    expect(firstLines(ofBot(replies(incident)))).toEqual([card]);
    expect(ofBot(bot.slack.messages('CGENERAL'))).toEqual([]);
    expect(toAnn()).toEqual([]);
  });

  test('and watches the card: the notifications arrive in the same thread', async () => {
    await start();
    const incident = await says('UBOB', 'Payments are stuck!');
    await says('UANN', '@dlq-tasks payments-dlq', incident.ts);
    const [posted] = ofBot(replies(incident));
    if (!posted) throw new Error('no card');
    expect(await bot.slack.as('UANN').clicks(posted, 'Watch')).toEqual({ ok: true });
    await bot.settled();
    await timePasses(10);
    aws.lists(aTask({ status: 'COMPLETED', moved: 1000 }));
    await timePasses(120);
    expect(firstLines(ofBot(replies(incident)))).toEqual([
      card,
      '👀 <@UANN> is watching this redrive.',
      '✅ *The redrive of `payments-dlq` has completed.*',
    ]);
    expect(ofBot(replies(incident))[0]?.text).toContain('✅ Completed');
    expect(ofBot(bot.slack.messages('CGENERAL'))).toEqual([]);
  });

  test('to watch, in words', async () => {
    await start();
    const incident = await says('UBOB', 'Payments are stuck!');
    await says('UANN', '@dlq-tasks watch payments-dlq', incident.ts);
    await timePasses(3);
    expect(firstLines(ofBot(replies(incident)))).toEqual([card, '👀 <@UANN> is watching this redrive.']);
    await says('UANN', '@dlq-tasks watches', incident.ts);
    expect(toAnn().at(-1)).toMatchObject({ threadTs: incident.ts });
    expect(toAnn().at(-1)?.text).toContain('payments-dlq');
    await says('UANN', '@dlq-tasks unwatch payments-dlq', incident.ts);
    expect(firstLines(toAnn()).at(-1)).toContain('payments-dlq');
    expect(await bot.watcher.list({ user: 'UANN' })).toEqual([]);
  });

  test('for the history', async () => {
    await start();
    aws.lists(aTask(), aTask({ status: 'COMPLETED', startedAt: now - 3_600_000 }));
    const incident = await says('UBOB', 'Payments are stuck!');
    await says('UANN', '@dlq-tasks payments-dlq 5', incident.ts);
    expect(aws.asked).toEqual([`list ${payments.arn} 5`]);
    expect(ofBot(replies(incident))).toHaveLength(1);
  });

  test('with the mention anywhere, formatting and a link', async () => {
    await start();
    const incident = await says('UBOB', 'Payments are stuck!');
    await says('UANN', '*payments-dlq* @dlq-tasks', incident.ts);
    const url = 'https://sqs.eu-west-1.amazonaws.com/111122223333/payments-dlq';
    await says('UANN', `@dlq-tasks: ${url}`, incident.ts);
    expect(firstLines(ofBot(replies(incident)))).toEqual([card, card]);
  });

  test('and AWS refuses: she alone is told, in the thread', async () => {
    await start();
    aws.answers({ ok: false, awsError: anAwsError() });
    const incident = await says('UBOB', 'Payments are stuck!');
    await says('UANN', '@dlq-tasks payments-dlq', incident.ts);
    expect(ofBot(replies(incident))).toEqual([]);
    expect(toAnn().map(({ threadTs, text }) => [threadTs, text.split('\n')[0]])).toEqual([
      [incident.ts, "⚠️ *Couldn't check* `payments-dlq`"],
    ]);
  });

  test('for a name that two queues share: her choice leads back into the thread', async () => {
    await start();
    const incident = await says('UBOB', 'Orders are stuck!');
    await says('UANN', '@dlq-tasks orders-dlq', incident.ts);
    const [choice] = toAnn();
    if (!choice) throw new Error('no choice');
    expect(choice.threadTs).toBe(incident.ts);
    await bot.slack.as('UANN').clicks(choice, 'show-queue:1');
    await bot.settled();
    expect(firstLines(ofBot(replies(incident)))).toEqual([
      'orders-dlq (orders-us · prod · 111122223333 · us-east-1)',
    ]);
    expect(toAnn()).toEqual([]);
  });
});

describe('Ann asks in the channel itself', () => {
  test('and the card comes in a thread under her message', async () => {
    await start();
    const question = await says('UANN', '@dlq-tasks payments-dlq');
    expect(firstLines(replies(question))).toEqual([card]);
    expect(ofBot(bot.slack.messages('CGENERAL'))).toEqual([]);
  });

  test('with a typo: the private answer is where she sees it, and its button leads into the thread', async () => {
    await start();
    const question = await says('UANN', '@dlq-tasks paymets-dlq');
    const [word] = toAnn();
    if (!word) throw new Error('no word');
    expect([word.threadTs, word.text.split('\n')[0]]).toEqual([
      undefined,
      'No queue available in this channel matches `paymets-dlq`.',
    ]);
    await bot.slack.as('UANN').clicks(word, 'show-queue:0');
    await bot.settled();
    expect(firstLines(replies(question))).toEqual([card]);
  });

  test.each([
    ['nothing', '@dlq-tasks', 'Dead-letter queue redrives'],
    ['help', '@dlq-tasks help', 'Dead-letter queue redrives'],
    ['what is no question', 'we have @dlq-tasks for that now', '`we have for that now` has too many words.'],
  ])('%s, and gets help in private', async (_what, text, begins) => {
    await start();
    const question = await says('UANN', text);
    expect(firstLines(toAnn())).toEqual([begins]);
    expect(toAnn()[0]?.text).toContain('`@dlq-tasks &lt;queue&gt;`');
    expect(replies(question)).toEqual([]);
    expect(aws.asked).toEqual([]);
  });

  test('where the bot is not: Slack itself says so', async () => {
    await start();
    await says('UANN', '@dlq-tasks payments-dlq', undefined, 'CRANDOM');
    expect(toAnn().map(({ author }) => author)).toEqual(['USLACKBOT']);
    expect(aws.asked).toEqual([]);
  });
});

describe('the rules hold', () => {
  test.each([
    ['for channels', { channels: ['COPS'] }, "🔒 You can't use this bot in this channel. Use it in <#COPS>."],
    [
      'for people',
      { users: ['UBOB'] },
      "🔒 You're not on the list of people who can use this bot. Ask whoever runs it to add you.",
    ],
  ])('%s', async (_what, rules, word) => {
    await start({ access: { ...openToAll, ...rules } });
    await says('UANN', '@dlq-tasks payments-dlq');
    expect(firstLines(toAnn())).toEqual([word]);
    expect(aws.asked).toEqual([]);
  });

  test('for queues of other channels', async () => {
    await start();
    await says('UANN', '@dlq-tasks billing-dlq');
    expect(firstLines(toAnn())).toEqual(['No queue available in this channel matches `billing-dlq`.']);
    expect(aws.asked).toEqual([]);
  });

  test('for people of other workspaces', async () => {
    await start();
    await says('UEVE', '@dlq-tasks payments-dlq');
    expect(firstLines(bot.slack.privateWords('UEVE'))).toEqual([
      "🔒 People from other organizations can't use this bot here. Ask someone at the organization that runs it.",
    ]);
    expect(aws.asked).toEqual([]);
  });
});

describe('Slack delivers an event again', () => {
  test('because no acknowledgment reached it: answers once', async () => {
    await start();
    const question = await says('UANN', '@dlq-tasks payments-dlq');
    const again = lastEvent();
    expect([
      await arrives(again, { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' }),
      await arrives(again, { 'x-slack-retry-num': '2', 'x-slack-retry-reason': 'http_timeout' }),
    ]).toEqual([200, 200]);
    expect(firstLines(replies(question))).toEqual([card]);
  });

  test('while the first is still being answered', async () => {
    await start();
    const { promise, resolve } = Promise.withResolvers<void>();
    aws.waitsFor(promise);
    await bot.slack.as('UANN').types('CGENERAL', '@dlq-tasks payments-dlq');
    await expect.poll(() => aws.asked.length).toBe(1);
    await bot.slack.deliver({ body: JSON.stringify(lastEvent()), contentType: 'application/json' });
    resolve();
    await bot.settled();
    expect(aws.asked).toHaveLength(1);
  });

  test('with another id, because the message was edited', async () => {
    await start();
    const question = await says('UANN', '@dlq-tasks payments-dlq');
    const payload = lastEvent();
    const event = { ...payload.event, edited: { user: 'UANN', ts: '1795489300.000000' } };
    await arrives({ ...payload, event_id: 'EvEDITED', event });
    expect(firstLines(replies(question))).toEqual([card]);
  });

  test('that no process has answered: answers now', async () => {
    await start();
    const question = await says('UANN', 'dlq-tasks payments-dlq');
    await says('UBOB', '@dlq-tasks help');
    const event = { ...lastEvent().event, ts: question.ts, user: 'UANN', text: '<@UBOT> payments-dlq' };
    const retried = { 'x-slack-retry-num': '2', 'x-slack-retry-reason': 'connection_failed' };
    expect(await arrives({ ...lastEvent(), event_id: 'EvLATE', event }, retried)).toBe(200);
    expect(firstLines(replies(question))).toEqual([card]);
  });
});

describe('gives no answer to someone who is', () => {
  test.each([
    ['another bot', { bot_id: 'BOTHER' }],
    ['a bot without a user', { user: undefined, subtype: 'bot_message' }],
    ['the bot itself', { user: 'UBOT' }],
    ['Slackbot', { user: 'USLACKBOT' }],
    ['nowhere', { channel: undefined }],
  ])('%s', async (_who, changes) => {
    await start();
    await says('UBOB', '@dlq-tasks help');
    const payload = lastEvent();
    const event = { ...payload.event, text: '<@UBOT> payments-dlq', ts: '1795489300.000100', ...changes };
    expect(await arrives({ ...payload, event_id: 'EvOTHER', event })).toBe(200);
    expect(aws.asked).toEqual([]);
  });
});
