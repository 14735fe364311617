import { describe, expect, test } from 'vitest';
import { plainError } from '../../../src/aws/aws-error-from.ts';
import type { Action } from '../../../src/domain/actions/action.ts';
import { isInTheWay } from '../../../src/operations/actions/action-store.ts';
import { createDynamodbActionStore } from '../../../src/storage/dynamodb/dynamodb-action-store.ts';
import { wireOf } from '../../aws/wire-of.ts';
import { aCancel, approval, aStart, resulting } from '../../domain/actions/an-action.ts';
import { describeActionStore } from '../../operations/actions/action-store-contract.ts';
import { now } from '../../support/builders.ts';
import { actionKeys, createLocalTable } from '../local-table.ts';

const nothing = () => undefined;

function aTable({ pageSize = 2 } = {}) {
  const table = createLocalTable({ keys: actionKeys, pageSize });
  const logged: string[] = [];
  const asked: string[] = [];
  const time = { now };
  const log = {
    ...{ debug: nothing, info: nothing, warn: nothing },
    error: (_facts: object, said: string) => void logged.push(said),
  };
  const config = wireOf(({ headers, body }) => {
    asked.push(`${headers['x-amz-target']?.split('.')[1]} ${body}`);
    return table.call(headers['x-amz-target'] ?? '', body);
  });
  const aProcess = () =>
    createDynamodbActionStore({
      ...{ config, table: 'actions', plainError },
      clock: () => time.now,
      log,
    });
  return { table, logged, asked, time, aProcess, store: aProcess() };
}

describeActionStore('DynamoDB', async () => ({ store: aTable().store, close: async () => undefined }));

const withdrawn = (action: Action) => resulting(action, [1000, { kind: 'withdraw', by: action.requester }]);
const starting = (action: Action) => resulting(action, [1000, approval()]);
const cancelOf = (id: string): Action => ({ ...aCancel(), id });

/** Faults for the writes alone. */
function writesMeet(
  table: ReturnType<typeof createLocalTable>,
  ...faults: (Parameters<typeof table.faults.push>[0] | 'fine')[]
) {
  const call = table.call.bind(table);
  table.call = (target, body) => {
    const fault = target.endsWith('TransactWriteItems') ? faults.shift() : undefined;
    if (fault !== undefined && fault !== 'fine') table.faults.push(fault);
    return call(target, body);
  };
}

