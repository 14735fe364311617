import { describe, expect, test } from 'vitest';
import { describeFaults } from '../../src/config/fault.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { goodSettings } from './settings-text.ts';

const role = 'arn:aws:iam::111122223333:role/dlq-tasks-redrive';
const accounts = goodSettings.replace('  billing:\n', `    redriveRoleArn: ${role}\n  billing:\n`);
const general = `redrive:
  requesters: { users: [U0001], userGroups: [S0001] }
  approvers: { userGroups: [S0002] }
`;
const good = `${accounts}${general}`;

/** The orders queue with extra lines. */
const withOrders = (...lines: string[]) =>
  good.replace(
    '  orders-dlq: arn:aws:sqs:eu-west-1:111122223333:orders-dlq\n',
    `  orders-dlq:\n    arn: arn:aws:sqs:eu-west-1:111122223333:orders-dlq\n${lines.map((line) => `    ${line}\n`).join('')}`,
  );

function faultsOf(text: string): string[] {
  const parsed = parseSettings(text);
  return parsed.ok ? [] : describeFaults('f', parsed.faults).split('\n');
}

function redriveOf(text: string, alias = 'orders-dlq') {
  const parsed = parseSettings(text);
  if (!parsed.ok) throw new Error(describeFaults('f', parsed.faults));
  return parsed.settings.queues.find((queue) => queue.alias === alias)?.redrive;
}

const usual = {
  role: { arn: role, externalId: 'our-secret-handshake' },
  requesters: { users: ['U0001'], userGroups: ['S0001'] },
  approvers: { users: [], userGroups: ['S0002'] },
  messagesPerSecond: { default: 10, max: 50 },
  expireAfterMinutes: 30,
  destinations: [],
};

describe('what people may do to a queue', () => {
  test('is nothing without the section, and nothing without a role', () => {
    expect(redriveOf(accounts)).toBeUndefined();
    expect(redriveOf(good, 'invoices')).toBeUndefined();
  });

  test('is what the section says, with defaults for the rest', () => {
    expect(redriveOf(good)).toEqual(usual);
  });

  test.each(['off', 'false', '"off"', 'Off'])('is nothing where its own redrive is %s', (word) => {
    const parsed = parseSettings(withOrders(`redrive: ${word}`));
    if (word === 'Off') expect(parsed.ok).toBe(false);
    else expect(redriveOf(withOrders(`redrive: ${word}`))).toBeUndefined();
  });

  test('is nothing for a reason that people are told', () => {
    const whyNot = (text: string, alias = 'orders-dlq') => {
      const parsed = parseSettings(text);
      if (!parsed.ok) throw new Error('faults');
      return parsed.settings.queues.find((queue) => queue.alias === alias)?.noRedrive;
    };
    expect([
      whyNot(accounts),
      whyNot(good, 'invoices'),
      whyNot(withOrders('redrive: off')),
      whyNot(good),
    ]).toEqual([undefined, 'no-role', 'off', undefined]);
  });

  test('is what its own redrive says in place of the general one', () => {
    const destination = 'arn:aws:sqs:eu-west-1:111122223333:orders';
    const own = withOrders(
      `redriveRoleArn: ${role}-orders`,
      `redrive: { destinations: [${destination}], requesters: { users: [] }, messagesPerSecond: { max: 5 } }`,
    );
    expect(redriveOf(own)).toEqual({
      ...usual,
      role: { arn: `${role}-orders`, externalId: 'our-secret-handshake' },
      requesters: { users: [], userGroups: [] },
      messagesPerSecond: { default: 5, max: 5 },
      destinations: [destination],
    });
  });

  test('is requested in its channel, except for queues that are limited to others', () => {
    const text = `${good}  channel: C0789\n`;
    expect(redriveOf(text)?.channel).toBe('C0789');
    const bound = withOrders('channels: [C0123]');
    expect(redriveOf(`${bound}  channel: C0789\n`)?.channel).toBeUndefined();
  });
});

