import { describe, expect, test } from 'vitest';
import { describeFaults } from '../../src/config/fault.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { defaultWatchSettings } from '../../src/domain/settings.ts';
import { goodSettings, spoiled } from './settings-text.ts';

function faultsOf(text: string): string[] {
  const parsed = parseSettings(text);
  return parsed.ok ? [] : describeFaults('dlq-tasks.yml', parsed.faults).split('\n');
}

describe('good settings', () => {
  test('every queue has its account and role, and everything left out has its default', () => {
    expect(parseSettings(goodSettings)).toStrictEqual({
      ok: true,
      warnings: [],
      settings: {
        queues: [
          {
            partition: 'aws',
            region: 'eu-west-1',
            accountId: '111122223333',
            name: 'orders-dlq',
            alias: 'orders-dlq',
            arn: 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
            account: { label: 'prod', id: '111122223333' },
            role: {
              arn: 'arn:aws:iam::111122223333:role/dlq-tasks-status',
              externalId: 'our-secret-handshake',
            },
            channels: [],
          },
          {
            partition: 'aws',
            region: 'us-east-1',
            accountId: '444455556666',
            name: 'billing-events-dlq',
            alias: 'invoices',
            arn: 'arn:aws:sqs:us-east-1:444455556666:billing-events-dlq',
            account: { label: 'billing', id: '444455556666' },
            role: { arn: 'arn:aws:iam::444455556666:role/teams/billing/status' },
            runbook: 'https://runbooks.example.com/billing',
            channels: ['C0123', 'C0456'],
          },
        ],
        watch: { ...defaultWatchSettings, followEverySeconds: 75 },
        access: { channels: [], users: [], userGroups: [], externalPeople: false },
      },
    });
  });

  test("a queue's own role uses its account's external ID", () => {
    const text = spoiled(
      '  orders-dlq: arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
      '  orders-dlq:',
      '    arn: arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
      '    roleArn: arn:aws:iam::111122223333:role/other',
    );
    const parsed = parseSettings(text);
    expect(parsed.ok && parsed.settings.queues[0]?.role).toEqual({
      arn: 'arn:aws:iam::111122223333:role/other',
      externalId: 'our-secret-handshake',
    });
  });

  test('reads watch and access settings as written, and sorts the bounce-back polls', () => {
    const parsed = parseSettings(`${goodSettings}
watch: { minPollSeconds: 1, maxPollSeconds: 900, bounceBackAfterSeconds: [900, 60, 60], stalledAfterMinutes: 90, followEverySeconds: 5 }
access: { channels: [C0001, G0002], users: [U0001, W0002], userGroups: [S0001], externalPeople: true }
`);
    expect(parsed.ok && [parsed.settings.watch, parsed.settings.access]).toMatchObject([
      {
        minPollSeconds: 1,
        maxPollSeconds: 900,
        bounceBackAfterSeconds: [60, 900],
        stalledAfterMinutes: 90,
        followEverySeconds: 5,
      },
      {
        channels: ['C0001', 'G0002'],
        users: ['U0001', 'W0002'],
        userGroups: ['S0001'],
        externalPeople: true,
      },
    ]);
  });

  test('a queue may be followed by a channel, with or without channels of its own', () => {
    const parsed = parseSettings(
      `${spoiled('    channels: [C0123, C0456]', '    channels: [C0123, C0456]', '    notify: C0456')}  b: { arn: arn:aws:sqs:eu-west-1:111122223333:b, notify: G0789 }\n`,
    );
    expect(parsed.ok && parsed.settings.queues.map(({ notify }) => notify)).toEqual([
      undefined,
      'C0456',
      'G0789',
    ]);
  });

  test('accepts queues and roles of other partitions', () => {
    const china = goodSettings
      .replaceAll('arn:aws:', 'arn:aws-cn:')
      .replace('eu-west-1', 'cn-north-1')
      .replace('us-east-1', 'cn-northwest-1');
    expect(parseSettings(china).ok).toBe(true);
  });

  test('YAML anchors save typing', () => {
    const text = `accounts:
  prod: { id: &prod "111122223333", roleArn: arn:aws:iam::111122223333:role/r, externalId: *prod }
queues:
  a: { arn: arn:aws:sqs:eu-west-1:111122223333:a, channels: &ours [C0123] }
  b: { arn: arn:aws:sqs:eu-west-1:111122223333:b, channels: *ours }
`;
    const parsed = parseSettings(text);
    expect(parsed.ok && parsed.settings.queues.map(({ channels }) => channels)).toEqual([
      ['C0123'],
      ['C0123'],
    ]);
  });
});