describe('many processes at one table', () => {
  test('of nine concurrent requests to start or cancel, at most one of each wins, in an allowed order', async () => {
    const { aProcess, store } = aTable();
    const wanted = Array.from({ length: 9 }, (_, i) => (i % 2 ? aStart({ id: `s${i}` }) : cancelOf(`c${i}`)));
    const added = await Promise.all(wanted.map((action) => aProcess().add(action, now)));
    const taken = wanted.filter((_, i) => added[i]?.ok);
    expect(taken.filter(({ kind }) => kind === 'cancel')).toHaveLength(1);
    expect(taken.length).toBeLessThanOrEqual(2);
    const refusals = added.flatMap((one, i) => (one.ok ? [] : [[one.open, wanted[i]] as const]));
    expect(refusals.every(([open, action]) => action && isInTheWay(open, action))).toBe(true);
    expect((await store.list({ queueArn: aStart().queueArn, atMost: 99 })).length).toBe(taken.length);
  });

  test('one form submitted by many workers makes one action', async () => {
    const { aProcess, store } = aTable();
    const added = await Promise.all(Array.from({ length: 6 }, () => aProcess().add(aStart(), now)));
    expect(added.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await store.record('a1')).toHaveLength(1);
  });

  test('of an approval and a withdrawal at once, in two processes, one is written, and recorded once', async () => {
    const { aProcess, store } = aTable();
    await store.add(aStart(), now);
    const written = await Promise.all([
      aProcess().replace(aStart(), starting(aStart()), now + 1),
      aProcess().replace(aStart(), withdrawn(aStart()), now + 1),
    ]);
    expect(written.filter(Boolean)).toHaveLength(1);
    expect(await store.record('a1')).toHaveLength(2);
  });

  test('of two changes at once that are not steps, one is written, so that no delivery is lost', async () => {
    const { aProcess, store } = aTable();
    await store.add(aStart(), now);
    const posted = (message: string) => resulting(aStart(), [0, { kind: 'posted', message }]);
    const written = await Promise.all(
      ['1.1', '2.2'].map((message) => aProcess().replace(aStart(), posted(message), now)),
    );
    expect(written.filter(Boolean)).toHaveLength(1);
    expect((await store.read('a1'))?.version).toBe(2);
  });

  test('loses neither a cancel nor a withdrawal that happen at once', async () => {
    const { aProcess, store } = aTable();
    await store.add(aStart(), now);
    const done = await Promise.all([
      aProcess().add(cancelOf('c1'), now),
      aProcess().replace(aStart(), withdrawn(aStart()), now),
    ]);
    expect(done).toEqual([{ ok: true }, true]);
    expect(await store.openOf(aStart().queueArn)).toMatchObject({ id: 'c1' });
    expect(await store.add(aStart({ id: 'a2' }), now)).toMatchObject({ ok: false, open: { id: 'c1' } });
  });

  test('retries a write that conflicts with another transaction', async () => {
    const { table, store } = aTable();
    writesMeet(table, 'in conflict', 'in conflict', 'fine', 'in conflict');
    expect(await store.add(aStart(), now)).toEqual({ ok: true });
    expect(await store.replace(aStart(), withdrawn(aStart()), now)).toBe(true);
    expect(await store.record('a1')).toHaveLength(2);
  });
});

describe('a failing table', () => {
  test('resends a write whose answer was lost, and counts it once', async () => {
    const { table, store } = aTable();
    writesMeet(table, 'written but the line broke', 'fine', 'written but the line broke');
    expect(await store.add(aStart(), now)).toEqual({ ok: true });
    expect(await store.replace(aStart(), withdrawn(aStart()), now)).toBe(true);
    expect((await store.record('a1')).map(({ action }) => action.state)).toEqual(['requested', 'withdrawn']);
  });

  test('reads whether a write succeeded if no answer comes', async () => {
    const { table, store } = aTable();
    const lost = 'written but the line broke';
    writesMeet(table, lost, lost, lost, lost, lost, lost);
    expect(await store.add(aStart(), now)).toEqual({ ok: true });
    expect(await store.replace(aStart(), withdrawn(aStart()), now)).toBe(true);
  });

  test('changes nothing that AWS refuses, and logs why', async () => {
    const { table, logged, store } = aTable();
    const trouble = { kind: 'table-unusable', detail: 'AccessDeniedException' };
    writesMeet(table, 'forbidden');
    await expect(store.add(aStart(), now)).rejects.toMatchObject({ name: 'StoreUnusable', trouble });
    expect([table.items.size, logged.length]).toEqual([0, 1]);
    table.faults.push('forbidden');
    await expect(store.read('a1')).rejects.toMatchObject({ name: 'StoreUnusable', trouble });
    expect(await store.add(aStart(), now)).toEqual({ ok: true });
  });

  test('does not claim that nothing was changed if that is unknown', async () => {
    const { table, store } = aTable();
    const call = table.call.bind(table);
    table.call = (target, body) => (target.endsWith('GetItem') ? call(target, body) : 'broken line');
    await expect(store.add(aStart(), now)).rejects.not.toMatchObject({ name: 'StoreUnusable' });
  });
});

