import { describe, expect, test } from 'vitest';
import { findQueues, type QueueSearch } from '../../src/domain/queue-reference.ts';
import { aQueue } from '../support/builders.ts';

const shop = { label: 'shop', id: '444455556666' };
const queues = [
  aQueue({ name: 'orders-dlq', alias: 'orders-us', region: 'us-east-1' }),
  aQueue({ name: 'orders-dlq' }),
  aQueue({ name: 'late-orders', account: shop }),
  aQueue({ name: 'billing-events-dlq', alias: 'Invoices' }),
  aQueue({ name: 'salary-orders', channels: ['CPAY'] }),
];
const found = (search: Partial<QueueSearch>, atMost = 10) =>
  findQueues({ channelId: 'CGENERAL', query: '', ...search }, queues, atMost).map(({ alias }) => alias);

describe('a search for a queue', () => {
  test.each([
    [
      'nothing typed yet: all that the channel may see',
      '',
      ['Invoices', 'late-orders', 'orders-dlq', 'orders-us'],
    ],
    ['a part of names', 'orders', ['late-orders', 'orders-dlq', 'orders-us']],
    ['the name itself: that one first', ' Late—Orders ', ['late-orders']],
    ['an alias and its name: whose alias it is first', 'orders-us', ['orders-us']],
    ['a name that two have: both first', 'orders-dlq', ['orders-dlq', 'orders-us']],
    ['the name behind an alias', 'BILLING', ['Invoices']],
    ['words in any order', 'us-east orders', ['orders-us']],
    ['an account by its label', 'shop', ['late-orders']],
    ['an account by its id', '4444 orders', ['late-orders']],
    ['one word that fits and one that does not', 'orders eu-north', []],
    ['a typo: the nearest', ' ordrs ', ['orders-dlq', 'orders-us']],
    ['what is kept for another channel', 'salary', []],
    ['a long text, of which the beginning counts', `invoices${' '.repeat(200)}x`, ['Invoices']],
  ])('%s', (_what, query, aliases) => {
    expect(found({ query })).toEqual(aliases);
  });

  test('finds an exact name before longer ones', () => {
    const alias = aQueue({ name: 'post-dlq', alias: 'Mails' });
    const longer = [aQueue({ name: 'a-mails' }), alias, aQueue({ name: 'b-mails' })];
    expect(findQueues({ channelId: 'C1', query: ' mails ' }, longer, 2).map(({ name }) => name)).toEqual([
      'post-dlq',
      'a-mails',
    ]);
  });

  test('sorts by ARN if aliases are equal', () => {
    const twins = ['us-east-1', 'eu-west-1'].map((region) => aQueue({ region }));
    expect(findQueues({ channelId: 'C1', query: '' }, twins, 9).map(({ region }) => region)).toEqual([
      'eu-west-1',
      'us-east-1',
    ]);
  });

  test('searches only among queues of one name when choosing among them', () => {
    expect(found({ among: 'orders-dlq' })).toEqual(['orders-dlq', 'orders-us']);
    expect(found({ among: 'orders-dlq', query: 'us-east' })).toEqual(['orders-us']);
    expect(found({ among: '' })).toEqual([]);
  });

  test('shows no more than fits', () => {
    expect([found({}, 2), found({ query: 'ordrs' }, 1)]).toEqual([
      ['Invoices', 'late-orders'],
      ['orders-dlq'],
    ]);
  });
});