describe('each fault is reported with its line and path', () => {
  const cases: [what: string, text: string, ...faults: string[]][] = [
    ['an empty file', '', ':1: is empty; it needs accounts and queues'],
    ['only comments', '# accounts:\n', ':1: is empty; it needs accounts and queues'],
    ['a list', '- a\n', ':1: must be a map of names and values'],
    [
      'no queues',
      'accounts: {}\n',
      ':1 accounts: lists no account; add at least one',
      ':1 queues: is missing',
    ],
    [
      'an empty part',
      goodSettings.replace(/queues:.*/s, 'queues:\n'),
      ':9 queues: is empty; give it a value or remove the line',
    ],
    ['a misspelt part', `${goodSettings}acess: {}\n`, ':16 acess: is not a setting; did you mean access?'],
    [
      'an unknown part',
      `${goodSettings}retries: 3\n`,
      ':16 retries: is not a setting; valid here: accounts, queues, watch, access, redrive',
    ],
    [
      'several unknown keys of one queue',
      spoiled('    channels: [C0123, C0456]', '    runbok: a', '    channel: [C0123]'),
      ':15 queues.invoices.runbok: is not a setting; did you mean runbook?',
      ':16 queues.invoices.channel: is not a setting; did you mean channels?',
    ],
    [
      'an account id without quotes',
      spoiled('    id: "111122223333"', '    id: 011122223333'),
      ':3 accounts.prod.id: must be text; put it in quotes: "011122223333"',
    ],
    [
      'an account id with dashes',
      spoiled('    id: "111122223333"', '    id: 1111-2222-3333'),
      ':3 accounts.prod.id: "1111-2222-3333" is not an AWS account ID, which has 12 digits',
    ],
    [
      'an account listed twice',
      spoiled(
        'queues:',
        '  again:',
        '    id: "111122223333"',
        '    roleArn: arn:aws:iam::111122223333:role/r',
        'queues:',
      ),
      ':10 accounts.again.id: is already the ID of prod; list each account once',
    ],
    [
      'an account without a role',
      spoiled('    roleArn: arn:aws:iam::444455556666:role/dlq-tasks-status'),
      ':6 accounts.billing.roleArn: is missing',
    ],
    [
      'a user instead of a role',
      spoiled(
        '    roleArn: arn:aws:iam::444455556666:role/dlq-tasks-status',
        '    roleArn: arn:aws:iam::444455556666:user/me',
      ),
      ':8 accounts.billing.roleArn: "arn:aws:iam::444455556666:user/me" is not the ARN of an IAM role, such as arn:aws:iam::111122223333:role/dlq-tasks-status',
    ],
    [
      "an account's role in another account",
      spoiled(
        '    roleArn: arn:aws:iam::444455556666:role/dlq-tasks-status',
        '    roleArn: arn:aws:iam::111122223333:role/r',
      ),
      ':8 accounts.billing.roleArn: is a role in account 111122223333, but must be in account 444455556666: SQS rejects roles from other accounts',
    ],
    [
      "a queue's role in another account",
      spoiled(
        '    roleArn: arn:aws:iam::444455556666:role/teams/billing/status',
        '    roleArn: arn:aws:iam::111122223333:role/r',
      ),
      ':13 queues.invoices.roleArn: is a role in account 111122223333, but must be in account 444455556666: SQS rejects roles from other accounts',
    ],
    [
      "a queue in another partition than its account's role",
      spoiled(
        '  orders-dlq: arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
        '  orders-dlq: arn:aws-cn:sqs:cn-north-1:111122223333:orders-dlq',
      ),
      ':10 queues.orders-dlq: is in partition aws-cn, but the role of prod is in aws',
    ],
    [
      'an external id that STS would refuse, which is not repeated',
      spoiled('    externalId: our-secret-handshake', '    externalId: our secret!'),
      ':5 accounts.prod.externalId: must have 2 to 1224 characters: letters, digits, and _ + = , . @ : / -',
    ],
    [
      "a queue's URL",
      spoiled(
        '  orders-dlq: arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
        '  orders-dlq: https://sqs.eu-west-1.amazonaws.com/111122223333/orders-dlq',
      ),
      ':10 queues.orders-dlq: "https://sqs.eu-west-1.amazonaws.com/111122223333/orders-dlq" is not the ARN of an SQS queue but its URL; use arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
    ],
    [
      'the URL of a queue in the European Sovereign Cloud in place of its ARN',
      spoiled(
        '  orders-dlq: arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
        '  orders-dlq: https://sqs.eusc-de-east-1.amazonaws.eu/111122223333/orders-dlq',
      ),
      ':10 queues.orders-dlq: "https://sqs.eusc-de-east-1.amazonaws.eu/111122223333/orders-dlq" is not the ARN of an SQS queue but its URL; use arn:aws-eusc:sqs:eusc-de-east-1:111122223333:orders-dlq',
    ],
    [
      'a region of another partition',
      spoiled(
        '  orders-dlq: arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
        '  orders-dlq: arn:aws:sqs:cn-north-1:111122223333:orders-dlq',
      ),
      ':10 queues.orders-dlq: has the region cn-north-1, which is not in partition aws but in aws-cn',
    ],
    [
      'a number for a queue',
      spoiled('  orders-dlq: arn:aws:sqs:eu-west-1:111122223333:orders-dlq', '  orders-dlq: 7'),
      ":10 queues.orders-dlq: must be the queue's ARN, or a map with its arn",
    ],
    [
      'a queue of an account that is not listed',
      spoiled(
        '  orders-dlq: arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
        '  orders-dlq: arn:aws:sqs:eu-west-1:999900001111:orders-dlq',
      ),
      ':10 queues.orders-dlq: is in account 999900001111, which is not listed under accounts',
    ],
    [
      'one queue under two aliases',
      `${goodSettings}  again: arn:aws:sqs:eu-west-1:111122223333:orders-dlq\n`,
      ':16 queues.again: is already the queue of orders-dlq; list each queue once',
    ],
    [
      'one alias for two queues',
      `${goodSettings}  invoices: arn:aws:sqs:eu-west-1:111122223333:other\n`,
      ':16 queues.invoices: is a duplicate; keep only one',
    ],
    [
      "an alias that is a command's word",
      `${goodSettings}  Watches: arn:aws:sqs:eu-west-1:111122223333:other\n`,
      ':16 queues.Watches: is the name of a command (watches); choose another alias',
    ],
    [
      'a runbook with a password in it',
      spoiled('    runbook: https://runbooks.example.com/billing', '    runbook: https://me:pw@example.com/'),
      ':14 queues.invoices.runbook: must be an https:// or http:// link of at most 3000 characters, without a password',
    ],
    [
      "a channel's name, and a channel that is not in a list",
      `${spoiled('    channels: [C0123, C0456]', '    channels: C0123')}access: { channels: ['#ops'] }\n`,
      ':15 queues.invoices.channels: must be a list, such as [one, two]',
      ':16 access.channels[0]: "#ops" is not a channel ID, such as C0123456789; use the ID, not the name',
    ],
    [
      'a queue that is followed by a name, and one by a channel that may not see it',
      `${spoiled('    channels: [C0123, C0456]', '    channels: [C0123, C0456]', '    notify: C0789')}  b: { arn: arn:aws:sqs:eu-west-1:111122223333:b, notify: '#ops' }\n`,
      ":16 queues.invoices.notify: is C0789, which is not in the queue's own channels (C0123, C0456)",
      ':17 queues.b.notify: "#ops" is not a channel ID, such as C0123456789; use the ID, not the name',
    ],
    [
      'queues that are followed where the bot may not be used',
      `${spoiled('    channels: [C0123, C0456]', '    channels: [C0123, C0456]', '    notify: C0789')}  b: { arn: arn:aws:sqs:eu-west-1:111122223333:b, notify: C0456 }\n  c: { arn: arn:aws:sqs:eu-west-1:111122223333:c, notify: C0123 }\naccess: { channels: [C0123], externalPeople: maybe }\n`,
      ":16 queues.invoices.notify: is C0789, which is not in the queue's own channels (C0123, C0456)",
      ':16 queues.invoices.notify: is C0789, which is not in access.channels (C0123)',
      ':17 queues.b.notify: is C0456, which is not in access.channels (C0123)',
      ':19 access.externalPeople: must be true or false',
    ],
    [
      'looks for what begins elsewhere that are too quick',
      `${goodSettings}watch: { followEverySeconds: 4 }\n`,
      ':16 watch.followEverySeconds: must be a whole number from 5 to 900',
    ],
    [
      'an e-mail address for a person, a name for a group, a word for yes',
      `${goodSettings}access:\n  users:\n    - U0123\n    - me@example.com\n  userGroups: [ops]\n  externalPeople: sometimes\n`,
      ':19 access.users[1]: "me@example.com" is not a user ID, such as U0123456789; use the ID, not the name',
      ':20 access.userGroups[0]: "ops" is not a user group ID, such as S0123456789; use the ID, not the name',
      ':21 access.externalPeople: must be true or false',
    ],
    [
      'numbers of the watch that are out of range',
      `${goodSettings}watch:\n  minPollSeconds: 0\n  maxPollSeconds: 901\n  bounceBackAfterSeconds: [0, 1.5, 86401, x]\n`,
      ':17 watch.minPollSeconds: must be a whole number from 1 to 900',
      ':18 watch.maxPollSeconds: must be a whole number from 1 to 900',
      ':19 watch.bounceBackAfterSeconds[0]: must be a whole number from 1 to 86400',
      ':19 watch.bounceBackAfterSeconds[1]: must be a whole number from 1 to 86400',
      ':19 watch.bounceBackAfterSeconds[2]: must be a whole number from 1 to 86400',
      ':19 watch.bounceBackAfterSeconds[3]: must be a whole number from 1 to 86400',
    ],
    [
      'too many looks for messages that came back, one of them wrong',
      `${goodSettings}watch: { bounceBackAfterSeconds: [1, 2, 3, 4, 5, 6, x] }\n`,
      ':16 watch.bounceBackAfterSeconds: must list at most 6 times',
      ':16 watch.bounceBackAfterSeconds[6]: must be a whole number from 1 to 86400',
    ],
    [
      'a least above the most, which is a default',
      `${goodSettings}watch: { minPollSeconds: 301 }\n`,
      ':16 watch.minPollSeconds: minPollSeconds (301) must not be more than maxPollSeconds (300)',
    ],
    [
      'a most below the least, which is a default',
      `${goodSettings}watch: { maxPollSeconds: 4 }\n`,
      ':16 watch.maxPollSeconds: minPollSeconds (5) must not be more than maxPollSeconds (4)',
    ],
    [
      'a stall that is over before the next poll may come',
      `${goodSettings}watch:\n  minPollSeconds: 121\n  stalledAfterMinutes: 2\n`,
      ':18 watch.stalledAfterMinutes: stalledAfterMinutes (2) must not be shorter than minPollSeconds (121)',
    ],
    [
      'a fault below a name that stands twice, where it counts: in the last',
      `${goodSettings}  invoices:\n    arn: arn:aws:sqs:us-east-1:444455556666:b\n    channels: [ops]\n`,
      ':16 queues.invoices: is a duplicate; keep only one',
      ':18 queues.invoices.channels[0]: "ops" is not a channel ID, such as C0123456789; use the ID, not the name',
    ],
    [
      'a label that nobody can type',
      spoiled('  billing:', '  "bil ling":'),
      ':6 accounts."bil ling": can\'t be typed as an account\'s label; use letters, digits, dots, dashes, and underscores',
    ],
    [
      'a fault that comes along by <<, where it was written',
      `x-ours: &ours\n  notify: ops\n${spoiled('    channels: [C0123, C0456]', '    <<: *ours')}`,
      ':2 queues.invoices.notify: "ops" is not a channel ID, such as C0123456789; use the ID, not the name',
    ],
    [
      'a name of our own that is not at the top',
      spoiled('    channels: [C0123, C0456]', '    x-owner: billing'),
      ':15 queues.invoices.x-owner: is not a setting; valid here: arn, roleArn, redriveRoleArn, runbook, channels, notify, redrive',
    ],
    [
      'a << of something that is no map',
      spoiled('    channels: [C0123, C0456]', '    <<: 7'),
      ": this can't be read as YAML: Merge sources must be maps or map aliases",
    ],
    ['a tab', 'accounts:\n\tprod: 1\n', ':2: this is not valid YAML: Tabs are not allowed as indentation'],
    [
      'two documents',
      `${goodSettings}---\n${goodSettings}`,
      ':16: this is not valid YAML: a second document begins here; the file must contain only one',
    ],
    [
      'a tag of another tool',
      spoiled('    id: "111122223333"', '    id: !Ref AccountId'),
      ':3: this is not valid YAML: Unresolved tag: !Ref',
    ],
    [
      'a name that is special in JavaScript',
      `${goodSettings}  __proto__: arn:aws:sqs:eu-west-1:111122223333:other\n`,
      ":16 queues.__proto__: can't be used as a name",
    ],
  ];

  test.each(cases)('%s', (_what, text, ...faults) => {
    expect(faultsOf(text)).toEqual(faults.map((fault) => `dlq-tasks.yml${fault}`));
  });

  test('reports all faults at once, in the order of their lines', () => {
    const text = `queues:
  "a b": arn:aws:sqs:eu-west-1:111122223333:a
  b: nonsense
accounts:
  prod:
    id: 111122223333
    roleArn: arn:aws:iam::444455556666:role/r
acces: {}
`;
    expect(faultsOf(text)).toEqual([
      'dlq-tasks.yml:2 queues."a b": can\'t be typed as an alias; use letters, digits, dots, dashes, and underscores',
      'dlq-tasks.yml:3 queues.b: "nonsense" is not the ARN of an SQS queue, such as arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
      'dlq-tasks.yml:6 accounts.prod.id: must be text; put it in quotes: "111122223333"',
      'dlq-tasks.yml:8 acces: is not a setting; did you mean access?',
    ]);
  });
});

