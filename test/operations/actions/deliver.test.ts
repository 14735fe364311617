import { describe, expect, test } from 'vitest';
import type { Action, DeliveryKind } from '../../../src/domain/actions/action.ts';
import { withDeliveries } from '../../../src/domain/actions/outbox.ts';
import type { DeliveryResult } from '../../../src/domain/delivery.ts';
import { retriedForMs } from '../../../src/domain/delivery.ts';
import { checkItsMessage, deliverDue } from '../../../src/operations/actions/deliver.ts';
import type { ActionDelivery } from '../../../src/operations/actions/ports.ts';
import { StoreUnusable } from '../../../src/operations/watching/watch-store.ts';
import { approval, aStart, resulting } from '../../domain/actions/an-action.ts';
import { now } from '../../support/builders.ts';
import { memoryActionStore } from './memory-action-store.ts';

const second = 1_000;
const delivered: DeliveryResult = { kind: 'delivered', message: { channel: 'C0123', ts: '100.1' } };
const lost: DeliveryResult = {
  ...{ kind: 'retry-later', because: 'trouble', maybeDelivered: true },
  why: 'ECONNRESET',
};
const refused: DeliveryResult = { ...lost, because: 'refused', maybeDelivered: false, why: 'fatal_error' };
const gone: DeliveryResult = { kind: 'rejected', because: 'message-gone', why: 'message_not_found' };

/** An action in a store, and a Slack that answers each delivery as it is told, in turn, and then takes all. */
async function stored(action: Action, ...answers: (DeliveryResult | Error | (() => Promise<never>))[]) {
  const store = memoryActionStore();
  await store.add(action, now);
  const tried: ActionDelivery[] = [];
  const logged: unknown[] = [];
  const log = (facts: Record<string, unknown>, text: string) => void logged.push({ ...facts, text });
  const nothing = () => undefined;
  const world = { now, isHeld: false, whileTried: async () => {} };
  const ports = {
    store,
    notifier: {
      deliver: async (delivery: ActionDelivery) => {
        tried.push(delivery);
        await world.whileTried();
        const answer = answers.shift() ?? delivered;
        if (answer instanceof Error) throw answer;
        return typeof answer === 'function' ? answer() : answer;
      },
    },
    pending: { isHeld: () => world.isHeld },
    clock: () => world.now,
    random: () => 0.5,
    log: { debug: nothing, info: nothing, warn: log, error: log },
  };
  const read = async (): Promise<Action> => {
    const found = await store.read(action.id);
    if (!found) throw new Error('It is not stored.');
    return found;
  };
  return {
    ...{ ports, tried, logged, read, world },
    deliver: () => deliverDue(action.id, ports),
    kinds: () => tried.map(({ kind }) => kind),
    outbox: async () => (await read()).outbox,
  };
}

const posted = () => resulting(aStart(), [0, { kind: 'posted', message: '100.1' }]);
const having = (action: Action, ...kinds: DeliveryKind[]) => withDeliveries(action, kinds, now);

