import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Action } from '../../../src/domain/actions/action.ts';
import { transition } from '../../../src/domain/actions/transition.ts';
import type { ActionStore, LocalActionStore } from '../../../src/operations/actions/action-store.ts';
import { aCancel, approval, aStart, resulting } from '../../domain/actions/an-action.ts';
import { aTask, now } from '../../support/builders.ts';

type Opened<S extends ActionStore = ActionStore> = { store: S; close(): Promise<void> };

const other = { id: 'a2', queueArn: 'arn:aws:sqs:eu-west-1:111122223333:other-dlq' };

/** What every action store must do, including the fake. */
export function describeActionStore(name: string, open: () => Promise<Opened>): void {
  describe(`actions in ${name}`, () => {
    let opened: Opened;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    const withdrawn = (action: Action) =>
      resulting(action, [1000, { kind: 'withdraw', by: action.requester }]);
    const starting = (action: Action) => resulting(action, [1000, approval()]);
    const add = (action: Action) => opened.store.add(action, action.requestedAt);
    const stored = async (id = 'a1') => {
      const found = await opened.store.read(id);
      if (!found) throw new Error(`There is no ${id}.`);
      return found;
    };
    const replace = (before: Action, next: Action) => opened.store.replace(before, next, now + 1000);

    test('reads back exactly what was added', async () => {
      expect(await add(aStart())).toEqual({ ok: true });
      expect(await stored()).toEqual(aStart());
      expect(await opened.store.read('nobody')).toBeUndefined();
    });

    test('a running redrive can be canceled once while a request waits, and nothing starts meanwhile', async () => {
      const cancel = { ...aCancel(), id: 'c1' };
      expect([await add(aStart()), await add(cancel)]).toEqual([{ ok: true }, { ok: true }]);
      expect(await add({ ...aCancel(), id: 'c2' })).toEqual({ ok: false, open: cancel });
      expect(await add(aStart({ id: 'a2' }))).toEqual({ ok: false, open: cancel });
      expect(await opened.store.openOf(cancel.queueArn)).toEqual(cancel);
    });

    test('a queue has one open action; asking again shows it', async () => {
      await add(aStart());
      expect(await add(aStart({ id: 'a2' }))).toEqual({ ok: false, open: aStart() });
      expect(await opened.store.read('a2')).toBeUndefined();
      expect(await add(aStart(other))).toEqual({ ok: true });
    });

    test('an ID is used once, even after its action is over', async () => {
      await add(aStart());
      await replace(await stored(), withdrawn(aStart()));
      expect(await add(aStart())).toMatchObject({ ok: false, open: { state: 'withdrawn' } });
    });

    test('of two at once, one is accepted', async () => {
      const added = await Promise.all([1, 2, 3].map((n) => add(aStart({ id: `b${n}` }))));
      expect(added.filter(({ ok }) => ok)).toHaveLength(1);
    });

    test('once it is decided, the next one can be requested', async () => {
      await add(aStart());
      await replace(await stored(), withdrawn(aStart()));
      expect(await add(aStart({ id: 'a2' }))).toEqual({ ok: true });
    });

    test('of two decisions at once, one is written', async () => {
      await add(aStart());
      const before = await stored();
      const written = await Promise.all([
        replace(before, starting(before)),
        replace(before, withdrawn(before)),
      ]);
      expect(written.filter(Boolean)).toHaveLength(1);
      expect(await replace(before, withdrawn(before))).toBe(false);
      expect((await stored()).version).toBe(2);
    });

    test('an unknown action cannot be replaced', async () => {
      expect(await replace(aStart(), withdrawn(aStart()))).toBe(false);
    });

    test('records every step for good, but not deliveries or polls', async () => {
      await add(aStart());
      const posted = resulting(await stored(), [0, { kind: 'posted', message: '1.1' }]);
      await replace(await stored(), posted);
      await replace(await stored(), resulting(await stored(), [500, approval({ depth: 5000 })]));
      await replace(await stored(), withdrawn(await stored()));
      const record = await opened.store.record('a1');
      expect(record.map(({ from, action }) => [from, action.state, action.confirmation?.depth])).toEqual([
        [undefined, 'requested', undefined],
        ['requested', 'requested', 5000],
        ['requested', 'withdrawn', 5000],
      ]);
      expect(record.map(({ at }) => at)).toEqual([now, now + 1000, now + 1000]);
    });

    test('lists those of one queue or all, newest first', async () => {
      await add(aStart());
      await replace(await stored(), withdrawn(await stored()));
      await add(aStart({ id: 'a3', now: now + 2000 }));
      await add(aStart({ ...other, now: now + 1000 }));
      const { store } = opened;
      const ids = async (found: Promise<Action[]>) => (await found).map(({ id }) => id);
      expect((await store.openOf(aStart().queueArn))?.id).toBe('a3');
      expect(await ids(store.list({ queueArn: aStart().queueArn, atMost: 9 }))).toEqual(['a3', 'a1']);
      expect((await ids(store.list({ atMost: 9 }))).toSorted()).toEqual(['a1', 'a2', 'a3']);
      expect(await store.list({ atMost: 1 })).toHaveLength(1);
    });

    test('finds a task by its start', async () => {
      await add(aStart());
      await replace(await stored(), starting(await stored()));
      const task = aTask({ startedAt: now + 2000, customRate: 10 });
      const unsure = resulting(await stored(), [2000, { kind: 'answer-lost' }]);
      await replace(await stored(), unsure);
      const done = transition(
        await stored(),
        { kind: 'polled', askedAt: now + 3000, tasks: [task] },
        now + 3000,
      );
      if (done.kind === 'changed') await replace(await stored(), done.action);
      const { store } = opened;
      expect((await store.startOf(aStart().queueArn, now + 2000))?.id).toBe('a1');
      expect(await store.startOf(aStart().queueArn, now + 2001)).toBeUndefined();
    });
  });
}

/** What the engine of one process needs beyond that. */
export function describeLocalActionStore(name: string, open: () => Promise<Opened<LocalActionStore>>): void {
  describeActionStore(name, open);

  test(`lists the open ones in ${name}, oldest first`, async () => {
    const { store, close } = await open();
    const withdrawn = resulting(aStart(), [1000, { kind: 'withdraw', by: aStart().requester }]);
    await store.add(aStart(), now);
    await store.replace(aStart(), withdrawn, now);
    await store.add(aStart({ id: 'a3', now: now + 2000 }), now);
    await store.add(aStart({ ...other, now: now + 1000 }), now);
    expect((await store.open()).map(({ id }) => id)).toEqual(['a2', 'a3']);
    await close();
  });

  test(`finds what is due in ${name}, and when the next is`, async () => {
    const { store, close } = await open();
    expect(await store.nextDue()).toBeUndefined();
    await store.add(resulting(aStart(), [0, { kind: 'posted', message: '1.1' }]), now);
    const halfTime = now + 15 * 60_000;
    expect([await store.nextDue(), await store.due(halfTime - 1), await store.due(halfTime)]).toEqual([
      halfTime,
      [],
      ['a1'],
    ]);
    await close();
  });

  test(`a delivery in ${name} can be planned between two milliseconds`, async () => {
    const { store, close } = await open();
    await store.add(aStart(), now);
    const outbox = aStart().outbox.map((pending) => ({ ...pending, notBefore: now + 4_000.25 }));
    expect(await store.replace(aStart(), { ...aStart(), outbox }, now)).toBe(true);
    expect([await store.due(now + 4_000), await store.due(now + 4_001)]).toEqual([[], ['a1']]);
    await close();
  });
}