test.each(['aws-eusc:sqs:eusc-de-east-1', 'aws-iso-e:sqs:eu-isoe-west-1', 'aws-new:sqs:moon-de-east-1'])(
  'accepts a queue of any partition: arn:%s',
  (place) => {
    const [partition = ''] = place.split(':');
    const text = goodSettings
      .replaceAll('arn:aws:iam', `arn:${partition}:iam`)
      .replace('arn:aws:sqs:eu-west-1', `arn:${place}`)
      .replace('arn:aws:sqs:us-east-1', `arn:${place}`);
    const parsed = parseSettings(text);
    expect(parsed).toMatchObject({ ok: true });
    expect(parsed.ok && parsed.settings.queues[0]).toMatchObject({
      partition,
      arn: `arn:${place}:111122223333:orders-dlq`,
    });
  },
);

test('names that begin with x- are the operator’s own, and << merges from them', () => {
  const text = `x-note: anything
x-quiet: &quiet
  channels: [C0123]
  runbook: https://runbooks.example.com/all
x-loud: &loud { notify: C0123, channels: [C0456] }
${spoiled('    channels: [C0123, C0456]', '    <<: [*quiet, *loud]')}`;
  const parsed = parseSettings(text);
  expect(parsed.ok && parsed.settings.queues[1]).toMatchObject({
    channels: ['C0123'],
    notify: 'C0123',
    runbook: 'https://runbooks.example.com/billing',
  });
});

