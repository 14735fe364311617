import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestBot, type TestBot } from '../support/bot.ts';
import { anAwsError, aQueue, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';

const orders = aQueue();
const payments = aQueue({ name: 'payments-dlq' });
const ordersInUs = aQueue({ alias: 'orders-us', region: 'us-east-1' });
const secret = aQueue({ name: 'secret-dlq', channels: ['COPS'] });
const queues = [orders, payments, ordersInUs, secret];

let bot: TestBot;
let aws: ReturnType<typeof fakeMoveTasks>;
let clock: number;
async function start(given: Partial<Parameters<typeof startTestBot>[0]> = {}): Promise<void> {
  bot = await startTestBot({ moveTasks: aws, queues, clock: () => clock, ...given });
}
beforeEach(() => {
  aws = fakeMoveTasks();
  aws.lists(aTask());
  clock = now;
});
afterEach(() => bot[Symbol.asyncDispose]());

const inChannel = (channel = 'CGENERAL') =>
  bot.slack.messages(channel).filter((message) => message.author === 'UBOT');
const toPerson = (person = 'UANN') => bot.slack.privateWords(person).map(({ text }) => text);
const nowhere = { channel: '', ts: '' };
const valueFor = (queue: { arn: string }, more: object = {}) =>
  JSON.stringify({ q: queue.arn, n: 1, ...more });

async function annTypes(text: string, channel = 'CGENERAL') {
  await bot.slack.as('UANN').types(channel, `/dlq-tasks ${text}`);
  await bot.settled();
}

/** A click as Slack sends it, with some forged parts. */
function click(forged: object = {}, action: object = {}): object {
  const button = {
    type: 'button',
    action_id: 'show-queue:0',
    block_id: 'b',
    value: valueFor(orders),
    ...action,
  };
  return {
    type: 'block_actions',
    user: { id: 'UANN', team_id: 'T1' },
    team: { id: 'T1' },
    channel: { id: 'CGENERAL' },
    container: { type: 'message', channel_id: 'CGENERAL', message_ts: '1.2', is_ephemeral: true },
    actions: [button],
    ...forged,
  };
}

async function arrives(payload: object | Record<string, string>): Promise<number> {
  const form = 'actions' in payload || 'type' in payload ? { payload: JSON.stringify(payload) } : payload;
  const receipt = await bot.slack.deliver({ body: new URLSearchParams({ ...form }).toString() });
  await bot.settled();
  return receipt?.status ?? 0;
}

describe('a request that does not say who asks and where', () => {
  const command = {
    command: '/dlq-tasks',
    text: 'payments-dlq',
    user_id: 'UANN',
    channel_id: 'CGENERAL',
    team_id: 'T1',
  };
  test.each<[string, object]>([
    ['no user', click({ user: undefined })],
    ['a null user', click({ user: null })],
    ['a user of another shape', click({ user: ['UANN'] })],
    ['an id of another shape', click({ user: { id: { $ne: 1 }, team_id: 'T1' } })],
    ['a mention for an id', click({ user: { id: '<!channel>', team_id: 'T1' } })],
    ['no channel', click({ channel: undefined, container: undefined })],
    ['a null channel', click({ channel: null, container: null })],
    ['a huge channel', click({ channel: { id: 'C'.repeat(100_000) }, container: null })],
    ['no action', click({ actions: [] })],
    ['a null action', click({ actions: [null] })],
    ['actions of another shape', click({ actions: {} })],
    ['actions that are a word', click({ actions: 'refresh' })],
    ['a prototype for an action', click({}, { action_id: '__proto__' })],
    [
      'a modal that is nothing',
      { type: 'view_submission', user: { id: 'UANN' }, team: { id: 'T1' }, view: null },
    ],
    ['a command of nobody', { ...command, user_id: '' }],
    ['a command from nowhere', { ...command, channel_id: '' }],
    ['a command of a mention', { ...command, user_id: '<@UANN>' }],
  ])('is not acknowledged, and nothing is done: %s', async (_what, payload) => {
    await start();
    expect(await arrives(payload)).toBeGreaterThanOrEqual(400);
    expect([
      aws.asked,
      bot.slack.callsOf('chat.postMessage'),
      bot.slack.callsOf('chat.postEphemeral'),
    ]).toEqual([[], [], []]);
    expect(await arrives(command)).toBe(200);
    expect(inChannel()).toHaveLength(1);
  });
});

describe('a malformed click', () => {
  test.each<[string, object]>([
    ['a message that is a list', click({ message: [] })],
    ['a message that is a word', click({ message: 'x' })],
    ['a time that is a number', click({ message: { ts: 12 } })],
    ['a thread that is an object', click({ message: { ts: '1.2', thread_ts: {} } })],
    ['a response URL that is a number', click({ response_url: 5 })],
    ['a response URL that is no URL', click({ response_url: 'javascript:alert(1)' })],
  ])('is still answered: %s', async (_what, payload) => {
    await start();
    expect(await arrives(payload)).toBe(200);
    expect(inChannel()).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    ['an object', { q: orders.arn }],
    ['a million letters', 'x'.repeat(1_000_000)],
    ['a prototype', '{"__proto__":{"q":"x"}}'],
    ['a start beyond time', valueFor(orders, { s: 1e300 })],
    ['half a millisecond', valueFor(orders, { s: 0.5 })],
    ['a negative count', valueFor(orders, { m: -1 })],
  ])('does nothing with a value that is %s', async (_what, value) => {
    await start();
    for (const action_id of ['show-queue:0', 'refresh', 'watch', 'unwatch']) {
      const message = { ts: '1.2' };
      expect(await arrives(click({ container: {}, message }, { action_id, value }))).toBe(200);
    }
    expect(aws.asked).toEqual([]);
    expect(toPerson().map((text) => text.split('\n')[0])).toEqual(
      Array(4).fill('This button no longer works.'),
    );
  });
});

describe('what a tired person types,', () => {
  test.each([['orders\u200b-dlq\ufeff'], ['\u202eorders-dlq\u202c'], ['\u00a0`payments-dlq`']])(
    'with invisible characters in it still names the queue: %j',
    async (text) => {
      await start({ queues: [aQueue({ alias: 'o' }), payments] });
      await annTypes(text);
      expect(inChannel()).toHaveLength(1);
    },
  );

  test.each(['help me', 'help watch', '? orders-dlq'])('asks for help: %s', async (text) => {
    await start();
    await annTypes(text);
    expect(toPerson()[0]).toMatch(/^Dead-letter queue redrives/);
  });

  test.each([
    '<!channel> <!here> <!everyone>',
    '<@UBOB>',
    '<https://evil.example|orders-dlq>',
    'https://evil.example/`x`',
    '*bold* _it_ ~no~ `code`',
    '@channel',
    ':tada: 🎉 ‮evil',
    `${'long-word-'.repeat(300)}`,
    `two\nlines\nof\ntext`,
    '"<!channel>" 99',
    'watch <!channel> now',
    'unwatch `<@UBOB>`',
  ])('never pings or links when quoted: %s', async (text) => {
    await start();
    await annTypes(text);
    const said = toPerson().join('\n');
    expect(said).not.toBe('');
    expect(said).not.toMatch(/<[!@#h]/);
    expect(said.replace(/`[^`\n]*`/g, '')).not.toMatch(/evil|bold|@channel|\p{Cf}/u);
    expect(inChannel()).toEqual([]);
  });
});

describe('an odd message from AWS', () => {
  const strange = '<!channel> <https://evil.example|x> `y` *z* \u202eabc\u0000 &amp; :tada:';
  test('pings no one, links nowhere and is readable', async () => {
    await start();
    aws.lists(
      aTask({ status: 'FAILED', failureReason: strange, destinationArn: strange }),
      aTask({ status: 'UNKNOWN', statusText: strange, destinationArn: strange, startedAt: now - 9_000_000 }),
    );
    await annTypes('payments-dlq 5');
    aws.answers({ ok: false, awsError: anAwsError({ kind: 'unexpected', code: strange, detail: strange }) });
    await annTypes('payments-dlq');
    const [card] = inChannel();
    for (const said of [card?.text ?? '', ...toPerson()]) {
      expect(said.replace(/<!date\^/g, '')).not.toMatch(/<[!@#h]|[\u202e\0]|&amp;lt;/);
      expect(said.replace(/`[^`\n]*`/g, '')).not.toMatch(/evil|tada/);
    }
    expect(card?.text).toContain(
      "Reason: `&lt;!channel&gt; &lt;https://evil.example|x&gt; 'y' *z* abc &amp;amp; :tada:`",
    );
  });
});

describe('impatient clicks', () => {
  test('a double click on a choice is one card', async () => {
    await start();
    await annTypes('orders-dlq');
    const [choice = nowhere] = bot.slack.privateWords('UANN');
    const ann = bot.slack.as('UANN');
    await Promise.all([ann.clicks(choice, 'show-queue:0'), ann.clicks(choice, 'show-queue:0')]);
    await bot.settled();
    expect(inChannel()).toHaveLength(1);
  });

  test('two people who choose the same at once are both answered', async () => {
    await start();
    const clicks = ['UANN', 'UBOB'].map((id) => arrives(click({ user: { id, team_id: 'T1' } })));
    expect(await Promise.all(clicks)).toEqual([200, 200]);
    expect(inChannel()).toHaveLength(2);
  });

  test('keeps one card and all watchers, and answers every click, when many people click Refresh and Watch', async () => {
    await start();
    await annTypes('payments-dlq');
    const [card = nowhere] = inChannel();
    const clicks = ['UANN', 'UBOB'].flatMap((person) =>
      ['Refresh', 'Watch', 'Refresh', 'Watch'].map((words) => bot.slack.as(person).clicks(card, words)),
    );
    expect(await Promise.all(clicks)).toEqual(Array(8).fill({ ok: true }));
    await bot.settled();
    await bot.watcher.tick();
    expect(inChannel()).toHaveLength(1);
    expect((await bot.watcher.list({ channel: 'CGENERAL' }))[0]?.watchers.toSorted()).toEqual([
      'UANN',
      'UBOB',
    ]);
    expect(bot.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

test.each([
  ['message_not_found', 'It was deleted. Ask for the queue again to get a new card.'],
  ['is_archived', 'This channel is archived.'],
  ['not_in_channel', "The bot isn't in this channel. Type `/invite @dlq-tasks` to get answers here."],
  ['token_revoked', 'Slack refused the edit: `token_revoked`. Tell whoever runs the bot.'],
])('a card that cannot be edited says what helps: %s', async (error, words) => {
  await start();
  await annTypes('payments-dlq');
  bot.slack.faults.add({ kind: 'error', method: 'chat.update', error });
  await bot.slack.as('UANN').clicks(inChannel()[0] ?? nowhere, 'Refresh');
  await bot.settled();
  expect(toPerson()).toEqual([`Couldn't update the card. ${words}\nError ID E-2`]);
});

describe('a restarted bot', () => {
  test('does not undo a card’s end', async () => {
    await start();
    await annTypes('payments-dlq');
    const [card = nowhere] = inChannel();
    const ended = valueFor(payments, { at: now + 500, s: aTask().startedAt, end: 1 });
    clock += 1_000;
    aws.lists(aTask({ moved: 1 }));
    await bot.slack.as('UANN').clicks(card, 'Refresh', ended);
    await bot.settled();
    expect(inChannel()[0]?.text).toContain('620 of 1,000');
  });

  test('is not blocked by a value from the future', async () => {
    await start();
    await annTypes('payments-dlq');
    const [card = nowhere] = inChannel();
    aws.lists(aTask({ moved: 700 }));
    clock += 1_000;
    await bot.slack.as('UANN').clicks(card, 'Refresh', valueFor(payments, { at: now + 9e9 }));
    await bot.settled();
    expect(inChannel()[0]?.text).toContain('700 of 1,000');
  });
});
