import { describe, expect, test } from 'vitest';
import { areOfAnAlarm, looksLikeAQueue, nameIndex, wordsOfName } from '../../src/domain/name-index.ts';
import { parseQueueReference } from '../../src/domain/queue-reference.ts';
import { messageTokens, queuesMentioned } from '../../src/domain/queues-mentioned.ts';
import { aQueue } from '../support/builders.ts';

test.each([
  ['orders-dlq', ['orders', 'dlq']],
  ['orders_dlq.fifo', ['orders', 'dlq', 'fifo']],
  ['OrdersDLQAlarm', ['orders', 'dlq', 'alarm']],
  ['orders2Dlq', ['orders2', 'dlq']],
  ['--orders--dlq--', ['orders', 'dlq']],
  ['', []],
])('%s is these words: %j', (name, said) => {
  expect(wordsOfName(name)).toEqual(said);
});

test.each([
  ['refunds dlq', true],
  ['refunds dlq2', true],
  ['refundsqueue', true],
  ['refunds dead letter', true],
  ['refunds depth', true],
  ['r2 dlq', true],
  ['2nd dlq', true],
  ['refunds', false],
  ['refunds letter', false],
  ['dead refunds', false],
  ['backlog', false],
  ['dead letter queue', false],
  ['dlq alarm', false],
  ['too many dlq', false],
  ['dlq v2', false],
  ['dlq 12', false],
])('"%s" looks like a queue: %s', (name, isOne) => {
  expect(looksLikeAQueue(name.split(' '))).toBe(isOne);
});

test.each([
  ['not empty', true],
  ['prod alarm', true],
  ['alarm', true],
  ['v2 alarm', false],
  ['not', false],
  ['prod', false],
  ['', false],
])('the words around a name make it an alarm for it: "%s" %s', (rest, isIt) => {
  expect(areOfAnAlarm(wordsOfName(rest), ['prod'])).toBe(isIt);
});

describe('a message is split into words', () => {
  const long = 'x'.repeat(513);

  test.each<[string, string, [string, string[]][]]>([
    [
      'at white space, without what ends a sentence',
      ' *orders-dlq*:  full! ',
      [
        ['orders-dlq', ['orders-dlq']],
        ['full', ['full']],
      ],
    ],
    [
      'each with what reads like names in it',
      'team:orders/dlq',
      [['team:orders/dlq', ['team', 'orders', 'dlq']]],
    ],
    ['as links escape them', 'a%2Fb', [['a/b', ['a', 'b']]]],
    ['as links escape letters of several bytes', 'caf%C3%A9', [['café', ['café']]]],
    ['not where the escape is none', 'a%E0%A4b%', [['a%E0%A4b%', ['a', 'E0', 'A4b']]]],
    ['as the console escapes them', 'a$252Fb', [['a/b', ['a', 'b']]]],
    [
      'not where the console does not',
      'a$25zb a$2Fb',
      [
        ['a$25zb', ['a', '25zb']],
        ['a$2Fb', ['a', '2Fb']],
      ],
    ],
    [
      'as CloudWatch escapes them in its links',
      'http://x/a*2Fb',
      [['http://x/a/b', ['http', 'x', 'a', 'b']]],
    ],
    [
      'and only there',
      'a*2Fb https://x/*zb',
      [
        ['a*2Fb', ['a', '2Fb']],
        ['https://x/*zb', ['https', 'x', 'zb']],
      ],
    ],
    [
      'as JSON inside of JSON escapes them',
      String.raw`a\nb\u002Fc\"d`,
      [
        ['a', ['a']],
        ['b/c', ['b', 'c']],
        ['d', ['d']],
      ],
    ],
    ['of 512 characters at most', long.slice(1), [[long.slice(1), [long.slice(1)]]]],
    ['and of longer ones only what is short in them', `ab/${long}/cd`, [['', ['ab', 'cd']]]],
    ['without what nobody sees', 'or\u200bders', [['orders', ['orders']]]],
  ])('%s', (_how, text, expected) => {
    const { addresses, words } = messageTokens([text]);
    expect([addresses, words]).toEqual([[], expected.map(([whole, parts]) => ({ whole, parts }))]);
  });

  test('from several texts, up to what a person would read', () => {
    expect(messageTokens(['a', 'b']).words.map(({ whole }) => whole)).toEqual(['a', 'b']);
    expect(messageTokens([`${'x'.repeat(100_000)} orders-dlq`]).words).toEqual([{ whole: '', parts: [] }]);
  });

  test('apart from the addresses of queues', () => {
    const arn = 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq';
    const { addresses, words } = messageTokens([`x=${arn}, y`]);
    expect(addresses).toEqual([parseQueueReference(arn)]);
    expect(words.map(({ parts }) => parts)).toEqual([['x'], ['y']]);
    expect(messageTokens(['arn:aws:sqs:europe:111122223333:orders-dlq']).addresses).toEqual([]);
  });
});

