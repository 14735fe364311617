import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Queue } from '../../src/domain/queue.ts';
import { queuesMentioned } from '../../src/domain/queues-mentioned.ts';
import { aQueue } from '../support/builders.ts';

const orders = aQueue();
const ordersInUs = aQueue({ alias: 'orders-us', region: 'us-east-1' });
const euOrders = aQueue({ name: 'eu-orders-dlq' });
const invoices = aQueue({ name: 'billing-events-dlq', alias: 'invoices', accountId: '444455556666' });
const fifo = aQueue({ name: 'payments.fifo', alias: 'payments.fifo' });
const team = aQueue({ name: 'team-orders', alias: 'team:orders' });
const queues = [orders, euOrders, invoices, fifo, team];

const found = (text: string, among: readonly Queue[] = queues) =>
  queuesMentioned([text], among).queues.map(({ alias }) => alias);

test('a camel-case alarm matches a queue with a number between dashes', () => {
  const first = aQueue({ name: 'orders-1-dlq' });
  const mentioned = queuesMentioned(['ALARM: Orders1DLQAlarm'], [...queues, first]);
  expect(mentioned).toEqual({ queues: [first], isCertain: true });
});

describe('a message mentions', () => {
  test.each([
    ['a name', 'orders-dlq is full', ['orders-dlq']],
    ['a name at the end of a sentence', 'Look at orders-dlq.', ['orders-dlq']],
    ['a name in quotes', '"orders-dlq"', ['orders-dlq']],
    ['a name from a phone', 'Orders—dlq is full', ['orders-dlq']],
    ['an alias', 'the invoices are late', ['invoices']],
    ['a dimension', 'QueueName = orders-dlq', ['orders-dlq']],
    ['a dimension in JSON', '{"value":"orders-dlq","name":"QueueName"}', ['orders-dlq']],
    ['an ARN', `Redrive ${invoices.arn}, please`, ['invoices']],
    ['a queue URL', 'https://sqs.eu-west-1.amazonaws.com/111122223333/orders-dlq.', ['orders-dlq']],
    ['a FIFO queue', 'payments.fifo.', ['payments.fifo']],
    ['the longest name only', 'eu-orders-dlq', ['eu-orders-dlq']],
    ['an alarm named after a queue', 'ALARM: orders-dlq-not-empty', ['orders-dlq']],
    ['an alarm named after the longer one', 'prod_eu-orders-dlq_not-empty', ['eu-orders-dlq']],
    [
      'a queue by name, and an alarm of another',
      'orders-dlq-not-empty: see eu-orders-dlq',
      ['eu-orders-dlq'],
    ],
    ['an alarm, and an alias', 'orders-dlq-not-empty: see invoices', ['orders-dlq', 'invoices']],
    ['an alarm in camel case', 'ALARM: OrdersDLQAlarm', ['orders-dlq']],
    ['an alarm that goes on in camel case', 'orders-dlqDepth', ['orders-dlq']],
    ['an alias with a colon', 'is team:orders full?', ['team:orders']],
    ['a name in bold', '*orders-dlq* _payments.fifo_', ['orders-dlq', 'payments.fifo']],
    ['a name with what nobody sees', 'orders-\u200bdlq', ['orders-dlq']],
    ['what a text in JSON escapes', '{\\"value\\":\\u0022orders-dlq\\u0022}', ['orders-dlq']],
    ['several, as they come up', 'invoices, orders-dlq, invoices', ['invoices', 'orders-dlq']],
    ['two alarms', 'orders-dlq-age and payments.fifo-age', ['orders-dlq', 'payments.fifo']],
    ['a word with a name inside', 'reorders-dlq preorders-dlqs', []],
    ['a queue of an account that is not listed', 'arn:aws:sqs:eu-west-1:999900001111:orders-dlq', []],
    ['that queue, by its alarm', 'orders-dlq-age of arn:aws:sqs:eu-west-1:999900001111:orders-dlq', []],
    ['nothing', '', []],
  ])('%s', (_what, text, aliases) => {
    expect(found(text)).toEqual(aliases);
  });

  test.each([
    [
      'https://eu-west-1.console.aws.amazon.com/sqs/v3/home?region=eu-west-1#/queues/https%3A%2F%2Fsqs.eu-west-1.amazonaws.com%2F111122223333%2Forders-dlq',
    ],
    [
      'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/orders-dlq$252Fnot-empty',
    ],
    [
      'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/orders-dlq*20not*20empty',
    ],
    [
      "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#metricsV2?graph=~(metrics~(~(~'AWS*2fSQS~'ApproximateNumberOfMessagesVisible~'QueueName~'orders-dlq))~view~'timeSeries)",
    ],
  ])('a link of the console: %s', (link) => {
    expect(found(link)).toEqual(['orders-dlq']);
  });
});

