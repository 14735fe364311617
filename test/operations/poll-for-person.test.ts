import { beforeEach, describe, expect, test } from 'vitest';
import type { MoveTask } from '../../src/domain/move-task.ts';
import type { Queue } from '../../src/domain/queue.ts';
import { createPollForPerson, type PollForPerson } from '../../src/operations/move-tasks.ts';
import { anAwsError, aQueue, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';

const orders = aQueue();
const payments = aQueue({ name: 'payments-dlq' });

let aws: ReturnType<typeof fakeMoveTasks>;
let clock: number;
let answer: () => void;
let pollForPerson: PollForPerson;
beforeEach(() => {
  aws = fakeMoveTasks();
  aws.lists(aTask());
  const slow = Promise.withResolvers<void>();
  aws.waitsFor(slow.promise);
  answer = slow.resolve;
  clock = now;
  pollForPerson = createPollForPerson({ moveTasks: aws, clock: () => clock });
});

async function seenBy(polls: ReturnType<PollForPerson>[]): Promise<number[]> {
  answer();
  return (await Promise.all(polls)).map(({ seenAt }) => seenAt);
}

describe('while a poll is in progress', () => {
  test('whoever asks the same gets its answer, with the time it started', async () => {
    const anns = pollForPerson(orders, 1);
    clock += 900;
    expect(await seenBy([anns, pollForPerson(orders, 1)])).toEqual([now, now]);
    expect(aws.asked).toEqual([`list ${orders.arn} 1`]);
    expect(await anns).toEqual({
      seenAt: now,
      tasks: { ok: true, value: [aTask()] },
      depth: { ok: true, value: { waiting: 0, inFlight: 0, delayed: 0 } },
    });
  });

  test('whoever asks a second later has a new one, since much may have happened', async () => {
    const anns = pollForPerson(orders, 1);
    clock += 1_000;
    const bobs = pollForPerson(orders, 1);
    clock += 500;
    expect(await seenBy([anns, bobs, pollForPerson(orders, 1)])).toEqual([now, now + 1_000, now + 1_000]);
    expect(aws.asked).toHaveLength(2);
  });

  test('polls another queue, or more tasks of the same one, separately', async () => {
    await seenBy([pollForPerson(orders, 1), pollForPerson(payments, 1), pollForPerson(orders, 5)]);
    expect(aws.asked).toEqual([`list ${orders.arn} 1`, `list ${payments.arn} 1`, `list ${orders.arn} 5`]);
  });
});

test('counts the source queue of the newest task, and of no other', async () => {
  const counted: (number | undefined)[] = [];
  const found = { name: 'orders', depth: { waiting: 7, inFlight: 0, delayed: 0 } };
  const source = async (_queue: Queue, { startedAt }: MoveTask) => {
    counted.push(startedAt);
    return found;
  };
  const poll = createPollForPerson({ moveTasks: { ...aws, source }, clock: () => now });
  answer();
  aws.lists(aTask({ startedAt: now - 5 }), aTask({ startedAt: now - 9 }));
  expect((await poll(orders, 5)).source).toEqual(found);
  aws.lists();
  expect((await poll(orders, 5)).source).toBeUndefined();
  aws.answers({ ok: false, awsError: anAwsError() });
  expect((await poll(orders, 5)).source).toBeUndefined();
  expect(counted).toEqual([now - 5]);
});

test('caches nothing: whoever asks after the answer gets a new poll', async () => {
  await seenBy([pollForPerson(orders, 1)]);
  aws.lists(aTask({ moved: 900 }));
  expect(await pollForPerson(orders, 1)).toMatchObject({ tasks: { value: [{ moved: 900 }] } });
});

test('a slow poll that ends does not affect the newer one', async () => {
  const slow = pollForPerson(orders, 1);
  const younger = Promise.withResolvers<void>();
  clock += 1_000;
  aws.waitsFor(younger.promise);
  const bobs = pollForPerson(orders, 1);
  await seenBy([slow]);
  const cats = pollForPerson(orders, 1);
  younger.resolve();
  expect((await Promise.all([bobs, cats])).map(({ seenAt }) => seenAt)).toEqual([now + 1_000, now + 1_000]);
  expect(aws.asked).toHaveLength(2);
});
