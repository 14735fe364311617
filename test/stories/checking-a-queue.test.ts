import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openToAll, startTestBot, type TestBot } from '../support/bot.ts';
import { anAwsError, aQueue, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';

const orders = aQueue();
const ordersInUs = aQueue({ alias: 'orders-us', region: 'us-east-1' });
const invoices = aQueue({ name: 'billing-events-dlq', alias: 'invoices', channels: ['COPS'] });
const payments = aQueue({ name: 'payments-dlq' });
const queues = [orders, ordersInUs, invoices, payments];

let bot: TestBot;
let aws: ReturnType<typeof fakeMoveTasks>;
let clock: number;

async function start(given: Partial<Parameters<typeof startTestBot>[0]> = {}): Promise<TestBot> {
  bot = await startTestBot({ moveTasks: aws, queues, clock: () => clock, ...given });
  return bot;
}

beforeEach(() => {
  aws = fakeMoveTasks();
  aws.lists(aTask());
  clock = now;
});
afterEach(() => bot[Symbol.asyncDispose]());

async function annTypes(text: string, channel = 'CGENERAL') {
  const result = await bot.slack.as('UANN').types(channel, text);
  await bot.settled();
  return result;
}
const inChannel = (channel = 'CGENERAL') =>
  bot.slack.messages(channel).filter((message) => message.author === 'UBOT');
const toAnn = () => bot.slack.privateWords('UANN').map((message) => message.text);

describe('Ann asks for a queue', () => {
  test('and everyone in the channel sees the card', async () => {
    await start();
    expect(await annTypes('/dlq-tasks payments-dlq')).toEqual({ ok: true });
    expect(inChannel().map(({ text }) => text.split('\n').slice(0, 3))).toEqual([
      [
        'payments-dlq (prod · 111122223333 · eu-west-1)',
        '🔄 Running · 62%',
        '620 of 1,000 messages moved · 5.2 per second · about 1 min left',
      ],
    ]);
    expect(toAnn()).toEqual([]);
  });

  test('and AWS is asked once', async () => {
    await start();
    await annTypes('/dlq-tasks payments-dlq');
    expect(aws.asked).toEqual([`list ${payments.arn} 1`]);
  });

  test('and for its history', async () => {
    await start();
    aws.lists(aTask(), aTask({ status: 'COMPLETED', startedAt: now - 3_600_000 }));
    await annTypes('/dlq-tasks payments-dlq 5');
    expect(aws.asked).toEqual([`list ${payments.arn} 5`]);
    expect(inChannel()[0]?.blocks?.at(-1)).toMatchObject({ type: 'table' });
  });

  test('and her Slack has no tables yet', async () => {
    await start();
    aws.lists(aTask(), aTask({ status: 'COMPLETED', startedAt: now - 3_600_000 }));
    bot.slack.faults.add({ kind: 'rejected-block', blockType: 'table' });
    await annTypes('/dlq-tasks payments-dlq 5');
    expect(inChannel()[0]?.blocks?.at(-1)).toMatchObject({ type: 'section' });
  });

  test('in the European Sovereign Cloud, whose console she can open', async () => {
    const sovereign = aQueue({ partition: 'aws-eusc', region: 'eusc-de-east-1' });
    await start({ queues: [sovereign] });
    await annTypes(`/dlq-tasks ${sovereign.arn}`);
    await annTypes('/dlq-tasks https://sqs.eusc-de-east-1.amazonaws.eu/111122223333/orders-dlq');
    expect(aws.asked).toEqual([`list ${sovereign.arn} 1`, `list ${sovereign.arn} 1`]);
    expect(JSON.stringify(inChannel()[0]?.blocks)).toContain(
      'https://eusc-de-east-1.console.amazonaws-eusc.eu/sqs/v3/home?region=eusc-de-east-1#/queues/',
    );
  });

  test('whose redrive has ended without having counted anything, while messages wait', async () => {
    await start();
    aws.lists(aTask({ status: 'COMPLETED', moved: 0, toMove: 0 }));
    aws.holds({ ok: true, value: { waiting: 5, inFlight: 0, delayed: 0 } });
    await annTypes('/dlq-tasks payments-dlq');
    const text = inChannel()[0]?.text ?? '';
    expect(text).toContain('SQS counted no messages to move');
    expect(text).toContain('In the DLQ: about 5 waiting');
    expect(text).not.toContain('nothing to move');
  });

  test.each(['payments-dlq five', 'payments-dlq 11', 'payments-dlq 1 2 3', 'watch', 'paymets-dlq'])(
    'with a typo (%s): the answer has no error ID',
    async (typed) => {
      await start();
      await annTypes(`/dlq-tasks ${typed}`);
      expect(toAnn()).toHaveLength(1);
      expect(JSON.stringify(bot.slack.privateWords('UANN'))).not.toContain('Error ID');
      expect(bot.lines.at(-1)).not.toHaveProperty('errorId');
    },
  );

  test.each(['ordrs', 'orders', 'order-dlq'])('as %s, and is offered orders-dlq', async (typed) => {
    await start({ queues: [payments, aQueue()] });
    await annTypes(`/dlq-tasks ${typed}`);
    expect(toAnn()[0]).toMatch(/Did you mean this one\?.*\n• `orders-dlq` /);
  });

  test('whose name two queues share, and chooses', async () => {
    await start();
    await annTypes('/dlq-tasks orders-dlq');
    expect(inChannel()).toEqual([]);
    const [choice] = bot.slack.privateWords('UANN');
    expect(choice?.text).toBe(
      '`orders-dlq` matches 2 queues. Which one?\n• `orders-dlq` prod · 111122223333 · eu-west-1\n• `orders-dlq` orders-us · prod · 111122223333 · us-east-1',
    );
    await bot.slack.as('UANN').clicks(choice ?? { channel: '', ts: '' }, 'show-queue:1');
    await bot.settled();
    expect(aws.asked).toEqual([`list ${ordersInUs.arn} 1`]);
    expect(inChannel()).toHaveLength(1);
    expect(toAnn()).toEqual([]);
  });

  test('with a typo, and gets the nearest names', async () => {
    await start();
    await annTypes('/dlq-tasks paymets-dlq');
    expect(toAnn()).toEqual([
      'No queue available in this channel matches `paymets-dlq`.\nDid you mean this one? Type `/dlq-tasks` to see them all.\n• `payments-dlq` prod · 111122223333 · eu-west-1',
    ]);
    expect(aws.asked).toEqual([]);
    expect(bot.lines.at(-1)).toMatchObject({ outcome: 'unknown queue', user: 'UANN' });
  });

  test('that is for another channel', async () => {
    await start();
    await annTypes('/dlq-tasks invoices');
    await annTypes('/dlq-tasks messages');
    const [hidden, unlisted] = toAnn();
    expect(hidden).toBe(unlisted?.replace('messages', 'invoices'));
    expect(hidden).toMatch(/^No queue available in this channel matches `invoices`\./);
    expect(bot.lines.map((line) => line['alias'])).toContain('invoices');
    expect(aws.asked).toEqual([]);
  });

  test('and AWS refuses', async () => {
    await start();
    aws.answers({ ok: false, awsError: anAwsError() });
    await annTypes('/dlq-tasks payments-dlq');
    expect(inChannel()).toEqual([]);
    expect(toAnn()[0]).toContain(
      "The role `arn:aws:iam::111122223333:role/dlq-tasks-status` isn't allowed to use `sqs:ListMessageMoveTasks`",
    );
  });

  test('and the depth is denied: still gets the card', async () => {
    await start();
    aws.holds({ ok: false, awsError: anAwsError({ action: 'sqs:GetQueueAttributes' }) });
    await annTypes('/dlq-tasks payments-dlq');
    expect(inChannel()[0]?.text).toContain('In the DLQ: unknown: access denied: `sqs:GetQueueAttributes`');
  });

  test('where the bot is not in the channel: she alone sees the card, and how to invite it', async () => {
    await start();
    await annTypes('/dlq-tasks payments-dlq', 'CRANDOM');
    expect(inChannel('CRANDOM')).toEqual([]);
    expect(toAnn()[0]).toMatch(
      /^payments-dlq.*Only you can see this\. The bot isn't in this channel. Type `\/invite @dlq-tasks` to get answers here\.$/s,
    );
  });

  test('in a private channel without the bot', async () => {
    await start();
    await annTypes('/dlq-tasks payments-dlq', 'CSECRET');
    expect(toAnn()[0]).toContain('Type `/invite @dlq-tasks`');
  });

  test('for help', async () => {
    await start();
    await annTypes('/dlq-tasks help');
    expect(inChannel()).toEqual([]);
    expect(toAnn()[0]).toContain('`/dlq-tasks &lt;queue&gt;`');
  });

  test('for all queues', async () => {
    await start();
    await annTypes('/dlq-tasks');
    expect(inChannel()[0]?.text).toMatch(/^3 queues\n3 running\n🔄 `orders-dlq` prod · eu-west-1/);
    expect(aws.asked).toHaveLength(3);
  });

  test('while AWS is slow: is acknowledged at once', async () => {
    await start();
    const { promise, resolve } = Promise.withResolvers<void>();
    aws.waitsFor(promise);
    expect(await bot.slack.as('UANN').types('CGENERAL', '/dlq-tasks payments-dlq')).toEqual({ ok: true });
    expect(inChannel()).toEqual([]);
    resolve();
    await bot.settled();
    expect(inChannel()).toHaveLength(1);
  });
});

describe('Ann waits for AWS', () => {
  const posts = () => bot.slack.callsOf('chat.postMessage').length;

  test.each(['/dlq-tasks payments-dlq', '<@UBOT> payments-dlq'])(
    'after %s, only she is told once that the answer will be late; then it comes',
    async (typed) => {
      await start({ stillWaitingAfterMs: 1 });
      const { promise, resolve } = Promise.withResolvers<void>();
      aws.waitsFor(promise);
      await bot.slack.as('UANN').types('CGENERAL', typed);
      await expect.poll(toAnn).toEqual([expect.stringContaining('taking longer than usual')]);
      expect(posts()).toBe(0);
      resolve();
      await bot.settled();
      expect([posts(), toAnn().length]).toEqual([1, 1]);
    },
  );

  test('and Slack refuses that message: the answer still comes', async () => {
    await start({ stillWaitingAfterMs: 1 });
    const { promise, resolve } = Promise.withResolvers<void>();
    aws.waitsFor(promise);
    bot.slack.faults.add({ kind: 'server-error', method: 'response_url', times: 1 });
    bot.slack.faults.add({ kind: 'server-error', method: 'chat.postEphemeral', times: 1 });
    await bot.slack.as('UANN').types('CGENERAL', '/dlq-tasks payments-dlq');
    await expect.poll(() => bot.slack.callsOf('chat.postEphemeral')).toHaveLength(1);
    resolve();
    await bot.settled();
    expect([posts(), toAnn()]).toEqual([1, []]);
  });

  test('and nothing more is said when the answer comes in time', async () => {
    await start({ stillWaitingAfterMs: 60_000 });
    await annTypes('/dlq-tasks payments-dlq');
    expect([posts(), toAnn()]).toEqual([1, []]);
  });
});

describe('Refresh', () => {
  async function cardOf(queue: string) {
    await annTypes(`/dlq-tasks ${queue}`);
    const [card] = inChannel();
    if (!card) throw new Error('no card');
    return card;
  }
  async function bobClicks(words: string, card: { channel: string; ts: string }, value?: string) {
    const result = await bot.slack.as('UBOB').clicks(card, words, value);
    await bot.settled();
    return result;
  }

  test('updates the same card, with the rate since the last poll', async () => {
    await start();
    const card = await cardOf('payments-dlq');
    aws.lists(aTask({ moved: 820 }));
    clock += 10_000;
    await bobClicks('Refresh', card);
    expect(inChannel().map(({ text }) => text.split('\n')[2])).toEqual([
      '820 of 1,000 messages moved · 20 per second · less than a minute left',
    ]);
  });

  test('ignores an older observation that arrives late', async () => {
    await start();
    const card = await cardOf('payments-dlq');
    const { promise, resolve } = Promise.withResolvers<void>();
    aws.lists(aTask({ moved: 700 }));
    aws.waitsFor(promise);
    clock += 1_000;
    const slow = bot.slack.as('UBOB').clicks(card, 'Refresh');
    await slow;
    await expect.poll(() => aws.asked.length).toBe(2);
    aws.waitsFor(Promise.resolve());
    aws.lists(aTask({ status: 'COMPLETED', moved: 1000 }));
    clock += 1_000;
    await bot.slack.as('UANN').clicks(card, 'Refresh');
    await expect.poll(() => inChannel()[0]?.text).toContain('Completed');
    resolve();
    await bot.settled();
    expect(inChannel()[0]?.text).toContain('✅ Completed · 100%');
  });

  test('works on a card that only one person sees', async () => {
    await start();
    await annTypes('/dlq-tasks payments-dlq', 'CRANDOM');
    const [card] = bot.slack.privateWords('UANN');
    aws.lists(aTask({ moved: 900 }));
    clock += 5_000;
    await bot.slack.as('UANN').clicks(card ?? { channel: '', ts: '' }, 'Refresh');
    await bot.settled();
    expect(toAnn()).toHaveLength(1);
    expect(toAnn()[0]).toContain('900 of 1,000');
  });

  test.each([
    ['no value of ours', 'junk'],
    ['broken JSON', '{"q":'],
    ['the wrong shape', '{"q":{"$ne":1}}'],
    ['a count out of range', JSON.stringify({ q: payments.arn, n: 100 })],
  ])('a forged value does nothing: %s', async (_what, value) => {
    await start();
    const card = await cardOf('payments-dlq');
    const askedBefore = aws.asked.length;
    await bobClicks('Refresh', card, value);
    expect(aws.asked).toHaveLength(askedBefore);
    expect(bot.slack.privateWords('UBOB').map(({ text }) => text)).toEqual([
      'This button no longer works.\nAsk for the queue again to get a new card.\nError ID E-2',
    ]);
  });

  test.each([
    ['a queue that is not listed', 'arn:aws:sqs:eu-west-1:999999999999:secrets-dlq'],
    ['a queue of another channel', invoices.arn],
  ])('a forged value never asks for %s', async (_what, q) => {
    await start();
    const card = await cardOf('payments-dlq');
    const askedBefore = aws.asked.length;
    await bobClicks('Refresh', card, JSON.stringify({ q, n: 1 }));
    expect(aws.asked).toHaveLength(askedBefore);
    expect(bot.slack.privateWords('UBOB')[0]?.text).toContain('No queue available');
  });

  test('says when Slack limits edits', async () => {
    await start();
    const card = await cardOf('payments-dlq');
    bot.slack.faults.add({ kind: 'rate-limited', method: 'chat.update', retryAfterSeconds: 7, times: 1 });
    await bobClicks('Refresh', card);
    expect(bot.slack.privateWords('UBOB')[0]?.text).toBe(
      "Couldn't update the card. Slack is rate-limiting edits. Try again in 7 s.\nError ID E-2",
    );
  });

  test('acknowledges the console link silently', async () => {
    await start();
    const card = await cardOf('payments-dlq');
    expect(await bobClicks('AWS console', card)).toEqual({ ok: true });
    expect(inChannel()).toHaveLength(1);
  });
});

describe('who may', () => {
  const refused = async (access: Partial<typeof openToAll>, person = 'UANN') => {
    await start({ access: { ...openToAll, ...access } });
    await bot.slack.as(person).types('CGENERAL', '/dlq-tasks payments-dlq');
    await bot.settled();
    expect(inChannel()).toHaveLength(aws.asked.length);
    return bot.slack.privateWords(person).map(({ text }) => text.split('\n')[0]);
  };

  test('channels that are not listed are refused', async () => {
    expect(await refused({ channels: ['COPS'] })).toEqual([
      "🔒 You can't use this bot in this channel. Use it in <#COPS>.",
    ]);
  });

  test('people who are not listed are refused', async () => {
    expect(await refused({ users: ['UBOB'] })).toEqual([
      "🔒 You're not on the list of people who can use this bot. Ask whoever runs it to add you.",
    ]);
  });

  test('people in a listed group may', async () => {
    expect(await refused({ users: ['UBOB'], userGroups: ['SONCALL'] })).toEqual([]);
    expect(inChannel()).toHaveLength(1);
  });

  test('people outside the group may not', async () => {
    expect((await refused({ userGroups: ['SONCALL'] }, 'UBOB'))[0]).toContain('or one of your user groups');
  });

  test("refuses and says why if Slack can't say who is in a group", async () => {
    expect((await refused({ userGroups: ['SNOBODY'] }))[0]).toContain(
      "Slack didn't say who is in the user groups",
    );
  });

  test('people of other workspaces may not', async () => {
    expect((await refused({}, 'UEVE'))[0]).toContain("People from other organizations can't use this bot");
  });

  test('people of other workspaces may, if the settings say so', async () => {
    expect(await refused({ externalPeople: true }, 'UEVE')).toEqual([]);
  });

  test('reads a group at most every five minutes', async () => {
    await start({ access: { ...openToAll, userGroups: ['SONCALL'] } });
    await annTypes('/dlq-tasks payments-dlq');
    await annTypes('/dlq-tasks payments-dlq');
    clock += 5 * 60_000;
    await annTypes('/dlq-tasks payments-dlq');
    expect(bot.slack.callsOf('usergroups.users.list')).toHaveLength(2);
  });

  test("uses a group's last known members for an hour while Slack can't say", async () => {
    await start({ access: { ...openToAll, userGroups: ['SONCALL'] } });
    await annTypes('/dlq-tasks payments-dlq');
    bot.slack.faults.add({ kind: 'error', method: 'usergroups.users.list', error: 'internal_error' });
    clock += 59 * 60_000;
    await annTypes('/dlq-tasks payments-dlq');
    expect(inChannel()).toHaveLength(2);
    clock += 60_000;
    await annTypes('/dlq-tasks payments-dlq');
    expect(inChannel()).toHaveLength(2);
  });

  test('clicks are checked like commands', async () => {
    await start({ access: { ...openToAll, users: ['UANN'] } });
    await annTypes('/dlq-tasks payments-dlq');
    const [card] = inChannel();
    await bot.slack.as('UBOB').clicks(card ?? { channel: '', ts: '' }, 'Refresh');
    await bot.settled();
    expect(aws.asked).toHaveLength(1);
    expect(bot.slack.privateWords('UBOB')[0]?.text).toContain("You're not on the list");
  });
});

describe('when Slack has problems', () => {
  test('a post whose connection broke: gets the card privately, and never posts it twice', async () => {
    await start();
    bot.slack.faults.add({ kind: 'stored-then-reset', method: 'chat.postMessage', times: 1 });
    await annTypes('/dlq-tasks payments-dlq');
    expect(inChannel()).toHaveLength(1);
    expect(toAnn()[0]).toContain("Slack didn't confirm the post");
  });

  test('posts are rate-limited: gets the card privately', async () => {
    await start();
    bot.slack.faults.add({ kind: 'rate-limited', method: 'chat.postMessage', times: 1 });
    await annTypes('/dlq-tasks payments-dlq');
    expect(toAnn()[0]).toContain('Slack is rate-limiting posts in this channel');
  });

  test('the response URL fails: answers privately with chat.postEphemeral', async () => {
    await start();
    bot.slack.faults.add({ kind: 'server-error', method: 'response_url', times: 1 });
    await annTypes('/dlq-tasks help');
    expect(toAnn()[0]).toContain('Dead-letter queue redrives');
  });

  test.each([
    ['slack-busy', 'Slack is rate-limiting posts in this channel. Try again in a moment.'],
    ['slack-broken', "Slack didn't confirm the post (`HTTP 500`). If it isn't in the channel, try again."],
    ['slack-token-revoked', 'Slack refused the post: `token_revoked`. Tell whoever runs the bot.'],
  ])("with the page's switch %s: gets the card privately, and why", async (name, why) => {
    await start();
    await bot.slack.perform({ do: 'set-fault', name, isOn: true });
    await annTypes('/dlq-tasks payments-dlq');
    const [said = ''] = toAnn();
    expect([said.split('\n')[0], said.split('\n').at(-1)]).toEqual([
      expect.stringMatching(/^payments-dlq /),
      `Only you can see this. ${why}`,
    ]);
  });

  test('Slack accepts nothing for a moment: answers once it does', async () => {
    await start();
    bot.slack.faults.add({ kind: 'server-error', method: 'response_url', times: 1 });
    bot.slack.faults.add({ kind: 'reset', method: 'chat.postEphemeral', times: 1 });
    await annTypes('/dlq-tasks help');
    expect(toAnn()[0]).toContain('Dead-letter queue redrives');
  });

  test('Slack refuses every private message: tries once, and logs why', async () => {
    await start();
    bot.slack.faults.add({ kind: 'server-error', method: 'response_url', status: 404 });
    bot.slack.faults.add({ kind: 'error', method: 'chat.postEphemeral', error: 'user_not_in_channel' });
    await annTypes('/dlq-tasks help');
    expect(bot.slack.callsOf('chat.postEphemeral')).toHaveLength(1);
    expect(bot.lines.filter(({ level }) => level === 'error')).toEqual([
      expect.objectContaining({
        message: 'request failed',
        outcome: 'not delivered',
        error: expect.objectContaining({
          message: 'Slack did not accept a private answer: HTTP 404, user_not_in_channel',
        }),
      }),
    ]);
  });

  test.each(['invalid_blocks', 'msg_too_long'])(
    'Slack refuses the answer (%s): says that something went wrong',
    async (code) => {
      await start();
      bot.slack.faults.add({ kind: 'server-error', method: 'response_url', status: 400, times: 1 });
      bot.slack.faults.add({ kind: 'error', method: 'chat.postEphemeral', error: code, times: 1 });
      await annTypes('/dlq-tasks help');
      expect(toAnn()).toEqual([expect.stringContaining('E-1')]);
    },
  );

  test('says that the channel is archived', async () => {
    await start();
    await bot.slack.perform({ do: 'set-archived', channel: 'CGENERAL', isArchived: true });
    bot.slack.faults.add({ kind: 'error', method: 'chat.postMessage', error: 'is_archived' });
    await bot.slack.as('UANN').types('CRANDOM', '/dlq-tasks payments-dlq');
    await bot.settled();
    expect(toAnn()[0]).toContain('This channel is archived.');
  });
});
