import { describe, expect, test } from 'vitest';
import type { Action, DeliveryKind } from '../../../src/domain/actions/action.ts';
import { withDeliveries } from '../../../src/domain/actions/outbox.ts';
import { actionLookups, isStarting, startOfTask } from '../../../src/operations/actions/started-here.ts';
import { aCancel, aStart } from '../../domain/actions/an-action.ts';
import { aQueue, aTask, now } from '../../support/builders.ts';
import { memoryActionStore } from './memory-action-store.ts';

const { queueArn } = aStart();
const minute = 60_000;
const startedAts = Array.from({ length: 10 }, (_, n) => now - n * minute);

async function lookups() {
  const store = memoryActionStore();
  const started = { ...aStart({ id: 's' }), state: 'started', result: { startedAt: now - minute } } as const;
  await store.add(started, now);
  for (const [id, at] of Object.entries({ c1: now - minute, c2: now - 2 * minute }))
    await store.add({ ...aCancel(), id, state: 'cancelled', taskStartedAt: at }, now);
  await store.add({ ...aCancel(), id: 'c3', state: 'rejected', taskStartedAt: now }, now);
  let lists = 0;
  const list: typeof store.list = (asked) => {
    lists += 1;
    return store.list(asked);
  };
  const { startsOf } = actionLookups(
    () => ({ startOf: store.startOf, list }),
    () => ({}),
  );
  return { startsOf, lists: () => lists };
}

test('reads the recent actions once for ten redrives, and names who started or canceled each', async () => {
  const { startsOf, lists } = await lookups();
  const starts = await startsOf(queueArn, startedAts);
  expect([...starts].map(([at, { id, cancelledBy }]) => [(now - at) / minute, id, cancelledBy])).toEqual([
    [1, 's', aCancel().requester],
    [2, 'c2', undefined],
  ]);
  expect(lists()).toBe(1);
});

test("leaves out what it can't read", async () => {
  const lost = async () => Promise.reject(new Error('the table is away'));
  const { startsOf } = actionLookups(
    () => ({ startOf: lost, list: lost }),
    () => ({}),
  );
  expect(await startsOf(queueArn, startedAts)).toEqual(new Map());
});

test('asks for the start of one task only if its time is known', async () => {
  const { startsOf, lists } = await lookups();
  expect(await startOfTask(queueArn, now - minute, startsOf)).toMatchObject({ id: 's' });
  expect(await startOfTask(queueArn, now - 5 * minute, startsOf)).toBeUndefined();
  expect(lists()).toBe(2);
  expect(await startOfTask(queueArn, undefined, startsOf)).toBeUndefined();
  expect(await startOfTask(queueArn, now - minute, undefined)).toBeUndefined();
  expect(lists()).toBe(2);
});

test('names neither start nor cancel while there are no actions', async () => {
  const { startsOf, startOf, isStartingHere } = actionLookups(
    () => undefined,
    () => ({}),
  );
  expect([
    await startsOf(queueArn, startedAts),
    await startOf(queueArn, now),
    await isStartingHere(queueArn, []),
  ]).toEqual([new Map(), undefined, false]);
});

test('finds the start of a task, or says that it could not be read', async () => {
  const store = memoryActionStore();
  await store.add({ ...aStart(), state: 'started', result: { startedAt: now } }, now);
  const found = actionLookups(
    () => store,
    () => ({}),
  );
  expect(await found.startOf(queueArn, now)).toMatchObject({ id: 'a1' });
  const lost = actionLookups(
    () => ({ ...store, startOf: () => Promise.reject(new Error('the table is away')) }),
    () => ({}),
  );
  await expect(lost.startOf(queueArn, now)).rejects.toThrow('away');
});

describe('a queue that may be starting a redrive', () => {
  const [task, late] = [aTask({ startedAt: now + 1, customRate: 10 }), now + 9 * minute];
  const called = { ...aStart(), calledAt: now, newestKnown: now - minute };

  test.each<[string, Partial<Action>, boolean]>([
    ['is one whose call is being made', { ...called, state: 'starting' }, true],
    ['is one whose answer was lost', { ...called, state: 'unsure', pollAt: late }, true],
    ['is one whose start is not listed yet', { ...called, state: 'started', pollAt: late }, true],
    ['is one whose late start is among its tasks', { ...called, state: 'not-started', pollAt: late }, true],
    ['is none after the polls for it', { ...called, state: 'not-started' }, false],
    ['is none while a request waits', { state: 'requested', outbox: [] }, false],
    ['is none after a rejection', { ...called, state: 'rejected', outbox: [] }, false],
    ['is one until the card exists', { ...called, state: 'started', outbox: delivering('card') }, true],
    ['is none while anything else is delivered', { state: 'declined', outbox: delivering('update') }, false],
  ])('%s', async (_which, given, expected) => {
    const store = memoryActionStore();
    await store.add({ ...aStart(), outbox: [], ...given } as Action, now);
    expect(await isStarting(queueArn, [task], store)).toBe(expected);
    const { isStartingHere } = actionLookups(
      () => store,
      () => ({}),
    );
    expect(await isStartingHere(queueArn, [task])).toBe(expected);
  });

  test('is told by the newest start, not by the cancel after it', async () => {
    const store = memoryActionStore();
    await store.add({ ...called, state: 'started', outbox: delivering('card') }, now);
    await store.add({ ...aCancel(), id: 'c1', state: 'rejected' }, now);
    expect(await isStarting(queueArn, [], store)).toBe(true);
  });

  test('is not told by the actions of another queue', async () => {
    const store = memoryActionStore();
    const elsewhere = aQueue({ name: 'mails-dlq' }).arn;
    await store.add({ ...called, queueArn: elsewhere, state: 'starting' }, now);
    expect([await isStarting(queueArn, [], store), await isStarting(elsewhere, [], store)]).toEqual([
      ...[false, true],
    ]);
  });

  test('is any whose actions cannot be read', async () => {
    const { isStartingHere } = actionLookups(
      () => ({ ...memoryActionStore(), list: () => Promise.reject(new Error('the table is away')) }),
      () => ({}),
    );
    expect(await isStartingHere(queueArn, [])).toBe(true);
  });
});

function delivering(kind: DeliveryKind): Action['outbox'] {
  return withDeliveries({ ...aStart(), outbox: [] }, [kind], now).outbox;
}
