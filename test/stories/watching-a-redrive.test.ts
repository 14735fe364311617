import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestBot, type TestBot } from '../support/bot.ts';
import { anAwsError, aQueue, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';

const payments = aQueue({ name: 'payments-dlq' });
const elsewhere = aQueue({ name: 'billing-dlq', channels: ['COPS'] });

let bot: TestBot;
let aws: ReturnType<typeof fakeMoveTasks>;
let clock: number;

beforeEach(async () => {
  aws = fakeMoveTasks();
  aws.lists(aTask());
  clock = now;
  bot = await startTestBot({ moveTasks: aws, queues: [payments, elsewhere], clock: () => clock });
});
afterEach(() => bot[Symbol.asyncDispose]());

const ours = (channel = 'CGENERAL') => bot.slack.messages(channel).filter(({ author }) => author === 'UBOT');
const replies = (card: { channel: string; ts: string }) => bot.slack.thread(card.channel, card.ts).slice(1);
const firstLines = (messages: { text: string }[]) => messages.map(({ text }) => text.split('\n')[0]);
const toAnn = () => bot.slack.privateWords('UANN').map(({ text }) => text);
const buttons = (message: { blocks?: unknown[] }) =>
  JSON.stringify(message.blocks)
    .match(/"action_id":"[^"]+"/g)
    ?.map((id) => id.slice(13, -1));

async function annTypes(text: string, channel = 'CGENERAL') {
  await bot.slack.as('UANN').types(channel, text);
  await bot.settled();
}

async function cardOf(queue: string) {
  await annTypes(`/dlq-tasks ${queue}`);
  const card = ours().at(-1);
  if (!card) throw new Error('no card');
  return card;
}

async function clicks(person: string, words: string, card: { channel: string; ts: string }, value?: string) {
  const result = await bot.slack.as(person).clicks(card, words, value);
  await bot.settled();
  return result;
}

/** Time passes, and the watcher does whatever becomes due. */
async function timePasses(seconds: number) {
  const until = clock + seconds * 1000;
  while (clock < until) {
    clock = Math.min(until, clock + 1000);
    await bot.watcher.tick();
  }
}

async function until(seen: () => boolean) {
  for (let seconds = 0; seconds < 300 && !seen(); seconds += 1) await timePasses(1);
  expect(seen()).toBe(true);
}

describe('Ann clicks Watch', () => {
  test('the card says so, and the thread names her once', async () => {
    const card = await cardOf('payments-dlq');
    expect(await clicks('UANN', 'Watch', card)).toEqual({ ok: true });
    await timePasses(3);
    expect(ours()[0]?.text).toContain('👀 Watched by <@UANN>. The result will be posted in the thread');
    expect(buttons(ours()[0] ?? {})).toEqual(['refresh', 'watch', 'unwatch', 'open-console']);
    expect(firstLines(replies(card))).toEqual(['👀 <@UANN> is watching this redrive.']);
  });

  test('and it completes: the card is final, and one reply names her', async () => {
    const card = await cardOf('payments-dlq');
    await clicks('UANN', 'Watch', card);
    await timePasses(10);
    aws.lists(aTask({ status: 'COMPLETED', moved: 1000 }));
    await timePasses(120);
    expect(ours()[0]?.text).toContain('✅ Completed · 100%');
    expect(buttons(ours()[0] ?? {})).toEqual(['refresh', 'open-console']);
    expect(replies(card).at(-1)?.text).toMatch(
      /^✅ \*The redrive of `payments-dlq` has completed\.\*\n1,000 of 1,000 messages moved · took between 2 min \d+ s and 2 min \d+ s · about [\d.]+ per second on average · nothing left in the DLQ, according to SQS\n<@UANN>$/,
    );
    expect(replies(card)).toHaveLength(2);
  });

  test('and it fails: says the reason and what to do, and notifies the channel', async () => {
    const card = await cardOf('payments-dlq');
    await clicks('UANN', 'Watch', card);
    await timePasses(10);
    aws.lists(aTask({ status: 'FAILED', failureReason: 'CouldNotDetermineMessageSource' }));
    await timePasses(60);
    const result = replies(card).at(-1);
    expect(result?.text).toMatch(/^❌ \*The redrive of `payments-dlq` has failed\.\*/);
    expect(result?.text).toContain('*What to do:* Start the redrive again with a custom destination queue.');
    expect(result?.isBroadcast).toBe(true);
  });

  test('and it is canceled: says what moved, and late counts correct the reply', async () => {
    aws.lists(aTask({ moved: 2, toMove: 10 }));
    const card = await cardOf('payments-dlq');
    await clicks('UANN', 'Watch', card);
    await timePasses(10);
    aws.lists(aTask({ status: 'CANCELLED', moved: 2, toMove: 10 }));
    await until(() => replies(card).length === 2);
    expect(replies(card).at(-1)?.text).toContain('2 of 10 messages moved');
    aws.lists(aTask({ status: 'CANCELLED', moved: 8, toMove: 10 }));
    await timePasses(60);
    expect(replies(card).at(-1)?.text).toContain('8 of 10 messages moved');
    expect(replies(card).at(-1)?.text).toContain('Messages already moved stay moved');
    expect(replies(card)).toHaveLength(2);
  });

  test('and messages come back: reports each new high once', async () => {
    const card = await cardOf('payments-dlq');
    await clicks('UANN', 'Watch', card);
    await timePasses(10);
    aws.lists(aTask({ status: 'COMPLETED', moved: 1000 }));
    await timePasses(50);
    aws.holds({ ok: true, value: { waiting: 37, inFlight: 0, delayed: 0 } });
    await timePasses(1_200);
    const said = replies(card).filter(({ text }) => text.startsWith('↩️'));
    expect(firstLines(said)).toEqual([
      '↩️ *37 more messages in the DLQ than when the redrive ended 1 min ago*: messages came back, or new ones failed.',
    ]);
  });

  test('twice, and Bob once: one watch, one end notice, both named', async () => {
    const card = await cardOf('payments-dlq');
    await Promise.all([
      clicks('UANN', 'Watch', card),
      clicks('UANN', 'Watch', card),
      clicks('UBOB', 'Watch', card),
    ]);
    await timePasses(10);
    aws.lists(aTask({ status: 'COMPLETED', moved: 1000 }));
    await timePasses(60);
    const ends = replies(card).filter(({ text }) => text.startsWith('✅'));
    expect(ends).toHaveLength(1);
    expect(ends[0]?.text).toMatch(/<@U(ANN|BOB)>, <@U(ANN|BOB)>$/);
    expect(toAnn()).toEqual([
      "You're already watching this redrive of `payments-dlq`. You'll be notified in the thread when it ends.",
    ]);
  });

  test('then Unwatch: notifies no one of the end, and watching again works', async () => {
    const card = await cardOf('payments-dlq');
    await clicks('UANN', 'Watch', card);
    await timePasses(3);
    await clicks('UANN', 'Unwatch', card);
    await timePasses(3);
    expect(ours()[0]?.text).not.toContain('Watched by');
    expect(buttons(ours()[0] ?? {})).toEqual(['refresh', 'watch', 'open-console']);
    await clicks('UANN', 'Watch', card);
    await timePasses(3);
    aws.lists(aTask({ status: 'COMPLETED', moved: 1000 }));
    await timePasses(60);
    expect(replies(card).filter(({ text }) => text.startsWith('✅'))).toHaveLength(1);
  });

  test('Unwatch of the last one ends it without a notification', async () => {
    const card = await cardOf('payments-dlq');
    await clicks('UANN', 'Watch', card);
    await timePasses(3);
    await clicks('UANN', 'Unwatch', card);
    aws.lists(aTask({ status: 'COMPLETED', moved: 1000 }));
    await timePasses(60);
    expect(firstLines(replies(card))).toEqual(['👀 <@UANN> is watching this redrive.']);
  });

  test('Bob clicks Unwatch, who never watched', async () => {
    const card = await cardOf('payments-dlq');
    await clicks('UANN', 'Watch', card);
    await timePasses(3);
    await clicks('UBOB', 'Unwatch', card);
    expect(bot.slack.privateWords('UBOB').map(({ text }) => text)).toEqual([
      "You're not watching a redrive of `payments-dlq`.",
    ]);
  });

  test.each([
    ['junk', 'junk'],
    ['a queue that is not listed', JSON.stringify({ q: 'arn:aws:sqs:eu-west-1:999999999999:x', s: now })],
    ['no start', JSON.stringify({ q: payments.arn })],
  ])('with a forged value (%s): nothing is watched', async (_what, value) => {
    const card = await cardOf('payments-dlq');
    await clicks('UANN', 'Watch', card, value);
    expect(toAnn()[0]).toContain('This button no longer works.');
    expect(await bot.watcher.list({ channel: 'CGENERAL' })).toEqual([]);
  });

  test('with the value of a queue of another channel: as if it were not listed', async () => {
    const card = await cardOf('payments-dlq');
    await clicks('UANN', 'Watch', card, JSON.stringify({ q: elsewhere.arn, s: now }));
    expect(toAnn()[0]).toContain('This button no longer works.');
    expect(await bot.watcher.list({ channel: 'CGENERAL' })).toEqual([]);
  });

  test('makes no AWS call between the click and its acknowledgment', async () => {
    const card = await cardOf('payments-dlq');
    const never = Promise.withResolvers<void>();
    aws.waitsFor(never.promise);
    const asked = aws.asked.length;
    expect(await clicks('UANN', 'Watch', card)).toEqual({ ok: true });
    expect(aws.asked).toHaveLength(asked);
    expect(await bot.watcher.list({ user: 'UANN' })).toHaveLength(1);
    never.resolve();
  });
});

describe('Refresh on a watched card', () => {
  test('stays with its task and says when a newer one has started', async () => {
    const card = await cardOf('payments-dlq');
    await clicks('UANN', 'Watch', card);
    await timePasses(3);
    clock += 1_000;
    aws.lists(aTask({ startedAt: clock - 500, moved: 1 }), aTask({ moved: 900 }));
    await clicks('UBOB', 'Refresh', card);
    expect(ours()[0]?.text).toContain('900 of 1,000 messages moved');
    expect(ours()[0]?.text).toContain('A newer redrive of this queue');
    expect(ours()[0]?.text).toContain('Watched by <@UANN>');
  });

  test('counts as a poll of the watch, and shows who joins or leaves then', async () => {
    const card = await cardOf('payments-dlq');
    await clicks('UANN', 'Watch', card);
    await timePasses(3);
    clock += 500;
    await clicks('UBOB', 'Refresh', card);
    clock += 100;
    await clicks('UBOB', 'Watch', card);
    await bot.watcher.tick();
    const joined = ours()[0]?.text;
    await clicks('UBOB', 'Refresh', card);
    clock += 100;
    await clicks('UANN', 'Unwatch', card);
    await clicks('UBOB', 'Unwatch', card);
    await bot.watcher.tick();
    expect(joined).toContain('Watched by <@UANN>, <@UBOB>');
    expect(ours()[0]?.text).not.toContain('Watched by');
  });

  test('reports an end that it sees in the thread at once', async () => {
    const card = await cardOf('payments-dlq');
    await clicks('UANN', 'Watch', card);
    await timePasses(3);
    aws.lists(aTask({ status: 'COMPLETED', moved: 1000 }));
    clock += 100;
    await clicks('UBOB', 'Refresh', card);
    await bot.watcher.tick();
    expect(firstLines(replies(card)).at(-1)).toMatch(/^✅ /);
  });

  test('never goes back behind its end', async () => {
    const card = await cardOf('payments-dlq');
    await clicks('UANN', 'Watch', card);
    await timePasses(10);
    aws.lists(aTask({ status: 'COMPLETED', moved: 1000 }));
    await timePasses(30);
    aws.lists(aTask({ moved: 990 }));
    clock += 1_000;
    await clicks('UBOB', 'Refresh', card);
    expect(ours()[0]?.text).toContain('✅ Completed');
  });
});

describe('/dlq-tasks watch', () => {
  test('posts a card and watches it', async () => {
    await annTypes('/dlq-tasks watch payments-dlq');
    await timePasses(3);
    expect(ours()).toHaveLength(1);
    expect(ours()[0]?.text).toContain('Watched by <@UANN>');
  });

  test('with nothing running says so in private, with how the last one ended', async () => {
    aws.lists(aTask({ status: 'FAILED', moved: 3, toMove: 10 }));
    await annTypes('/dlq-tasks watch payments-dlq');
    expect(ours()).toEqual([]);
    expect(toAnn()[0]).toMatch(
      /^Nothing to watch: no redrive of `payments-dlq` is running\.\nThe last one: ❌ Failed · 3 of 10 messages moved · <!date/,
    );
  });

  test('where the bot is not in the channel: a card without Watch, and how to invite the bot', async () => {
    await annTypes('/dlq-tasks watch payments-dlq', 'CRANDOM');
    const [card] = bot.slack.privateWords('UANN');
    expect(buttons(card ?? {})).toEqual(['refresh', 'open-console']);
    expect(card?.text).toMatch(
      /Type `\/invite @dlq-tasks` to get answers here\. Nothing is being watched: a watch needs a card that the channel can see\.$/,
    );
    expect(await bot.watcher.list({ user: 'UANN' })).toEqual([]);
  });

  test('without a queue asks for one', async () => {
    await annTypes('/dlq-tasks watch');
    expect(toAnn()[0]).toContain('Which queue? Type `/dlq-tasks watch &lt;queue&gt;`.');
  });
});

describe('/dlq-tasks unwatch and watches', () => {
  test('unwatches by name', async () => {
    await annTypes('/dlq-tasks watch payments-dlq');
    await annTypes('/dlq-tasks unwatch payments-dlq');
    await annTypes('/dlq-tasks unwatch payments-dlq');
    expect(toAnn()).toEqual([
      "You're no longer watching `payments-dlq`.",
      "You're not watching a redrive of `payments-dlq`.",
    ]);
  });

  test('lists watches privately, with links', async () => {
    await annTypes('/dlq-tasks watches');
    await annTypes('/dlq-tasks watch payments-dlq');
    await bot.slack.as('UBOB').types('CGENERAL', '/dlq-tasks watches');
    await bot.settled();
    expect(toAnn()).toEqual(['Neither you nor this channel is watching a redrive.']);
    expect(bot.slack.privateWords('UBOB')[0]?.text).toMatch(
      /^\*Others are watching in this channel\*\n• `payments-dlq` prod · <!date[^>]+> · running · <http[^|]+\/archives\/CGENERAL\/p\d+\|card>$/,
    );
  });
});

describe('when things go wrong', () => {
  async function watched() {
    const card = await cardOf('payments-dlq');
    await clicks('UANN', 'Watch', card);
    await timePasses(10);
    return card;
  }

  test('the connection breaks after Slack accepted the notification: it is found by its key, not repeated', async () => {
    const card = await watched();
    bot.slack.faults.add({ kind: 'stored-then-reset', method: 'chat.postMessage', times: 1 });
    aws.lists(aTask({ status: 'COMPLETED', moved: 1000 }));
    await timePasses(120);
    expect(replies(card).filter(({ text }) => text.startsWith('✅'))).toHaveLength(1);
  });

  test('the connection breaks before Slack accepted it: still posts it', async () => {
    const card = await watched();
    bot.slack.faults.add({ kind: 'reset', method: 'chat.postMessage', times: 2 });
    aws.lists(aTask({ status: 'COMPLETED', moved: 1000 }));
    await timePasses(120);
    expect(replies(card).filter(({ text }) => text.startsWith('✅'))).toHaveLength(1);
  });

  test("someone else wrote the same key: only the bot's own message counts", async () => {
    const card = await watched();
    bot.slack.faults.add({ kind: 'reset', method: 'chat.postMessage', times: 1 });
    await bot.slack.as('UEVE').types('CGENERAL', 'dlq_tasks_notice', card.ts);
    aws.lists(aTask({ status: 'COMPLETED', moved: 1000 }));
    await timePasses(120);
    expect(replies(card).filter(({ text }) => text.startsWith('✅'))).toHaveLength(1);
  });

  test('Slack rate-limits posts: the notification waits as long as it says', async () => {
    const card = await watched();
    bot.slack.faults.add({
      kind: 'rate-limited',
      method: 'chat.postMessage',
      retryAfterSeconds: 30,
      times: 1,
    });
    aws.lists(aTask({ status: 'COMPLETED', moved: 1000 }));
    await timePasses(120);
    expect(replies(card).filter(({ text }) => text.startsWith('✅'))).toHaveLength(1);
  });

  test('the card is deleted: still reports the end', async () => {
    const card = await watched();
    await bot.slack.perform({ do: 'delete', channel: card.channel, ts: card.ts });
    aws.lists(aTask({ status: 'COMPLETED', moved: 1000 }));
    await timePasses(120);
    const everything = bot.slack
      .as('UANN')
      .sees('CGENERAL')
      .filter(({ text }) => text.startsWith('✅'));
    expect(everything).toHaveLength(1);
  });

  test('the channel is archived: Ann gets a direct message, and the thread the end when it is open again; another watch continues', async () => {
    const card = await watched();
    await annTypes('/dlq-tasks watch payments-dlq', 'COPS');
    await bot.slack.perform({ do: 'set-archived', channel: 'CGENERAL', isArchived: true });
    aws.lists(aTask({ status: 'COMPLETED', moved: 1000 }));
    await timePasses(120);
    expect(replies(card).filter(({ text }) => text.startsWith('✅'))).toEqual([]);
    expect(bot.slack.messages('DANN').map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^✅ \*The redrive of `payments-dlq` has completed\.\*\n.*\nAbout <http[^|]+\|the redrive> of `payments-dlq` \(prod, eu-west-1\), which you're watching in <#CGENERAL>\. The bot can't post there right now/,
      ),
    ]);
    const [other] = ours('COPS');
    expect(replies(other ?? card).filter(({ text }) => text.startsWith('✅'))).toHaveLength(1);
    await bot.slack.perform({ do: 'set-archived', channel: 'CGENERAL', isArchived: false });
    await timePasses(300);
    expect(replies(card).filter(({ text }) => text.startsWith('✅'))).toHaveLength(1);
    expect(ours()[0]?.text).toContain('✅ Completed');
    expect(bot.slack.messages('DANN')).toHaveLength(1);
  });

  test('AWS denies for five minutes: reports it once, and once when it works again', async () => {
    const card = await watched();
    aws.answers({ ok: false, awsError: anAwsError() });
    await timePasses(900);
    aws.lists(aTask({ moved: 700 }));
    await timePasses(400);
    expect(firstLines(replies(card))).toEqual([
      '👀 <@UANN> is watching this redrive.',
      expect.stringMatching(/^⚠️ \*Haven't been able to check `payments-dlq` for \d+ min/),
      expect.stringMatching(/^👁️ Checking `payments-dlq` works again/),
    ]);
    expect(replies(card)[1]?.text).toContain("isn't allowed to use `sqs:ListMessageMoveTasks`");
  });

  test('a watch never delays a person: with every edit refused, a command is answered at once', async () => {
    await watched();
    bot.slack.faults.add({ kind: 'rate-limited', method: 'chat.update', retryAfterSeconds: 30 });
    aws.lists(aTask({ moved: 800 }));
    await timePasses(30);
    const before = performance.now();
    await annTypes('/dlq-tasks payments-dlq');
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(ours()).toHaveLength(2);
  });
});
