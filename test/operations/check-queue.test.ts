import { beforeEach, describe, expect, test } from 'vitest';
import type { MoveTask } from '../../src/domain/move-task.ts';
import type { Queue } from '../../src/domain/queue.ts';
import type { StartsOf } from '../../src/operations/actions/started-here.ts';
import {
  checkMessage,
  checkQueue,
  newestOf,
  type QueueQuestion,
  watchedCard,
} from '../../src/operations/check-queue.ts';
import { createPollForPerson } from '../../src/operations/move-tasks.ts';
import { aStart, requester } from '../domain/actions/an-action.ts';
import { anAwsError, aQueue, aReport, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';

const orders = aQueue();
const invoices = aQueue({ name: 'billing-events-dlq', alias: 'invoices' });
const eu = aQueue({ name: 'mails-dlq', alias: 'mails' });
const us = aQueue({ name: 'mails-dlq', alias: 'mails-us', region: 'us-east-1' });
const secret = aQueue({ name: 'salaries-dlq', channels: ['CPAY'] });
const secretOrders = aQueue({
  name: 'orders-dlq',
  alias: 'salary-orders',
  region: 'us-east-1',
  channels: ['CPAY'],
});
const queues = [orders, invoices, eu, us, secret, secretOrders];
const inSight = [orders, invoices, eu, us];

const aws = fakeMoveTasks();
const deps = { queues, pollForPerson: createPollForPerson({ moveTasks: aws, clock: () => now }) };
beforeEach(() => {
  aws.asked.length = 0;
  aws.lists(aTask(), aTask({ startedAt: now - 3_600_000 }));
});

const asked = (typed: string, more: Partial<QueueQuestion> = {}) =>
  checkQueue({ typed, channelId: 'CGENERAL', asked: 1, ...more }, deps);
const reportOn = (queue: Queue) => ({
  kind: 'report',
  report: aReport({ queue, depth: { ok: true, value: { waiting: 0, inFlight: 0, delayed: 0 } } }),
});

describe('a question about a queue', () => {
  test('is answered with as many of its newest tasks as were asked for', async () => {
    expect(await asked('orders-dlq')).toEqual(reportOn(orders));
    expect(await asked('orders-dlq', { asked: 2 })).toMatchObject({
      report: { asked: 2, tasks: [{ startedAt: now - 120_000 }, { startedAt: now - 3_600_000 }] },
    });
    expect(aws.asked).toEqual([`list ${orders.arn} 1`, `list ${orders.arn} 2`]);
  });

  test('uses earlier counts only for the same task', async () => {
    const earlier = [now - 120_000, now - 3_600_000].map((startedAt) => ({
      startedAt,
      at: now - 9_000,
      moved: 5,
    }));
    expect(await asked('orders-dlq', { earlier })).toMatchObject({
      report: { earlier: earlier.slice(0, 1) },
    });
    aws.lists();
    expect(await asked('orders-dlq', { earlier })).toMatchObject({ report: { tasks: [], earlier: [] } });
  });

  test('says who started the newest task here, and asks nothing about a queue without tasks', async () => {
    const lookedUp: (readonly number[])[] = [];
    const startsOf: StartsOf = async (_queueArn, startedAts) => {
      lookedUp.push(startedAts);
      return new Map(startedAts.map((startedAt) => [startedAt, { ...aStart(), reason: `${startedAt}` }]));
    };
    const answered = async (...tasks: MoveTask[]) => {
      aws.lists(...tasks);
      const answer = await checkQueue(
        { typed: 'orders-dlq', channelId: 'CGENERAL', asked: 3 },
        { ...deps, startsOf },
      );
      return answer.kind === 'report' ? newestOf(answer.report).startedHere : answer;
    };
    const { startedAt: _, ...undated } = aTask();
    expect(
      await answered(aTask({ startedAt: now - 5 }), undated, aTask({ startedAt: now - 9 })),
    ).toMatchObject({
      requester,
      reason: `${now - 5}`,
    });
    expect(await answered(undated, aTask({ startedAt: now - 9 }))).toBeUndefined();
    expect(await answered(undated)).toBeUndefined();
    expect(await answered()).toBeUndefined();
    expect(lookedUp).toEqual([[now - 5, now - 9], [now - 9]]);
  });

  test('says why AWS failed', async () => {
    aws.answers({ ok: false, awsError: anAwsError() });
    expect(await asked('invoices')).toEqual({ kind: 'awsError', queue: invoices, awsError: anAwsError() });
  });

  test('offers a choice if several queues have the name', async () => {
    expect(await asked('mails-dlq', { asked: 3 })).toEqual({
      kind: 'choice',
      typed: 'mails-dlq',
      queues: [eu, us],
      asked: 3,
    });
  });

  test.each([
    ['a typo', 'order-dlq', [orders]],
    ['an ARN that is not listed', 'arn:aws:sqs:eu-west-1:999900001111:order-dlq', [orders]],
    ['a URL that is not listed', 'https://sqs.eu-west-1.amazonaws.com/999900001111/order-dlq/', [orders]],
    [
      "the console's link to a queue that is not listed",
      'https://eu-west-1.console.aws.amazon.com/sqs/v3/home?region=eu-west-1#/queues/https%3A%2F%2Fsqs.eu-west-1.amazonaws.com%2F999900001111%2Forder-dlq',
      [orders],
    ],
    ['a word like no other', 'warehouse', []],
    ['nothing', '``', []],
    ['what is too long to be a name', `orders-dlq${' '.repeat(600)}`, []],
  ])('offers the nearest names for %s, and asks AWS nothing', async (_what, typed, nearest) => {
    expect([await asked(typed), aws.asked]).toEqual([
      { kind: 'unknown-queue', typed, nearest, asked: 1, inSight },
      [],
    ]);
  });

  test("hides another channel's queue, and says so only in the log", async () => {
    const unknown = { kind: 'unknown-queue', typed: 'salaries-dlq', nearest: [], asked: 1, inSight };
    expect(await asked('salaries-dlq')).toEqual({ ...unknown, hidden: secret });
    expect(await asked('salaries-dlq', { channelId: 'CPAY' })).toMatchObject({ report: { queue: secret } });
    expect(await asked('orders-dlq', { channelId: 'CPAY' })).toMatchObject({
      queues: [orders, secretOrders],
    });
  });
});

describe('a message', () => {
  const checked = (...texts: string[]) => checkMessage({ texts, channelId: 'CGENERAL' }, deps);

  test('that names one queue is answered with its newest task', async () => {
    expect(await checked('Look', 'at billing-events-dlq, please')).toEqual(reportOn(invoices));
  });

  test.each([
    ['that may mean a queue', 'invoices are late, or is it freight-dlq?', [invoices]],
    ['that names two', 'orders-dlq and invoices', [orders, invoices]],
    ['that names one which is kept for another channel', 'salaries-dlq', []],
    ['that names none', 'good morning', []],
  ])('%s is answered with a choice', async (_which, text, mentioned) => {
    expect([await checked(text), aws.asked]).toEqual([{ kind: 'mentioned', queues: mentioned }, []]);
  });
});

test.each([
  ['counted', 7, { ok: true, value: { waiting: 7, inFlight: 0, delayed: 0 } }],
  ['counted as none', 0, { ok: true, value: { waiting: 0, inFlight: 0, delayed: 0 } }],
  ['not counted', undefined, undefined],
])("a watched card shows the DLQ's messages as its watch stores them: %s", (_what, stored, depth) => {
  const source = { name: 'orders', depth: { waiting: 3, inFlight: 0, delayed: 0 } };
  const watch = { watchers: ['U1'], notListed: false };
  const seen = { task: aTask(), seenAt: now, earlier: [{ at: now - 9_000, moved: 5 }], source };
  expect(watchedCard({ ...watch, ...seen, ...(stored !== undefined && { depth: stored }) }, orders)).toEqual({
    ...{ ...seen, queue: orders, asked: 1, depth },
    watch: { ...watch, ...seen },
  });
});