describe('a word names queues', () => {
  const orders = aQueue();
  const staging = aQueue({
    alias: 'orders-stage',
    accountId: '444455556666',
    account: { label: 'stage', id: '4' },
  });
  const short = aQueue({ name: 'abc', alias: 'ab' });
  const index = nameIndex([orders, staging, short]);

  test.each([
    ['in full', 'Orders—dlq', [{ queues: [orders, staging], how: 'in-full' }]],
    [
      'by an alias, which may be an ordinary word',
      'orders-stage',
      [{ queues: [staging], how: 'ordinary-word' }],
    ],
    ['by a name of one word, which may be one, too', 'abc', [{ queues: [short], how: 'ordinary-word' }]],
    ['as an alarm of all of them', 'orders-dlq-not-empty', [{ queues: [orders, staging], how: 'alarm' }]],
    [
      'as a part, if it may be an alarm of some only',
      'stage-orders-dlq-not-empty',
      [{ queues: [orders, staging], how: 'part' }],
    ],
    ['as a part of three letters', 'xx-abc', [{ queues: [short], how: 'part' }]],
    ['not by two letters in another word', 'xx-ab', []],
    [
      'once for each time it is said',
      'abc-abc',
      [
        { queues: [short], how: 'part' },
        { queues: [short], how: 'part' },
      ],
    ],
    ['not at all', 'refunds', []],
  ])('%s: %s', (_how, word, mentions) => {
    expect(index.in(word)).toEqual(mentions);
  });

  test('none where none are listed', () => {
    expect(nameIndex([]).in('orders-dlq')).toEqual([]);
  });

  test('in full even if another queue’s alias is the same word', () => {
    const alias = aQueue({ name: 'mails-dlq', alias: 'orders-dlq' });
    expect(nameIndex([alias, orders]).in('orders-dlq')).toEqual([
      { queues: [alias, orders], how: 'in-full' },
    ]);
  });
});

describe('which queue a message means', () => {
  const orders = aQueue();
  const inUs = aQueue({ alias: 'orders-us', region: 'us-east-1' });
  const invoices = aQueue({ name: 'billing-events-dlq', alias: 'invoices' });
  const mentioned = (text: string, queues = [orders, inUs, invoices]) => {
    const found = queuesMentioned([text], queues);
    return [found.queues.map(({ alias }) => alias), found.isCertain];
  };

  test.each([
    ['the address that is listed, and its name beside it', `orders-dlq ${inUs.arn}`, [['orders-us'], true]],
    [
      'the one whose old address, which names no region, stands beside it',
      'orders-dlq https://queue.amazonaws.com/111122223333/orders-dlq',
      [['orders-us'], true],
    ],
    [
      'an alias that is itself the dimension',
      '{"name":"QueueName","value":"invoices"}',
      [['invoices'], true],
    ],
    ['both, where nothing tells them apart', 'orders-dlq', [['orders-dlq', 'orders-us'], false]],
    ['a name in full, not one inside of another', 'billing-events-dlq old-orders-dlq', [['invoices'], true]],
    ['an alias beside a name that is a part of another', 'invoices invoices-v2', [['invoices'], false]],
    [
      'an alias beside two queues that are not listed',
      'invoices refunds-dlq mails-dlq',
      [['invoices'], false],
    ],
    [
      'not the name of a queue URL elsewhere',
      'billing-events-dlq https://sqs.eu-west-1.amazonaws.com/999900001111/billing-events-dlq',
      [[], false],
    ],
    [
      'an alias beside a dimension, given as name and value',
      'invoices {"name":"QueueName","value":"refunds"}',
      [['invoices'], false],
    ],
    [
      'an alias beside a dimension, given as value and name',
      'invoices {"value":"refunds","name":"QueueName"}',
      [['invoices'], false],
    ],
    ['an alias, where the dimension has no value', 'invoices QueueName', [['invoices'], true]],
    [
      'an alias, where a value is no dimension',
      'invoices {"value":"refunds","name":"Service"} ',
      [['invoices'], true],
    ],
  ])('%s', (_which, text, expected) => {
    expect(mentioned(text)).toEqual(expected);
  });
});

test("a queue's address does not hide the alias of another queue with the same name", () => {
  const us = aQueue({ alias: 'orders-us', region: 'us-east-1' });
  const eu = aQueue({ alias: 'orders-eu' });
  expect(queuesMentioned([`${us.arn}, not orders-eu`], [eu, us])).toEqual({
    queues: [us, eu],
    isCertain: false,
  });
});

test('of two queues whose names differ only in case, the exact spelling wins', () => {
  const capital = aQueue({ name: 'Orders-dlq' });
  const { queues } = queuesMentioned(['Orders-dlq is full'], [aQueue(), capital]);
  expect(queues).toEqual([capital]);
});
