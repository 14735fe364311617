import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { actionIds } from '../../src/slack/buttons.ts';
import { checkShortcut } from '../../src/slack/commands.ts';
import { openToAll, startTestBot, type TestBot } from '../support/bot.ts';
import { aQueue, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';

const payments = aQueue({ name: 'payments-dlq' });
const secret = aQueue({ name: 'secret-dlq', channels: ['COPS'] });

let bot: TestBot;
let aws: ReturnType<typeof fakeMoveTasks>;

async function start(access: Partial<typeof openToAll> = {}): Promise<void> {
  const slack = { shortcuts: [{ callbackId: checkShortcut.callbackId, name: checkShortcut.name }] };
  const queues = [payments, secret];
  bot = await startTestBot({
    moveTasks: aws,
    queues,
    slack,
    clock: () => now,
    access: { ...openToAll, ...access },
  });
}
function aBotForEachTest(): void {
  beforeEach(() => {
    aws = fakeMoveTasks();
    aws.lists(aTask());
  });
  afterEach(() => bot[Symbol.asyncDispose]());
}

const teams: Record<string, string> = { UANN: 'T1', UEVE: 'T2' };

/** What someone does with a queue; `person` is Ann, or Eve from another workspace. */
type Way = [name: string, go: (person: string, queue: { name: string; arn: string }) => Promise<unknown>];

const commands = ['<queue>', '<queue> 5', '', 'help', 'watch <queue>', 'unwatch <queue>', 'watches'].map(
  (words): Way => [
    `/dlq-tasks ${words}`,
    (person, { name }) =>
      bot.slack.as(person).types('CGENERAL', `/dlq-tasks ${words}`.replace('<queue>', name)),
  ],
);

const mentions = ['@dlq-tasks <queue>', '@dlq-tasks', '@dlq-tasks watch <queue>'].map(
  (words): Way => [words, (person, { name }) => mentioning(person, words.replace('<queue>', name))],
);

async function mentioning(person: string, text: string): Promise<void> {
  await bot.slack.as(person).types('CGENERAL', text);
  await expect.poll(() => bot.lines.some(({ message }) => message === 'answered')).toBe(true);
}

const shortcut: Way = [
  'the shortcut',
  async (person, { name }) => {
    await bot.slack.as('UBOB').types('CGENERAL', `ALARM: "${name}-not-empty"`);
    const [alarm] = bot.slack.messages('CGENERAL');
    if (!alarm) throw new Error('no alarm');
    await bot.slack.as(person).usesShortcut(alarm, checkShortcut.callbackId);
  },
];

/** As Slack sends it, so that buttons can be clicked that the person was never shown. */
const clickable = ['refresh', 'refresh-overview', 'turn-page:next', 'watch', 'unwatch', 'show-queue:0'];
const clicks = [...clickable, 'pick-queue:1:'].map(
  (action_id): Way => [
    `a click on ${action_id}`,
    (person, { arn }) => {
      const isOfOverview = action_id === 'refresh-overview' || action_id.startsWith('turn-page');
      const value = JSON.stringify(isOfOverview ? { p: 0 } : { q: arn, n: 1, s: now });
      const chosen = action_id.startsWith('pick') ? { selected_option: { value } } : { value };
      return arrives({
        type: 'block_actions',
        user: { id: person, team_id: teams[person] },
        // In a click these are the app's own, whoever clicks.
        team: { id: 'T1' },
        enterprise: { id: 'E1' },
        channel: { id: 'CGENERAL' },
        message: { ts: '1.2' },
        container: {},
        actions: [{ action_id, block_id: 'b', ...chosen }],
      });
    },
  ],
);

async function arrives(payload: object) {
  return bot.slack.deliver({ body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString() });
}

const ways = [...commands, ...mentions, shortcut, ...clicks];

test('tries every button and every select', () => {
  const links: string[] = [actionIds.openConsole, actionIds.openRunbook];
  const tried = clicks.map(([name]) => name.replace('a click on ', '').split(':')[0]);
  expect(tried.toSorted()).toEqual(
    Object.values(actionIds)
      .filter((id) => !links.includes(id))
      .toSorted(),
  );
});

const cards = () =>
  bot.slack.state().messages.filter(({ author, ephemeralFor }) => author === 'UBOT' && !ephemeralFor);
const privateWords = (person: string) => bot.slack.privateWords(person).map(({ text }) => text);

describe('someone without access has none in any way', () => {
  aBotForEachTest();
  const rules = [
    ['of the channel', 'UANN', { channels: ['COPS'] }, "You can't use this bot in this channel."],
    ['she is not on the list', 'UANN', { users: ['UBOB'] }, "You're not on the list of people"],
    ['she is in none of the groups', 'UANN', { userGroups: ['SNOBODY'] }, "Slack didn't say who is in"],
    ['she is of another workspace', 'UEVE', {}, "People from other organizations can't use this bot here."],
  ] as const;

  describe.each(rules)('because %s', (_, person, access, why) => {
    test.each(ways)('%s', async (_way, go) => {
      await start(access);
      await go(person, payments);
      await bot.settled();
      expect([aws.asked, cards(), await bot.watcher.list({ channel: 'CGENERAL' })]).toEqual([[], [], []]);
      expect(privateWords(person)).toEqual([expect.stringMatching(/^🔒 .+\nError ID E-1$/s)]);
      expect(privateWords(person)[0]).toContain(why);
    });
  });

  test.each(clickable)('not even with a click that does not name the workspace: %s', async (action_id) => {
    await start();
    const value = JSON.stringify({ q: payments.arn, n: 1, s: now, p: 0 });
    const actions = [{ action_id, block_id: 'b', value }];
    const [user, team, channel] = [{ id: 'UEVE' }, { id: 'T1' }, { id: 'CGENERAL' }];
    await arrives({ type: 'block_actions', user, team, channel, container: {}, actions });
    await bot.settled();
    expect([aws.asked, cards()]).toEqual([[], []]);
    expect(privateWords('UEVE')).toEqual([expect.stringMatching(/^🔒 People from other organizations/)]);
  });

  test.each(rules)("in the app's Home, with a button from before, because %s", async (_, person, access) => {
    await start(access);
    for (const action_id of ['refresh-overview', 'turn-page:next', 'show-queue:0']) {
      const value = JSON.stringify(action_id === 'show-queue:0' ? { q: payments.arn, n: 1 } : { p: 0 });
      const user = { id: person, team_id: teams[person] };
      const view = { id: 'V1', type: 'home' };
      const actions = [{ action_id, block_id: 'b', value }];
      await arrives({ type: 'block_actions', user, team: { id: 'T1' }, container: {}, view, actions });
    }
    await bot.settled();
    expect([aws.asked, cards()]).toEqual([[], []]);
    expect(JSON.stringify(bot.slack.as(person).home())).toContain('🔒');
  });
});

describe('a queue limited to another channel', () => {
  aBotForEachTest();
  const naming = ways.filter(
    ([name]) =>
      name.includes('<queue>') ||
      name === 'the shortcut' ||
      /refresh$|watch$|show-queue|pick-queue/.test(name),
  );

  const unlisted = aQueue({ name: 'noface-dlq' });
  const answersTo = async (go: Way[1], queue: typeof secret) => {
    await start();
    await go('UANN', queue);
    await bot.settled();
    expect([aws.asked, cards(), await bot.watcher.list({ channel: 'CGENERAL' })]).toEqual([[], [], []]);
    const words = bot.slack.privateWords('UANN').map(({ text, blocks }) => ({ text, blocks }));
    return JSON.stringify(words, (key, value: unknown) => (key === 'block_id' ? undefined : value));
  };

  test.each(naming)('looks like an unlisted one for %s', async (_, go) => {
    const ofUnlisted = await answersTo(go, unlisted);
    await bot[Symbol.asyncDispose]();
    const ofSecret = await answersTo(go, secret);
    expect(ofUnlisted).not.toBe('[]');
    expect(ofSecret).toBe(ofUnlisted.replaceAll(unlisted.name, secret.name));
  });

  test('is not found by searching', async () => {
    await start();
    const search = async (value: string) => {
      const payload = {
        type: 'block_suggestion',
        user: { id: 'UANN', team_id: 'T1' },
        team: { id: 'T1' },
        channel: { id: 'CGENERAL' },
        action_id: 'pick-queue:1:',
        block_id: 'b',
        value,
      };
      const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
      return (await bot.slack.deliver({ body }))?.body ?? '';
    };
    expect(await search('secret-dlq')).toBe(await search('noface-dlq'));
    expect(await search('secret-dlq')).not.toContain('secret');
    expect(await search('payments')).toContain('payments-dlq');
  });

  test('is not offered for a mistyped name', async () => {
    await start();
    await bot.slack.as('UANN').types('CGENERAL', '/dlq-tasks secrte-dlq');
    await bot.settled();
    expect(JSON.stringify(bot.slack.privateWords('UANN'))).not.toContain('secret-dlq');
  });

  test('is not named among the empty ones', async () => {
    aws.lists();
    aws.holds({ ok: true, value: { waiting: 0, inFlight: 0, delayed: 0 } });
    await start();
    await bot.slack.as('UANN').types('CGENERAL', '/dlq-tasks');
    await bot.slack.as('UANN').types('COPS', '/dlq-tasks');
    await bot.settled();
    expect(cards().map(({ channel, text }) => [channel, text.split('\n')[2]])).toEqual([
      ['CGENERAL', '📭 Empty in prod: `payments-dlq`'],
      ['COPS', '📭 Empty in prod: `payments-dlq`, `secret-dlq`'],
    ]);
  });

  test('is not listed among the watches of this channel', async () => {
    await start();
    const card = { channel: 'CGENERAL', ts: '1.2' };
    await bot.watcher.watch({ queue: secret, startedAt: now, card, user: 'UBOB' });
    await bot.slack.as('UANN').types('CGENERAL', '/dlq-tasks watches');
    await bot.settled();
    expect(privateWords('UANN')).toEqual(['Neither you nor this channel is watching a redrive.']);
  });
});

describe('anyone can always unwatch themselves', () => {
  aBotForEachTest();
  const card = { channel: 'CGENERAL', ts: '1.2' };
  const unlisted = aQueue({ name: 'unlisted-dlq' });
  const leavings: Way[] = [
    ...ways.filter(([name]) => name.includes('unwatch')),
    ['@dlq-tasks unwatch <queue>', (person, { name }) => mentioning(person, `@dlq-tasks unwatch ${name}`)],
    ['/dlq-tasks unwatch <arn>', (person, { arn }) => typing(person, `/dlq-tasks unwatch ${arn}`)],
  ];
  const typing = (person: string, text: string) => bot.slack.as(person).types('CGENERAL', text);
  const watchersAfter = async (queue: typeof payments, person: string, go: Way[1]) => {
    for (const user of [person, 'UBOB']) {
      await bot.watcher.watch({ queue, startedAt: now, card, user });
    }
    await go(person, queue);
    await bot.settled();
    return (await bot.watcher.list({ queueArn: queue.arn })).map(({ watchers }) => watchers);
  };

  describe.each([
    ['she is not on the list', 'UANN', { users: ['UCARL'] }],
    ['Slack does not say who is in the groups', 'UANN', { userGroups: ['SNOBODY'] }],
    ['she is of another workspace', 'UEVE', {}],
    ['the bot may not be used in the channel', 'UANN', { channels: ['COPS'] }],
  ] as const)('though %s', (_, person, access) => {
    test.each(leavings)('%s', async (_way, go) => {
      await start(access);
      expect(await watchersAfter(payments, person, go)).toEqual([['UBOB']]);
      expect(privateWords(person).join()).not.toContain('🔒');
    });
  });

  describe.each([
    ['is kept for another channel', secret],
    ['is not listed any more', unlisted],
  ])('though the queue %s', (_, queue) => {
    test.each(leavings)('%s', async (_way, go) => {
      await start();
      expect(await watchersAfter(queue, 'UANN', go)).toEqual([['UBOB']]);
      expect(privateWords('UANN')).toEqual(
        _way.startsWith('a click') ? [] : [`You're no longer watching \`${queue.name}\`.`],
      );
    });
  });

  test('and no one else', async () => {
    await start({ users: ['UCARL'] });
    const [, unwatchByName = async () => undefined] = leavings.find(([name]) => name.startsWith('/')) ?? [];
    await bot.watcher.watch({ queue: payments, startedAt: now, card, user: 'UBOB' });
    await unwatchByName('UANN', payments);
    await bot.settled();
    expect(await bot.watcher.list({ queueArn: payments.arn })).toMatchObject([{ watchers: ['UBOB'] }]);
    expect(privateWords('UANN')).toEqual([expect.stringContaining("🔒 You're not on the list of people")]);
  });
});