describe('faults of redrives', () => {
  const section = (text: string) => `${accounts}redrive:\n  requesters: { users: [U0001] }\n${text}`;
  const orders = (redrive: string) => withOrders(`redrive: ${redrive}`);
  const arn = (name: string, place = 'eu-west-1:111122223333') => `arn:aws:sqs:${place}:${name}`;

  test.each<[string, string, string[]]>([
    [
      'no role at all',
      `${goodSettings}${general}`,
      ['f:16 redrive: has no role to use; set redriveRoleArn for an account or a queue'],
    ],
    ['no requesters', `${accounts}redrive: {}\n`, ['f:17 redrive.requesters: is missing']],
    [
      'a name in place of an id',
      `${accounts}redrive:\n  requesters: { users: [bob] }\n`,
      [
        'f:18 redrive.requesters.users[0]: "bob" is not a user ID, such as U0123456789; use the ID, not the name',
      ],
    ],
    [
      'a rate beyond what SQS takes',
      section('  messagesPerSecond: { max: 501 }\n'),
      ['f:19 redrive.messagesPerSecond.max: must be a whole number from 1 to 500'],
    ],
    [
      'a default above the maximum',
      section('  messagesPerSecond: { default: 60 }\n'),
      ['f:19 redrive.messagesPerSecond.default: default (60) must not be more than max (50)'],
    ],
    [
      'an expiry of more than a day',
      section('  expireAfterMinutes: 1441\n'),
      ['f:19 redrive.expireAfterMinutes: must be a whole number from 1 to 1440'],
    ],
    [
      'a forbidden channel',
      section('  channel: C0789\naccess: { channels: [C0123, C0456] }\n'),
      ['f:19 redrive.channel: is C0789, which is not in access.channels (C0123, C0456)'],
    ],
    [
      'an unknown word',
      section('  approver: { users: [U0001] }\n'),
      ['f:19 redrive.approver: is not a setting; did you mean approvers?'],
    ],
    [
      "another account's role",
      good.replace(role, role.replace('1111', '4444')),
      [
        'f:6 accounts.prod.redriveRoleArn: is a role in account 444422223333, but must be in account 111122223333: SQS rejects roles from other accounts',
      ],
    ],
    [
      "a queue's role of another account",
      withOrders(`redriveRoleArn: ${role.replace('1111', '4444')}`),
      [
        'f:13 queues.orders-dlq.redriveRoleArn: is a role in account 444422223333, but must be in account 111122223333: SQS rejects roles from other accounts',
      ],
    ],
    [
      'a queue without the general section',
      withOrders('redrive: { destinations: [] }').replace(general, ''),
      ['f:13 queues.orders-dlq.redrive: needs the general redrive section, which says who is allowed'],
    ],
    [
      'a queue without a role',
      good.replace('    runbook:', '    redrive: { destinations: [] }\n    runbook:'),
      ['f:15 queues.invoices.redrive: needs a redriveRoleArn, its own or that of its account'],
    ],
    [
      'neither off nor a map',
      orders('on'),
      [
        'f:13 queues.orders-dlq.redrive: must be off, or a map with destinations, requesters, approvers, or messagesPerSecond',
      ],
    ],
    [
      'an unknown word of a queue',
      orders('{ destination: [] }'),
      ['f:13 queues.orders-dlq.redrive.destination: is not a setting; did you mean destinations?'],
    ],
    [
      'the queue itself',
      orders(`{ destinations: [${arn('orders-dlq')}] }`),
      ['f:13 queues.orders-dlq.redrive.destinations[0]: is the dead-letter queue itself'],
    ],
    [
      'another account',
      orders(`{ destinations: [${arn('orders', 'eu-west-1:444455556666')}] }`),
      [
        "f:13 queues.orders-dlq.redrive.destinations[0]: is in account 444455556666, but must be in the queue's account, 111122223333",
      ],
    ],
    [
      'another region',
      orders(`{ destinations: [${arn('ok')}, ${arn('orders', 'us-east-1:111122223333')}] }`),
      [
        "f:13 queues.orders-dlq.redrive.destinations[1]: is in us-east-1, but must be in the queue's region, eu-west-1",
      ],
    ],
    [
      'another type',
      orders(`{ destinations: [${arn('orders.fifo')}] }`),
      [
        'f:13 queues.orders-dlq.redrive.destinations[0]: is a FIFO queue, but the dead-letter queue is a standard queue',
      ],
    ],
    [
      'no ARN',
      orders('{ destinations: [orders] }'),
      [
        'f:13 queues.orders-dlq.redrive.destinations[0]: "orders" is not the ARN of an SQS queue, such as arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
      ],
    ],
  ])('%s', (_, text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });
});

test.each(['redrive', 'cancel', 'History'])('an alias that is the newer word %s is a warning', (alias) => {
  const parsed = parseSettings(good.replace('  invoices:', `  ${alias}:`));
  expect(parsed.ok && describeFaults('f', parsed.warnings)).toBe(
    `f:12 queues.${alias}: is the name of a command (${alias.toLowerCase()}): type the queue's ARN to reach it, or choose another alias`,
  );
});
