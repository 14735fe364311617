import { expect, test } from 'vitest';
import { actionLookups } from '../../../src/operations/actions/started-here.ts';
import { aCancel, aStart } from '../../domain/actions/an-action.ts';
import { now } from '../../support/builders.ts';
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
