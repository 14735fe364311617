import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Queue } from '../../src/domain/queue.ts';
import type { MoveTasks } from '../../src/operations/move-tasks.ts';
import { openToAll, startTestBot, type TestBot } from '../support/bot.ts';
import { aQueue, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';

const orders = aQueue();
const payments = aQueue({ name: 'payments-dlq' });
const secret = aQueue({ name: 'secret-dlq', channels: ['COPS'] });
const many = Array.from({ length: 60 }, (_, i) => aQueue({ name: `queue-${i + 10}` }));

let bot: TestBot;
let aws: ReturnType<typeof fakeMoveTasks>;

async function start(given: Partial<Parameters<typeof startTestBot>[0]> = {}): Promise<void> {
  bot = await startTestBot({
    moveTasks: aws,
    queues: [orders, payments, secret],
    clock: () => now,
    ...given,
  });
}

beforeEach(() => {
  aws = fakeMoveTasks();
  aws.lists(aTask());
});
afterEach(() => bot[Symbol.asyncDispose]());

const ann = () => bot.slack.as('UANN');
const [general, ops] = ['CGENERAL', 'COPS'];
const inChannel = (channel = general) =>
  bot.slack.messages(channel).filter((message) => message.author === 'UBOT');
const toAnn = () => bot.slack.privateWords('UANN').map(({ text }) => text);

async function overviewIn(channel = general) {
  await ann().types(channel, '/dlq-tasks');
  await bot.settled();
  const [overview] = inChannel(channel);
  if (!overview) throw new Error('no overview');
  return overview;
}

describe('Ann asks for all queues', () => {
  const namesIn = (text = '') => text.match(/`[a-z]+-dlq`/g);

  test('and sees those of this channel only', async () => {
    await start();
    expect(namesIn((await overviewIn()).text)).toEqual(['`orders-dlq`', '`payments-dlq`']);
    expect(namesIn((await overviewIn(ops)).text)).toEqual(['`orders-dlq`', '`payments-dlq`', '`secret-dlq`']);
  });

  test('and the card of one that runs is one click away', async () => {
    await start();
    const overview = await overviewIn();
    await bot.slack.as('UBOB').clicks(overview, 'show-queue:1');
    await bot.settled();
    expect(inChannel().map(({ text }) => text.split('\n')[0])).toEqual([
      '2 queues',
      'payments-dlq (prod · 111122223333 · eu-west-1)',
    ]);
  });

  test('and the card of one with messages waiting is one click away, too', async () => {
    await start();
    aws.lists();
    aws.holds({ ok: true, value: { waiting: 7, inFlight: 0, delayed: 0 } });
    const overview = await overviewIn();
    expect(overview.text).toContain('📥 `payments-dlq` 7 in the DLQ · prod · eu-west-1');
    await ann().clicks(overview, 'show-queue:1');
    await bot.settled();
    expect(inChannel().map(({ text }) => text.split('\n')[0])).toEqual([
      '2 queues',
      'payments-dlq (prod · 111122223333 · eu-west-1)',
    ]);
  });

  test('and many are empty: she asks for their names, and comes back', async () => {
    aws.lists();
    aws.holds({ ok: true, value: { waiting: 0, inFlight: 0, delayed: 0 } });
    await start({ queues: many });
    const overview = await overviewIn();
    const lines = () => inChannel()[0]?.text.split('\n').slice(1, -1);
    const counted = ['60 queues are empty and idle'];
    expect(lines()).toEqual(counted);
    await ann().clicks(overview, 'Show empty queues');
    await bot.settled();
    expect(lines()).toEqual([
      ...counted,
      `📭 Empty in prod: ${many.map(({ alias }) => `\`${alias}\``).join(', ')}`,
    ]);
    await ann().clicks(overview, 'Previous');
    await bot.settled();
    expect(lines()).toEqual(counted);
  });

  test('and forges the button: another channel stays out of reach, and so does what is not listed', async () => {
    await start();
    const overview = await overviewIn();
    aws.asked.length = 0;
    for (const q of [secret.arn, aQueue({ name: 'unlisted-dlq' }).arn]) {
      await ann().clicks(overview, 'show-queue:1', JSON.stringify({ q, n: 1 }));
    }
    await bot.settled();
    expect([inChannel().length, aws.asked]).toEqual([1, []]);
    expect(toAnn().map((text) => text.split('\n')[0])).toEqual([
      expect.stringContaining('No queue available'),
      expect.stringContaining('No queue available'),
    ]);
  });

  test('and turns the pages; Refresh stays on hers', async () => {
    await start({ queues: many });
    const overview = await overviewIn();
    const shown = () => inChannel()[0]?.text.split('\n') ?? [];
    const pages = () => /Page \d+ of \d+/.exec(shown().at(-1) ?? '')?.[0];
    const first = [pages(), shown()[2]];
    await ann().clicks(overview, 'Next');
    await bot.settled();
    const second = [pages(), shown()[2]];
    await ann().clicks(overview, 'Refresh');
    await bot.settled();
    expect([pages(), shown()[2]]).toEqual(second);
    await ann().clicks(overview, 'Previous');
    await bot.settled();
    expect([pages(), shown()[2]]).toEqual(first);
    expect(first).not.toEqual(second);
  });

  test.each(['', '{"p":-1}', '{"p":1.5}', '{"p":"1"}', '{"p":1e9}', 'overview', '[]'])(
    'and forges a page: %s does nothing',
    async (value) => {
      await start();
      const overview = await overviewIn();
      aws.asked.length = 0;
      await ann().clicks(overview, 'Refresh', value);
      await bot.settled();
      expect([aws.asked, inChannel()]).toEqual([[], [overview]]);
      expect(toAnn()).toEqual([expect.stringMatching(/^This button no longer works/)]);
    },
  );

  test('one account never answers: its rows become one, and late answers change nothing', async () => {
    const patience = new AbortController();
    const late = Promise.withResolvers<void>();
    const slow = { accountId: '222233334444', account: { label: 'prod-eu', id: '222233334444' } };
    const role = { arn: 'arn:aws:iam::222233334444:role/dlq-tasks-status' };
    const theirs = Array.from({ length: 150 }, (_, i) => aQueue({ name: `eu-${i}-dlq`, ...slow, role }));
    const answers = new Map<Queue, number>();
    const moveTasks: MoveTasks = {
      async list(queue, atMost) {
        if (theirs.includes(queue)) await late.promise;
        answers.set(queue, (answers.get(queue) ?? 0) + 1);
        return aws.list(queue, atMost);
      },
      depth: aws.depth,
    };
    await start({
      moveTasks,
      queues: [...theirs, orders, payments],
      overviewPatience: () => patience.signal,
    });
    await ann().types(general, '/dlq-tasks');
    await expect.poll(() => [answers.get(orders), answers.get(payments)]).toEqual([1, 1]);
    patience.abort();
    await bot.settled();
    const overview = inChannel();
    expect(overview.map(({ text }) => text.split('\n').slice(0, 2))).toEqual([
      ['152 queues', '2 running · 150 unknown'],
    ]);
    expect(overview[0]?.text).toContain('\n⚠️ No answer from prod-eu: all 150 queues\n');
    late.resolve();
    await expect.poll(() => answers.size).toBeGreaterThan(2);
    expect(inChannel()).toEqual(overview);
    expect(answers.size).toBeLessThan(15);
  });
});

describe("Ann opens the app's Home", () => {
  const home = () => JSON.stringify(ann().home());
  async function opens(): Promise<void> {
    await ann().opensHome();
    await expect.poll(() => home()).not.toBe('[]');
    await bot.settled();
  }

  test('and sees the queues that are for every channel, and the version', async () => {
    await start();
    await opens();
    expect(home()).toMatch(
      /2 running.*`orders-dlq`.*`payments-dlq`.*You.re watching.*Nothing right now.*1\.2\.3/,
    );
    expect(home()).toContain('Queues limited to certain channels are shown only there');
    expect(home()).not.toContain('secret-dlq');
    expect(aws.asked.join()).not.toContain('secret-dlq');
    expect(bot.slack.as('UBOB').home()).toEqual([]);
  });

  test('and finds her watches there, with a link to each card', async () => {
    await start();
    await ann().types(general, '/dlq-tasks watch orders-dlq');
    await bot.settled();
    await opens();
    const [card] = inChannel();
    expect(home()).toContain(`/archives/CGENERAL/p${card?.ts.replace('.', '')}|card>`);
  });

  test('and refreshes it', async () => {
    await start();
    await opens();
    aws.lists();
    aws.holds({ ok: true, value: { waiting: 7, inFlight: 0, delayed: 0 } });
    await ann().clicksInHome('Refresh');
    await bot.settled();
    expect(home()).toContain('2 with messages waiting (14 messages)');
    expect([inChannel(), toAnn()]).toEqual([[], []]);
  });

  test('and turns its pages', async () => {
    await start({ queues: many });
    await opens();
    await ann().clicksInHome('Next');
    await bot.settled();
    expect(home()).toContain('Page 2 of');
  });

  test('and forges a button of it: no card goes anywhere', async () => {
    await start();
    await opens();
    aws.asked.length = 0;
    await ann().clicksInHome('Refresh', '{"p":-7}');
    await bot.settled();
    expect([aws.asked, inChannel(), home()]).toEqual([
      [],
      [],
      expect.stringContaining('This button no longer works'),
    ]);
  });

  test.each([
    ['is not on the list', { users: ['UBOB'] }, "You're not on the list of people who can use this bot"],
    ['is in none of the groups', { userGroups: ['SOTHER'] }, "Slack didn't say who is in the user groups"],
    ['cannot be shown to be in an allowed channel', { channels: [ops] }, 'only use this bot in <#COPS>'],
  ])('and %s: she sees why, and nothing else', async (_, rules, why) => {
    await start({ access: { ...openToAll, ...rules } });
    await opens();
    expect(home()).toContain(why);
    expect([home().includes('orders'), aws.asked]).toEqual([false, []]);
  });

  test('as a member of a group that may', async () => {
    await start({ access: { ...openToAll, userGroups: ['SONCALL'] } });
    await opens();
    expect(home()).toContain('orders-dlq');
  });

  test('and Eve, of another workspace, cannot; if Slack let her, she would see why not', async () => {
    await start();
    const eve = bot.slack.as('UEVE');
    expect(await eve.opensHome()).toMatchObject({ ok: false });
    await tellsOfHome({ user: 'UEVE', user_team: 'T2', tab: 'home' });
    expect([JSON.stringify(eve.home()), aws.asked]).toEqual([
      expect.stringContaining("People from other organizations can't use this bot"),
      [],
    ]);
  });

  test.each([
    { user: 'UANN', tab: 'messages' },
    { user: '', tab: 'home' },
    { user: { id: 'UANN' }, tab: 'home' },
    { tab: 'home' },
  ])('not for an event that says nothing of a Home or of a person: %o', async (event) => {
    await start();
    await tellsOfHome(event);
    expect([ann().home(), aws.asked]).toEqual([[], []]);
  });

  async function tellsOfHome(event: object): Promise<void> {
    const opened = { type: 'app_home_opened', channel: 'D1', ...event };
    const body = JSON.stringify({ type: 'event_callback', team_id: 'T1', event_id: 'Ev1', event: opened });
    await bot.slack.deliver({ body, contentType: 'application/json' });
    await bot.settled();
  }
});