describe('a table shared with other versions', () => {
  const itemOf = ({ table }: ReturnType<typeof aTable>, prefix: string) => {
    const found = [...table.items.values()].find(({ id }) => id?.S?.startsWith(prefix));
    if (!found) throw new Error(`There is no ${prefix}.`);
    return found;
  };

  test('keeps what a newer version has written, in the action and in its queue', async () => {
    const world = aTable();
    await world.store.add(aStart(), now);
    const [action, open] = [itemOf(world, 'action '), itemOf(world, 'open')];
    action['state'] = { S: JSON.stringify({ ...aStart(), mood: 'calm' }) };
    for (const item of [action, open]) item['newer'] = { S: 'kept' };
    await world.store.replace(aStart(), withdrawn(aStart()), now);
    const after = itemOf(world, 'action ');
    expect(JSON.parse(after['state']?.S ?? '')).toMatchObject({ mood: 'calm', state: 'withdrawn' });
    expect([after['newer'], itemOf(world, 'open')['newer']]).toEqual([{ S: 'kept' }, { S: 'kept' }]);
  });

  test('logs an unreadable action once, and blocks its queue only while it may be open', async () => {
    const world = aTable();
    const { store, time } = world;
    const { queueArn } = aStart();
    await store.add(aStart(), now);
    itemOf(world, 'action ')['state'] = { S: '{}' };
    const standIn = { id: 'a1', version: 1, queueArn, state: 'unknown', kind: 'start', requestedAt: now };
    for (let round = 0; round < 3; round += 1) {
      expect(await store.read('a1')).toMatchObject(standIn);
      expect(await store.list({ atMost: 9 })).toMatchObject([standIn]);
      expect(await store.list({ queueArn, atMost: 9 })).toMatchObject([standIn]);
      expect(await store.openOf(queueArn)).toMatchObject(standIn);
    }
    expect(world.logged).toEqual([expect.stringContaining('stored action is unreadable; left as is')]);
    expect(await store.add(aStart({ id: 'a2' }), now)).toMatchObject({ ok: false, open: standIn });
    time.now += 4 * 24 * 3_600_000;
    expect(await store.openOf(queueArn)).toBeUndefined();
    expect(await store.add(aStart({ id: 'a2', now: time.now }), time.now)).toEqual({ ok: true });
    expect((await store.openOf(queueArn))?.id).toBe('a2');
    expect(itemOf(world, 'action ')).toMatchObject({ state: { S: '{}' }, isOpen: { BOOL: false } });
  });

  test('ignores an unreadable step, without logging at each read', async () => {
    const world = aTable();
    await world.store.add(aStart(), now);
    await world.store.replace(aStart(), withdrawn(aStart()), now);
    itemOf(world, 'step ')['state'] = { S: '{}' };
    expect((await world.store.record('a1')).map(({ action }) => action.state)).toEqual(['withdrawn']);
    expect(world.logged).toEqual([]);
  });

  test("an action in a newer version's state blocks its queue", async () => {
    const world = aTable();
    await world.store.add(aStart(), now);
    itemOf(world, 'action ')['state'] = { S: JSON.stringify({ ...aStart(), state: 'paused' }) };
    expect(await world.store.add(aStart({ id: 'a2' }), now)).toMatchObject({ ok: false, open: { id: 'a1' } });
  });
});

test("reading a queue's newest actions costs the same with many, and never scans", async () => {
  const { asked, store } = aTable({ pageSize: 100 });
  for (let n = 0; n < 40; n += 1) {
    const action = aStart({ id: `a${n}`, now: now + n * 1000 });
    await store.add(action, now);
    await store.replace(action, withdrawn(action), now);
  }
  asked.length = 0;
  const { queueArn } = aStart();
  expect((await store.list({ queueArn, atMost: 3 })).map(({ id }) => id)).toEqual(['a39', 'a38', 'a37']);
  await store.openOf(queueArn);
  await store.read('a7');
  expect(asked.map((one) => one.split(' ')[0])).toEqual(['Query', 'GetItem', 'GetItem', 'GetItem']);
  expect(asked.every((one) => one.includes('"ConsistentRead":true'))).toBe(true);
});