describe('the limits are exact', () => {
  const isTaken = (text: string) => parseSettings(text).ok;
  const runbook = (link: string) =>
    isTaken(spoiled('    runbook: https://runbooks.example.com/billing', `    runbook: ${link}`));
  const role = (name: string) =>
    isTaken(
      spoiled(
        '    roleArn: arn:aws:iam::444455556666:role/teams/billing/status',
        `    roleArn: arn:aws:iam::444455556666:role/${name}`,
      ),
    );
  const externalId = (id: string) =>
    isTaken(spoiled('    externalId: our-secret-handshake', `    externalId: "${id}"`));
  const access = (lists: string) => isTaken(`${goodSettings}access: { ${lists} }\n`);
  const watch = (numbers: string) => isTaken(`${goodSettings}watch: { ${numbers} }\n`);

  test.each([
    ['a runbook of 3000 characters', runbook(`https://e.com/${'a'.repeat(2986)}`), true],
    ['a runbook of 3001 characters', runbook(`https://e.com/${'a'.repeat(2987)}`), false],
    ['a runbook over plain http', runbook('http://wiki.local/dlq'), true],
    ['a runbook that is a script', runbook('"javascript:alert(1)"'), false],
    ['a runbook with a user name', runbook('https://me@example.com/'), false],
    ['a runbook with a space', runbook('https://example.com/a b'), false],
    ['a role name of 64 characters', role('r'.repeat(64)), true],
    ['a role name of 65 characters', role('r'.repeat(65)), false],
    ['a role without a name', role(''), false],
    ['an external id of 2 characters', externalId('ab'), true],
    ['an external id of 1 character', externalId('a'), false],
    ['an external id of 1224 characters', externalId('a'.repeat(1224)), true],
    ['an external id of 1225 characters', externalId('a'.repeat(1225)), false],
    ['a private channel', access('channels: [G0123]'), true],
    ['a conversation of two', access('channels: [D0123]'), false],
    ['a person of an enterprise', access('users: [W0123]'), true],
    ['a bot', access('users: [B0123]'), false],
    ['a team', access('userGroups: [T0123]'), false],
    ['polls that are always as far apart', watch('minPollSeconds: 300'), true],
    ['a stall as soon as the next poll may come', watch('minPollSeconds: 120, stalledAfterMinutes: 2'), true],
    ['no looks for messages that came back', watch('bounceBackAfterSeconds: []'), true],
    ['the first and the last of them', watch('bounceBackAfterSeconds: [1, 86400]'), true],
  ])('%s', (_what, taken, expected) => {
    expect(taken).toBe(expected);
  });

  test('blames the value behind a YAML alias where it was written', () => {
    const text = `${spoiled('    channels: [C0123, C0456]', '    channels: &ours', '      - ops')}access:\n  channels: *ours\n`;
    expect(faultsOf(text)).toEqual([
      'dlq-tasks.yml:16 queues.invoices.channels[0]: "ops" is not a channel ID, such as C0123456789; use the ID, not the name',
      'dlq-tasks.yml:16 access.channels[0]: "ops" is not a channel ID, such as C0123456789; use the ID, not the name',
    ]);
  });
});