describe('a post', () => {
  test('is noted as maybe delivered before Slack gets it, and its place afterward', async () => {
    const { deliver, world, outbox, read, tried } = await stored(aStart());
    let meanwhile: unknown;
    world.whileTried = async () => {
      meanwhile = await outbox();
    };
    await deliver();
    expect(meanwhile).toMatchObject([
      { kind: 'request', maybeDelivered: true, notBefore: now + 3 * second, failures: 0 },
    ]);
    expect(tried).toMatchObject([{ kind: 'request', key: 'a1:request:message', doubt: false, since: now }]);
    expect(await read()).toMatchObject({ place: { message: '100.1' }, outbox: [] });
  });

  test('whose process was killed is searched for, but only once it has surely arrived', async () => {
    const { deliver, world, tried } = await stored(aStart(), () => new Promise<never>(() => {}));
    void deliver();
    await expect.poll(() => tried.length).toBe(1);
    world.now += 3 * second - 1;
    await deliver();
    expect(tried.length).toBe(1);
    world.now += 1;
    await deliver();
    expect(tried.map(({ doubt }) => doubt)).toEqual([false, true]);
  });

  test('is made by one of two processes that find it due at once', async () => {
    const { ports, tried, world } = await stored(aStart());
    const runs = { begin: async () => undefined, call: async () => undefined, holdMs: 30 * second };
    await Promise.all([deliverDue('a1', { ...ports, runs }), deliverDue('a1', { ...ports, runs })]);
    expect(tried).toHaveLength(1);
    world.now += 60 * second;
    await deliverDue('a1', { ...ports, runs });
    expect(tried).toHaveLength(1);
  });

  test('that waits for Slack’s rate limit is not logged', async () => {
    const { deliver, logged, outbox } = await stored(aStart(), { kind: 'wait', afterMs: second });
    await deliver();
    expect([logged, await outbox()]).toMatchObject([[], [{ kind: 'request', failures: 0 }]]);
  });

  test('whose answer was lost is searched for, and one that was refused is not', async () => {
    for (const [answer, doubt] of [
      [lost, true],
      [refused, false],
    ] as const) {
      const { deliver, world, tried, outbox } = await stored(aStart(), answer);
      await deliver();
      const [pending] = await outbox();
      expect(pending).toMatchObject({ maybeDelivered: doubt, failures: 1, failing: { times: 1 } });
      expect(pending?.notBefore).toBeGreaterThanOrEqual(now + (doubt ? 3 : 1) * second);
      world.now = pending?.notBefore ?? 0;
      await deliver();
      expect(tried.map((one) => one.doubt)).toEqual([false, doubt]);
    }
  });

  test('is committed in another variant before that is tried, and searched for in it', async () => {
    const { deliver, world, tried, outbox } = await stored(aStart(), lost);
    world.whileTried = async () => {
      world.whileTried = async () => {};
      world.now += 2 * second;
      await tried[0]?.keep({ plain: true });
    };
    await deliver();
    const [pending] = await outbox();
    expect(pending).toMatchObject({ maybeDelivered: true, fallback: { plain: true }, failures: 1 });
    expect(pending?.notBefore).toBe(now + 5 * second);
    world.now = pending?.notBefore ?? 0;
    await deliver();
    expect(tried.map(({ doubt, fallback }) => [doubt, fallback])).toEqual([
      [false, {}],
      [true, { plain: true }],
    ]);
  });

  test('that failed in a way nobody expected is logged and searched for; a full disk is the store’s to log', async () => {
    for (const [error, lines] of [
      [new Error('odd'), 1],
      [new StoreUnusable({ kind: 'disk-full' }), 0],
    ] as const) {
      const { deliver, logged, outbox } = await stored(aStart(), error);
      await deliver();
      expect(logged).toHaveLength(lines);
      expect(await outbox()).toMatchObject([{ maybeDelivered: true, failures: 1 }]);
      if (lines > 0) expect(logged).toMatchObject([{ action: 'a1', delivery: 'request', err: error }]);
    }
  });

  test('is tried for a day, and then given up with a log line', async () => {
    const { deliver, world, outbox, logged, kinds } = await stored(having(posted(), 'outcome'), refused);
    world.now = now + retriedForMs;
    const [before] = await outbox();
    await deliver();
    expect(await outbox()).toMatchObject([{ failures: 1 }]);
    const store = await stored({ ...posted(), outbox: before ? [{ ...before, failures: 20 }] : [] }, refused);
    store.world.now = now + retriedForMs;
    await store.deliver();
    expect(await store.outbox()).toEqual([]);
    expect(store.logged).toMatchObject([{ action: 'a1', delivery: 'outcome', why: 'fatal_error' }]);
    expect([logged, kinds()]).toEqual([[], ['outcome']]);
  });
});

