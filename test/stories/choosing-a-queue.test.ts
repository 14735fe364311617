import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openToAll, startTestBot, type TestBot } from '../support/bot.ts';
import { aQueue, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';

const numbered = Array.from({ length: 120 }, (_, i) => aQueue({ name: `queue-${i + 100}` }));
const regions = [
  'eu-west-1',
  'eu-west-2',
  'us-east-1',
  'us-west-2',
  'ap-south-1',
  'ca-central-1',
  'sa-east-1',
];
const everywhere = regions.map((region) => aQueue({ region, alias: `orders-${region}` }));
const secret = aQueue({ name: 'secret-dlq', channels: ['COPS'] });
const queues = [...numbered, ...everywhere, secret];

let bot: TestBot;
let aws: ReturnType<typeof fakeMoveTasks>;

async function start(given: Partial<Parameters<typeof startTestBot>[0]> = {}): Promise<void> {
  bot = await startTestBot({ moveTasks: aws, queues, clock: () => now, ...given });
}

beforeEach(() => {
  aws = fakeMoveTasks();
  aws.lists(aTask());
});
afterEach(() => bot[Symbol.asyncDispose]());

const ann = () => bot.slack.as('UANN');
const inChannel = () => bot.slack.messages('CGENERAL').filter((message) => message.author === 'UBOT');
const searchBox = 'Search for a queue';

async function annTypes(text: string) {
  await ann().types('CGENERAL', text);
  await bot.settled();
  const offer = bot.slack.privateWords('UANN').at(-1);
  if (!offer) throw new Error('nothing in private');
  return offer;
}

async function found(offer: { channel: string; ts: string }, query: string): Promise<string[]> {
  const result = await ann().searches(offer, searchBox, query);
  if (!result.ok) throw new Error(result.error);
  return (result.options ?? []).map(({ text }) => text);
}

describe('Ann types an unknown name among many queues', () => {
  test('and can pick one of the nearest three', async () => {
    await start();
    const offer = await annTypes('/dlq-tasks qeueu-117');
    expect(offer.text).toContain('Type `/dlq-tasks` to see them all, or search.\n• `queue-117`');
    expect(JSON.stringify(offer.blocks).match(/show-queue:\d/g)).toHaveLength(3);
  });

  test('and can search: first all queues, then by what she types', async () => {
    await start();
    const offer = await annTypes('/dlq-tasks zzzzzz');
    expect(await found(offer, '')).toHaveLength(100);
    expect(await found(offer, 'Queue-21')).toEqual(
      Array.from({ length: 10 }, (_, i) => `queue-${210 + i} · prod · eu-west-1`),
    );
    expect(await found(offer, 'orders us')).toEqual([
      'orders-us-east-1 · prod · us-east-1',
      'orders-us-west-2 · prod · us-west-2',
    ]);
    expect((await found(offer, 'qeueu-117'))[0]).toBe('queue-117 · prod · eu-west-1');
    expect(await found(offer, 'nothing is like this')).toEqual([]);
  });

  test('and finds an exact name before names that contain it', async () => {
    await start({ queues: [...queues, aQueue({ name: 'events-1' }), aQueue({ name: 'all-events-1' })] });
    const offer = await annTypes('/dlq-tasks zzzzzz');
    expect(await found(offer, 'Events-1 ')).toEqual([
      'events-1 · prod · eu-west-1',
      'all-events-1 · prod · eu-west-1',
    ]);
  });

  test('and what she picks is shown to everyone, with as many redrives as she wanted', async () => {
    await start();
    const offer = await annTypes('/dlq-tasks zzzzzz 3');
    const searched = await ann().searches(offer, searchBox, 'queue-117');
    const value = searched.ok ? searched.options?.[0]?.value : undefined;
    await ann().clicks(offer, searchBox, value);
    await bot.settled();
    expect([aws.asked, inChannel().length]).toEqual([[`list ${numbered[17]?.arn} 3`], 1]);
    expect(bot.slack.privateWords('UANN')).toEqual([]);
  });

  test("and neither finds other channels' queues nor shows them by a forged pick", async () => {
    await start();
    const offer = await annTypes('/dlq-tasks zzzzzz');
    expect(await found(offer, 'secret')).toEqual([]);
    for (const value of [JSON.stringify({ q: secret.arn, n: 1 }), 'queue-117', '{}', '']) {
      await ann().clicks(offer, searchBox, value);
    }
    await bot.settled();
    expect([aws.asked, inChannel()]).toEqual([[], []]);
  });

  test('and offers nothing to people without access', async () => {
    await start({ access: { ...openToAll, users: ['UBOB'] } });
    const [person, channel] = [{ id: 'UANN', team_id: 'T1' }, { id: 'CGENERAL' }];
    const search = { type: 'block_suggestion', action_id: 'pick-queue:1:', block_id: 'b', value: '' };
    const options = async (user: object) => {
      const payload = { ...search, user, channel, container: { type: 'message' }, team: { id: 'T1' } };
      const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
      const receipt = await bot.slack.deliver({ body });
      return JSON.parse(receipt?.body ?? '{}').options.length;
    };
    expect([await options(person), await options({ id: 'UBOB', team_id: 'T2' })]).toEqual([0, 0]);
    expect(await options({ id: 'UBOB', team_id: 'T1' })).toBe(100);
  });

  test.each(['zzzzzz', 'watch zzzzzz', 'unwatch zzzzzz', 'history zzzzzz'])(
    'shows no search box where searching is not possible: %s',
    async (words) => {
      await start({ searchable: false });
      const offer = await annTypes(`/dlq-tasks ${words}`);
      expect([offer.text.includes('or search'), JSON.stringify(offer.blocks)]).toEqual([
        false,
        expect.not.stringContaining('external_select'),
      ]);
    },
  );
});

describe('Ann types a name that seven queues share', () => {
  test('and can search only among those seven', async () => {
    await start();
    const offer = await annTypes('/dlq-tasks orders-dlq');
    expect(offer.text).toContain('matches 7 queues');
    expect(await found(offer, '')).toEqual(
      everywhere.map(({ alias, region }) => `${alias} · prod · ${region}`).toSorted(),
    );
    expect(await found(offer, 'queue')).toEqual([]);
    expect(await found(offer, 'sa-east')).toEqual(['orders-sa-east-1 · prod · sa-east-1']);
  });
});
