import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Person } from '../../sandbox/slack/page-contract.ts';
import { checkShortcut } from '../../src/slack/commands.ts';
import { openToAll, startTestBot, type TestBot } from '../support/bot.ts';
import { aQueue, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';

const orders = aQueue();

const person = (id: string, home: Partial<Person>): Person => ({
  id,
  name: id.toLowerCase(),
  colour: 'teal',
  teamId: 'TA',
  ...home,
});
const acme = { enterpriseId: 'EACME' };
const people = [
  person('UANN', acme),
  person('WCAT', { ...acme, teamId: 'TC' }),
  person('WDAN', { ...acme, teamId: 'TC' }),
  person('UEVE', { teamId: 'TE', enterpriseId: 'EOTHER' }),
  person('USAM', { teamId: 'TS' }),
  person('WHID', { ...acme, teamId: 'TC', hidesTeam: true }),
  person('UHID', { teamId: 'TS', hidesTeam: true }),
];
const channels = ['CGENERAL', 'COPS', 'CSHARED'].map((id) => ({
  id,
  name: id.toLowerCase(),
  topic: '',
  isPrivate: false,
  isArchived: false,
  botIsMember: true,
  ...(id === 'CSHARED' && { isShared: true }),
}));
const teamOf = (id: string) => people.find((one) => one.id === id);

let bot: TestBot;
beforeEach(async () => {
  const aws = fakeMoveTasks();
  aws.lists(aTask());
  bot = await startTestBot({
    moveTasks: aws,
    queues: [orders],
    clock: () => now,
    slack: {
      people,
      channels,
      team: { id: 'TA', enterpriseId: 'EACME' },
      shortcuts: [{ callbackId: checkShortcut.callbackId, name: checkShortcut.name }],
    },
  });
});
afterEach(() => bot[Symbol.asyncDispose]());

/** What Slack sends when a person does something: where the person is from, and where it happened. */
const interactionBy = (id: string) => {
  const { teamId, hidesTeam } = teamOf(id) ?? {};
  return {
    user: { id, ...(!hidesTeam && { team_id: teamId }) },
    team: { id: 'TA', enterprise_id: 'EACME' },
    enterprise: { id: 'EACME' },
  };
};

async function arrives(payload: object): Promise<string> {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return (await bot.slack.deliver({ body }))?.body ?? '';
}

async function cardIn(channel: string) {
  await bot.slack.as('UANN').types(channel, '/dlq-tasks orders-dlq');
  await bot.settled();
  const card = bot.slack.messages(channel).findLast(({ author }) => author === 'UBOT');
  if (!card) throw new Error('no card');
  return card;
}

/** The result for the person: `served`, or why not. */
type Way = (id: string) => Promise<string>;

const outcomeOf =
  (go: (id: string) => Promise<unknown>): Way =>
  async (id) => {
    const answersBefore = answersTo(id).length;
    await go(id);
    await expect.poll(() => answersTo(id).length).toBeGreaterThan(answersBefore);
    const outcome = String(answersTo(id).at(-1)?.['outcome']);
    return outcome.startsWith('refused: ') ? outcome.slice('refused: '.length) : 'served';
  };
const answersTo = (id: string) =>
  bot.lines.filter(({ message, user }) => message === 'answered' && user === id);

const click = (label: string) =>
  outcomeOf(async (id) => bot.slack.as(id).clicks(await cardIn('COPS'), label));

const homeOpened = (id: string) =>
  bot.slack.deliver({
    contentType: 'application/json',
    body: JSON.stringify({
      type: 'event_callback',
      team_id: 'TA',
      event: { type: 'app_home_opened', tab: 'home', user: id },
      authorizations: [{ team_id: 'TA', enterprise_id: 'EACME', is_enterprise_install: false }],
    }),
  });

const clickInHome = (id: string) =>
  arrives({
    type: 'block_actions',
    ...interactionBy(id),
    container: { type: 'view' },
    view: { id: 'V1', type: 'home' },
    actions: [{ action_id: 'refresh-overview', block_id: 'b', value: '{"p":0}' }],
  });

/** As Slack sends it. */
const pick = (id: string, selected_option: object) =>
  outcomeOf(() =>
    arrives({
      type: 'block_actions',
      ...interactionBy(id),
      channel: { id: 'CGENERAL' },
      container: { is_ephemeral: true },
      actions: [{ action_id: 'pick-queue:1:', block_id: 'b', selected_option }],
    }),
  )(id);

const searched: Way = async (id) => {
  const answer = await arrives({
    type: 'block_suggestion',
    ...interactionBy(id),
    channel: { id: 'CGENERAL' },
    action_id: 'pick-queue:1:',
    block_id: 'b',
    value: 'orders',
  });
  const [option]: { value: string }[] = JSON.parse(answer).options;
  if (!option) return 'nothing found';
  return option.value.includes(orders.arn) ? 'served' : pick(id, option);
};

const command = outcomeOf((id) => bot.slack.as(id).types('CGENERAL', '/dlq-tasks orders-dlq'));
const mention = outcomeOf((id) => bot.slack.as(id).types('CGENERAL', '@dlq-tasks orders-dlq'));
const mentionWhereStrangersAre = outcomeOf((id) =>
  bot.slack.as(id).types('CSHARED', '@dlq-tasks orders-dlq'),
);
const shortcut = outcomeOf(async (id) =>
  bot.slack.as(id).usesShortcut(await cardIn('COPS'), checkShortcut.callbackId),
);

const ways: Record<string, Way> = {
  'a command': command,
  Refresh: click('Refresh'),
  Watch: click('Watch'),
  'the shortcut': shortcut,
  'a mention in a shared channel': mentionWhereStrangersAre,
  'opening the Home': outcomeOf(homeOpened),
  'a click in the Home': outcomeOf(clickInHome),
  'a search': searched,
};
const exceptCommands = Object.entries(ways).filter(([name]) => name !== 'a command');
const withoutUsersRead = () => bot.slack.faults.add({ kind: 'missing-scope', scope: 'users:read' });

describe.each(Object.entries(ways))('%s', (name, go) => {
  const isSearch = name === 'a search';
  test.each([
    ['of the bot’s own workspace', 'UANN'],
    ['whose primary workspace is another one of the organization', 'WCAT'],
  ])('is for someone %s', async (_, id) => {
    expect(await go(id)).toBe('served');
  });

  test.each([
    ['of another organization', 'UEVE'],
    ['of a workspace without an organization', 'USAM'],
  ])('is not for someone %s (Slack Connect)', async (_, id) => {
    expect(await go(id)).toBe(isSearch ? 'nothing found' : 'external-person');
  });

  test('of someone whose home it does not name depends on what Slack says about them', async () => {
    expect(await go('WHID')).toBe('served');
    expect(await go('UHID')).toBe(isSearch ? 'nothing found' : 'external-person');
  });
});

test('a mention in a channel of the organization alone is for everyone there', async () => {
  withoutUsersRead();
  expect(await mention('WCAT')).toBe('served');
});

describe('without users:read', () => {
  beforeEach(() => void withoutUsersRead());

  test.each(Object.entries(ways))('%s is for the bot’s own workspace', async (_, go) => {
    expect(await go('UANN')).toBe('served');
  });

  test('a command itself shows where the person is from', async () => {
    expect([await command('WCAT'), await command('UEVE'), await command('USAM')]).toEqual([
      'served',
      'external-person',
      'external-person',
    ]);
  });

  test('a command that does not is told so', async () => {
    expect(await command('WHID')).toBe('unknown-home');
  });

  test.each(exceptCommands)('%s is told that Slack does not say, without blame', async (name, go) => {
    // Slack opens a Home only for its own people.
    const expected = name === 'opening the Home' ? 'served' : 'unknown-home';
    for (const id of ['WCAT', 'USAM', 'WHID']) expect([id, await go(id)]).toEqual([id, expected]);
    const words = bot.slack.privateWords('WCAT').map(({ text }) => text);
    expect(words.filter((text) => text.includes('other'))).toEqual([]);
  });

  test.each(exceptCommands)(
    '%s is for anyone who has typed a command, and for their workspace',
    async (_, go) => {
      await command('WCAT');
      expect([await go('WCAT'), await go('WDAN')]).toEqual(['served', 'served']);
    },
  );

  test.each(exceptCommands)('%s is not opened by a stranger’s command', async (name, go) => {
    await command('USAM');
    if (name !== 'opening the Home') expect(await go('USAM')).not.toBe('served');
  });
});

test('calls users.info once for someone who clicks often', async () => {
  for (let clicks = 0; clicks < 3; clicks += 1) expect(await ways['Refresh']?.('WCAT')).toBe('served');
  expect(bot.slack.callsOf('users.info').map(({ args }) => args['user'])).toEqual(['WCAT']);
});

test('a users.info that does not answer delays no one for long', async () => {
  bot.slack.faults.add({ kind: 'slow', method: 'users.info', ms: 5_000 });
  const beganAt = performance.now();
  await arrives({
    type: 'block_suggestion',
    ...interactionBy('WCAT'),
    channel: { id: 'CGENERAL' },
    action_id: 'pick-queue:1:',
    value: '',
  });
  expect(performance.now() - beganAt).toBeLessThan(3_000);
});

test('externalPeople opens it to all of them', async () => {
  await bot[Symbol.asyncDispose]();
  const aws = fakeMoveTasks();
  const access = { ...openToAll, externalPeople: true };
  const slack = { people, team: { id: 'TA', enterpriseId: 'EACME' } };
  bot = await startTestBot({ moveTasks: aws, queues: [orders], slack, access });
  withoutUsersRead();
  expect([await searched('WHID'), await searched('UEVE'), await command('USAM')]).toEqual([
    'served',
    'served',
    'served',
  ]);
});