describe('the card can be shown to everyone when', () => {
  const mail = aQueue({ name: 'mail', alias: 'mail' });
  const some = [orders, invoices, mail];
  const isCertain = (text: string) => queuesMentioned([text], some);

  test.each([
    ['a name', 'orders-dlq is full'],
    ['a name beside one of another queue', 'orders-dlq and refunds-dlq are full'],
    ['an ARN beside one of another queue', `${orders.arn} ${orders.arn.replace('orders', 'refunds')}`],
    ['an alias alone', 'the invoices are late'],
    ['an alarm', 'ALARM: "orders-dlq-not-empty" in EU (Ireland)'],
    ['an alarm in camel case', 'OrdersDLQAlarm'],
    ['an alarm with the account in its name', 'prod-orders-dlq-age-of-oldest-message'],
    ['an alias in an alarm', 'invoices-alarm'],
    ['an alias beside our own name', '/dlq-tasks invoices'],
  ])('the message has %s: %s', (_what, text) => {
    expect(isCertain(text)).toMatchObject({ queues: [{}], isCertain: true });
  });

  test.each([
    ['an alias beside a queue that is not listed', 'Refunds for invoices are stuck in refunds-dlq'],
    ['the same for a name that is an ordinary word', 'The mail about refunds-dlq'],
    ['an alias beside one in a single word', 'invoices, refundsdlq'],
    ['an alias beside a second one', 'invoices, refunds-dlq2'],
    ['an alias beside one of another kind', 'invoices, refunds-sqs'],
    ['an alias beside an ARN', `invoices ${orders.arn.replace('orders', 'refunds')}`],
    ['an alias beside an alarm', 'the invoices, and RefundsBacklogAlarm'],
    ['an alias beside a dimension', 'invoices: [QueueName = refunds]'],
    ['an alias beside a dimension in JSON', 'invoices: {"value":"refunds","name":"QueueName"}'],
    ['another ending', 'orders-dlq.fifo is full'],
    ['another beginning', 'old-orders-dlq is full'],
    ['another version', 'orders-dlq-v2 is full'],
    ['an alarm of another version', 'orders-dlq-v2-not-empty'],
    ['an alarm of the old one', 'ALARM: "old-orders-dlq-not-empty"'],
    ['an alarm of another account', 'staging-orders-dlq-not-empty'],
    ['a part of an ordinary word', 'The e-mail is late'],
  ])('not for %s: %s', (_what, text) => {
    expect(isCertain(text)).toMatchObject({ queues: [{}], isCertain: false });
  });
});

describe('a name that two queues share', () => {
  const both = [orders, ordersInUs];

  test.each([
    ['is a choice', 'orders-dlq', ['orders-dlq', 'orders-us']],
    ['is settled by an ARN beside it', `orders-dlq (${ordersInUs.arn})`, ['orders-us']],
    ['is settled by the region of its alarm', 'orders-dlq-age | us-east-1', ['orders-us']],
    ['is settled by the other alias', 'orders-us', ['orders-us']],
  ])('%s', (_what, text, aliases) => {
    expect(found(text, both)).toEqual(aliases);
  });

  test('is settled by the account', () => {
    const staging = aQueue({ alias: 'orders-staging', accountId: '444455556666' });
    expect(found('orders-dlq in 444455556666', [orders, staging])).toEqual(['orders-staging']);
  });
});

describe('whatever is written', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{2,30}[a-z0-9]$/).filter((one) => !one.includes('--'));
  const listed = fc
    .uniqueArray(name, { minLength: 1, maxLength: 8 })
    .map((names) => names.map((one) => aQueue({ name: one })));
  const noise = fc.string({ unit: 'grapheme' });

  test('finds only listed queues, each once', () => {
    fc.assert(
      fc.property(listed, fc.array(noise), (some, texts) => {
        const all = queuesMentioned(texts, some).queues;
        expect(all.every((queue) => some.includes(queue))).toBe(true);
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });

  test('a name on a line of its own is found', () => {
    fc.assert(
      fc.property(listed, noise, noise, (some, before, after) => {
        const [first] = some;
        expect(queuesMentioned([before, first?.name ?? '', after], some).queues).toContain(first);
      }),
    );
  });

  test('finds an ARN in any noise that does not continue it', () => {
    fc.assert(
      fc.property(listed, noise, noise, (some, before, after) => {
        const [first] = some;
        expect(queuesMentioned([`${before} ${first?.arn} ${after}`], some).queues).toContain(first);
      }),
    );
  });

  test('order and repetition of texts affect only the order', () => {
    fc.assert(
      fc.property(listed, fc.array(noise), (some, texts) => {
        const pieces = [...texts, ...some.slice(0, 3).map((queue) => `${queue.name}-age`)];
        const once = new Set(queuesMentioned(pieces, some).queues);
        expect(new Set(queuesMentioned([...pieces.toReversed(), ...pieces], some).queues)).toEqual(once);
      }),
    );
  });

  test('handles a hundred thousand letters and two hundred queues quickly', () => {
    const some = Array.from({ length: 200 }, (_, i) => aQueue({ name: `queue-${i}-dlq` }));
    const text = 'queue-1-'.repeat(12_500);
    const startedAt = performance.now();
    queuesMentioned([text], some);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