describe('an edit', () => {
  test('is tried again at once after a kill, and not held back like a post', async () => {
    const { deliver, world, outbox } = await stored(having(posted(), 'update'));
    let meanwhile: unknown;
    world.whileTried = async () => {
      meanwhile = await outbox();
    };
    await deliver();
    expect(meanwhile).toMatchObject([{ kind: 'update', maybeDelivered: true, notBefore: now }]);
    expect(await outbox()).toEqual([]);
  });

  test('that a newer one has overtaken, and which may have arrived after it, is followed by one more', async () => {
    const { deliver, world, ports, outbox, kinds } = await stored(having(posted(), 'update'));
    world.whileTried = async () => {
      world.whileTried = async () => {};
      const action = await ports.store.read('a1');
      if (action) await ports.store.replace(action, { ...action, outbox: [] }, now);
    };
    await deliver();
    expect(kinds()).toEqual(['update', 'update']);
    expect(await outbox()).toEqual([]);
  });

  test('that the redrive’s card has overtaken is followed by nothing: the card is what people should see', async () => {
    const { deliver, world, ports, kinds, outbox } = await stored(having(posted(), 'update'));
    world.whileTried = async () => {
      world.whileTried = async () => {};
      const action = await ports.store.read('a1');
      const started = action && {
        ...action,
        outbox: [],
        state: 'started' as const,
        result: { startedAt: now },
      };
      if (started) await ports.store.replace(action, having(started, 'card'), now);
    };
    await deliver();
    expect([kinds(), await outbox()]).toEqual([['update', 'card'], []]);
  });

  test('of a request whose message was deleted posts it again, once', async () => {
    const { deliver, kinds, read, logged } = await stored(having(posted(), 'update'), gone, delivered);
    await deliver();
    expect(kinds()).toEqual(['update', 'request']);
    expect(await read()).toMatchObject({ state: 'requested', repostedAt: now, outbox: [] });
    expect(logged).toMatchObject([{ action: 'a1', delivery: 'update', why: 'message_not_found' }]);
  });

  test('that Slack rejects for good is dropped, and changes nothing else', async () => {
    const closed: DeliveryResult = { kind: 'rejected', because: 'cannot-post', why: 'odd' };
    const { deliver, read, outbox, kinds } = await stored(having(posted(), 'update'), closed);
    await deliver();
    expect([await outbox(), kinds()]).toEqual([[], ['update']]);
    expect(await read()).toMatchObject({ state: 'requested', place: { message: '100.1' } });
  });
});

describe('a request that cannot be posted', () => {
  const cannot: DeliveryResult = { kind: 'rejected', because: 'cannot-post', why: 'not_in_channel' };

  test('becomes void; whoever still waits for the answer to the form gets it there', async () => {
    const { deliver, world, read, logged, kinds } = await stored(aStart(), cannot);
    world.isHeld = true;
    await deliver();
    expect(kinds()).toEqual(['request']);
    expect(await read()).toMatchObject({ state: 'void', voidBecause: 'cannot-post', outbox: [] });
    expect(logged).toMatchObject([{ action: 'a1', delivery: 'request', channel: 'C0123' }]);
  });

  test('is told to a requester who no longer waits', async () => {
    const { deliver, kinds, read } = await stored(aStart(), cannot);
    await deliver();
    expect(kinds()).toEqual(['request', 'outcome']);
    expect(await read()).toMatchObject({ state: 'void', outbox: [] });
  });
});

describe('what shows that a request is still there', () => {
  test('is an edit of its message, while it waits for a decision', async () => {
    const waiting = await stored(posted());
    await checkItsMessage(posted(), waiting.ports);
    expect(await waiting.outbox()).toMatchObject([{ kind: 'update' }]);
  });

  test.each([
    ['that has no message yet', aStart()],
    ['that was decided', { ...resulting(posted(), [1, approval()]), outbox: [] }],
  ])('is not needed for one %s', async (_, action) => {
    const { ports, read } = await stored(action);
    await checkItsMessage(action, ports);
    expect((await read()).version).toBe(action.version);
  });
});
