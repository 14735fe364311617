import { describe, expect, test } from 'vitest';
import type { DeliveryResult, Fallback } from '../../../src/domain/delivery.ts';
import { cardStateOf } from '../../../src/domain/watch/card-state.ts';
import type { OutboxEntry } from '../../../src/domain/watch/notification.ts';
import {
  addToOutbox,
  emptyOutbox,
  nextNotificationAt,
  type StoredWatch,
} from '../../../src/domain/watch/outbox.ts';
import { deliverCardUpdate, deliverNotifications } from '../../../src/operations/watching/deliver-outbox.ts';
import type { Delivery } from '../../../src/operations/watching/notifier.ts';
import { aTask, aWatch, noon } from '../../domain/watch/a-watch.ts';
import { recordedMetrics } from '../../support/recorded.ts';
import { memoryStore } from './memory-store.ts';

const task = aTask({ status: 'COMPLETED', moved: 2 });
const watch = aWatch({ phase: 'settling', seen: { task, at: noon } });
const state = cardStateOf(watch);
const ended = (moved = 2) => ({ kind: 'ended' as const, task: { ...task, moved }, timing: { atMostMs: 1 } });
const sayEnded: OutboxEntry = { kind: 'notification', key: 'w1/ended', notification: ended() };
const sayJoined: OutboxEntry = {
  kind: 'notification',
  key: 'w1/joined/U1',
  notification: { kind: 'joined', user: 'U1' },
};
const sayStalled: OutboxEntry = {
  kind: 'notification',
  key: 'w1/stalled',
  notification: { kind: 'stalled', task, forMs: 900_000 },
};
const correct: OutboxEntry = { kind: 'correction', key: 'w1/ended', notification: ended(8) };
const cardUpdate: OutboxEntry[] = state ? [{ kind: 'card', state }] : [];

const storedWith = (...notify: OutboxEntry[]): StoredWatch => ({
  watch,
  outbox: addToOutbox(emptyOutbox, notify, noon),
});
const later = (changes: Partial<Extract<DeliveryResult, { kind: 'retry-later' }>> = {}): DeliveryResult => ({
  kind: 'retry-later',
  because: 'rate-limited',
  maybeDelivered: false,
  why: 'rate limited',
  ...changes,
});
const result: DeliveryResult = { kind: 'delivered', message: { channel: 'C1', ts: '200.1' } };

const keysOf = (calls: readonly Delivery[]) => calls.map((call) => 'key' in call && call.key);

/** Slack rejects it until it is tried in the last of these variants. */
type Rejected = { until: Fallback[]; answer: DeliveryResult | Error };

function setUp(stored: StoredWatch, ...answers: (DeliveryResult | Error | Rejected)[]) {
  const store = memoryStore(stored);
  const calls: Delivery[] = [];
  const log: string[] = [];
  const facts: unknown[] = [];
  const write = (what: unknown, message: string) => {
    log.push(message);
    facts.push(what);
  };
  /** `takesMs`: how long Slack takes to answer. */
  const world = { now: noon, takesMs: 0 };
  const notify = async (what: Delivery) => {
    calls.push(what);
    world.now += world.takesMs;
    const next = answers.shift() ?? result;
    const { until, answer } = 'until' in next ? next : { until: [], answer: next };
    for (const fallback of until) {
      await what.keep(fallback);
      world.now += world.takesMs;
    }
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const { events, metrics } = recordedMetrics();
  const ports = {
    store,
    notifier: { notify },
    clock: () => world.now,
    random: () => 0.5,
    log: { debug: write, info: write, warn: write, error: write },
    metrics,
    rules: { queueOf: (): { alias: string } | undefined => ({ alias: 'orders' }) },
  };
  const run = async (now = noon) => {
    world.now = now;
    await Promise.all([deliverNotifications('w1', now, ports), deliverCardUpdate('w1', now, ports)]);
  };
  const summary = () =>
    calls.map((call) =>
      call.kind === 'notification' ? `notification${call.doubt ? ', in doubt' : ''}` : call.kind,
    );
  return {
    store,
    calls,
    log,
    facts,
    events,
    ports,
    world,
    run,
    summary,
    stored: () => store.stored.get('w1'),
  };
}

describe('delivering notifications', () => {
  test('posts notifications in order, edits the card meanwhile, and then has nothing left', async () => {
    const { run, summary, stored } = setUp(storedWith(...cardUpdate, sayJoined, sayEnded));
    await run();
    expect(summary().toSorted()).toEqual(['card', 'notification', 'notification']);
    expect(stored()?.outbox).toMatchObject({
      notifications: [{ key: 'w1/ended', deliveredVersion: 1 }],
      cardUpdate: undefined,
    });
  });

  test('commits that an attempt has started before it posts', async () => {
    const { run, store } = setUp(storedWith(sayEnded));
    await run();
    expect(
      store.commits.map(({ outbox }) =>
        outbox.notifications.map((one) => [one.maybeDelivered, one.deliveredVersion]),
      ),
    ).toEqual([[[true, 0]], [[false, 1]]]);
  });

  test('is in doubt only after a failure that may have posted', async () => {
    const { run, summary } = setUp(
      storedWith(sayEnded),
      later({ afterMs: 1_000 }),
      new Error('ECONNRESET'),
      later(),
      result,
    );
    for (const seconds of [0, 1, 60, 120]) await run(noon + seconds * 1_000);
    expect(summary()).toEqual([
      'notification',
      'notification',
      'notification, in doubt',
      'notification, in doubt',
    ]);
  });

  test('searches for a post with a lost connection only when it can have arrived, even in the next process', async () => {
    const { run, stored, store } = setUp(storedWith(sayEnded), new Error('ECONNRESET'));
    await run();
    const begun = store.commits[0];
    expect([begun, stored()].map((one) => nextNotificationAt(one?.outbox ?? emptyOutbox))).toEqual([
      noon + 3_000,
      noon + 3_000,
    ]);
  });

  test('keeps the notifications of a watch in order while the first one waits', async () => {
    const { run, calls } = setUp(storedWith(sayJoined, sayStalled), later({ afterMs: 30_000 }));
    await run();
    await run(noon + 10_000);
    await run(noon + 30_000);
    expect(keysOf(calls)).toEqual(['w1/joined/U1', 'w1/joined/U1', 'w1/stalled']);
  });

  test('lets the end overtake waiting ones, which are then dropped and logged', async () => {
    const { run, calls, stored, log, facts } = setUp(
      storedWith(sayJoined, sayStalled, sayEnded),
      later({ because: 'refused', why: 'message_limit_exceeded' }),
    );
    await run();
    await run();
    await run(noon + 600_000);
    expect(keysOf(calls)).toEqual(['w1/joined/U1', 'w1/ended']);
    expect(stored()?.outbox.notifications.map(({ key }) => key)).toEqual(['w1/ended']);
    expect(log.at(-1)).toBe('dropped older notifications: the final one was delivered first');
    expect(facts.at(-1)).toMatchObject({ alias: 'orders', keys: ['w1/joined/U1', 'w1/stalled'] });
  });

  test('retries after an unexpected failure, and logs it', async () => {
    const { run, stored, log, facts } = setUp(storedWith(sayEnded), new Error('boom'));
    await run();
    expect(stored()?.outbox.notifications).toMatchObject([{ failures: 1, maybeDelivered: true }]);
    expect([log[0], facts[0]]).toEqual([
      'unexpected error while delivering; retrying',
      { err: new Error('boom'), kind: 'notification' },
    ]);
  });

  test('waits longer after each failure if Slack names no time', async () => {
    const { run, stored } = setUp(storedWith(sayEnded), later(), later(), later());
    const waits: number[] = [];
    for (let now = noon; waits.length < 3; now = nextNotificationAt(stored()?.outbox ?? emptyOutbox) ?? now) {
      await run(now);
      waits.push((nextNotificationAt(stored()?.outbox ?? emptyOutbox) ?? now) - now);
    }
    expect(waits).toEqual([1_000, 1_800, 3_600]);
  });

  test('gives up a notification after a day and twenty attempts, and logs what is lost', async () => {
    const refused = later({ because: 'refused', why: 'no_such_code' });
    const { run, stored, log, facts, calls } = setUp(storedWith(sayEnded), ...Array(30).fill(refused));
    // The clock jumps ahead by a day: that alone expires nothing.
    let now: number | undefined = noon + 25 * 3_600_000;
    for (; now !== undefined; now = nextNotificationAt(stored()?.outbox ?? emptyOutbox)) await run(now);
    expect(calls).toHaveLength(21);
    expect([stored()?.outbox.notifications, log.at(-1), facts.at(-1)]).toEqual([
      [],
      'could not deliver a notification; giving up',
      {
        watch: 'w1',
        queue: watch.queueArn,
        alias: 'orders',
        channel: 'C1',
        watchers: ['U1'],
        key: 'w1/ended',
        why: 'no_such_code',
      },
    ]);
  });

  test('does not give up after one refusal following a suspension of three days', async () => {
    const { run, stored } = setUp(
      storedWith(sayEnded),
      later({ because: 'refused', why: 'team_added_to_org' }),
    );
    await run(noon + 72 * 3_600_000);
    await run(noon + 72 * 3_600_000 + 6_000);
    expect(stored()?.outbox.notifications).toMatchObject([{ key: 'w1/ended', deliveredVersion: 1 }]);
  });

  test('commits a fallback before it is tried, and searches for that one after a crash', async () => {
    const until = [{ plain: true }, { plain: true, bare: 'words' }];
    const { run, calls, store, world } = setUp(storedWith(sayEnded), { until, answer: new Error('killed') });
    world.takesMs = 2_000;
    await run();
    expect(store.commits.map(({ outbox }) => outbox.notifications[0])).toMatchObject([
      { maybeDelivered: true, notBefore: noon + 3_000 },
      { maybeDelivered: true, notBefore: noon + 5_000, fallback: { plain: true } },
      { maybeDelivered: true, notBefore: noon + 7_000, fallback: { plain: true, bare: 'words' } },
      {
        maybeDelivered: true,
        notBefore: noon + 7_000,
        fallback: { plain: true, bare: 'words' },
        failures: 1,
      },
    ]);
    await run(noon + 7_000);
    expect(calls.map((call) => call.fallback)).toEqual([{}, { plain: true, bare: 'words' }]);
    expect(calls.at(-1)).toMatchObject({ doubt: true });
  });

  test('does not log a change that could not be committed', async () => {
    const { run, store, log } = setUp(
      storedWith(sayEnded),
      later({ because: 'refused', why: 'no_permission' }),
    );
    const { update } = store;
    let updates = 0;
    store.update = async (ids, how) => {
      updates += 1;
      if (updates === 1) return update(ids, how);
      // A change that loses to another one is decided again, from the newest state.
      await store.read(ids).then((stored) => stored.map(how));
      throw new Error('the disk is full');
    };
    await expect(run()).rejects.toThrow('the disk is full');
    expect(log).toEqual([]);
  });
});

describe('a closed channel', () => {
  const closed = later({ because: 'channel-closed', why: 'is_archived' });

  test('gets each watcher one direct message, and the notification when it is open again', async () => {
    const { run, calls, stored } = setUp(
      storedWith(sayJoined, sayEnded),
      result,
      closed,
      result,
      closed,
      result,
    );
    await run();
    await run();
    await run(noon + 6_000);
    await run(noon + 20_000);
    expect(calls.map((call) => `${call.kind} ${'key' in call ? call.key : ''}`)).toEqual([
      'notification w1/joined/U1',
      'notification w1/ended',
      'direct w1/ended/to/U1',
      'notification w1/ended',
      'notification w1/ended',
    ]);
    expect(stored()?.outbox.notifications).toMatchObject([{ key: 'w1/ended', deliveredVersion: 1 }]);
  });

  test('that opens before the direct message could be sent withdraws it', async () => {
    const { run, calls, stored } = setUp(
      storedWith(sayEnded),
      closed,
      later({ because: 'channel-closed', why: 'messages_tab_disabled' }),
      result,
    );
    await run();
    await run();
    await run(noon + 6_000);
    await run(noon + 60_000);
    expect(calls.map(({ kind }) => kind)).toEqual(['notification', 'direct', 'notification']);
    expect(stored()?.outbox.notifications).toMatchObject([{ key: 'w1/ended', deliveredVersion: 1 }]);
  });
});

describe('a correction', () => {
  test('edits the notification in place', async () => {
    const { run, store, calls, stored } = setUp(storedWith(sayEnded));
    await run();
    await store.update(['w1'], (one) => ({ ...one, outbox: addToOutbox(one.outbox, [correct], noon) }));
    await run();
    expect(calls[1]).toMatchObject({
      kind: 'correction',
      message: { ts: '200.1' },
      notification: { task: { moved: 8 } },
    });
    expect(nextNotificationAt(stored()?.outbox ?? emptyOutbox)).toBeUndefined();
  });

  test('replaces the text of a notification that still waits', async () => {
    const { run, calls } = setUp(storedWith(sayEnded, correct));
    await run();
    await run();
    expect(calls).toMatchObject([{ kind: 'notification', notification: { task: { moved: 8 } } }]);
  });

  test('follows a notification found with its older text', async () => {
    const { run, summary } = setUp(storedWith(sayEnded, correct), new Error('killed'), {
      ...result,
      found: true,
    });
    for (const seconds of [0, 60, 61]) await run(noon + seconds * 1_000);
    expect(summary()).toEqual(['notification', 'notification, in doubt', 'correction']);
  });
});

describe('a card', () => {
  test('that Slack accepts only in a fallback is edited once, and with it when it is retried', async () => {
    const until = [{ plain: true }];
    const refused = later({ because: 'refused', why: 'no_such_code' });
    const { run, calls, stored } = setUp(storedWith(...cardUpdate), { until, answer: refused });
    await run();
    expect(stored()?.outbox.cardUpdate).toMatchObject({ fallback: { plain: true }, failures: 1 });
    await run(noon + 6_000);
    expect(calls.map((call) => call.fallback)).toEqual([{}, { plain: true }]);
    expect(stored()?.outbox.cardUpdate).toBeUndefined();
  });

  test('is left alone once deleted, which is counted, and the watch continues', async () => {
    const { run, stored, facts, events, ports } = setUp(storedWith(...cardUpdate), {
      kind: 'rejected',
      because: 'message-gone',
      why: 'message_not_found',
    });
    // A queue that is no longer in the settings has only its ARN.
    ports.rules.queueOf = () => undefined;
    await run();
    expect(stored()).toMatchObject({
      watch: { cardGone: true, phase: 'settling' },
      outbox: { cardUpdate: undefined },
    });
    expect(facts).toEqual([{ watch: 'w1', queue: watch.queueArn, channel: 'C1', why: 'message_not_found' }]);
    expect(events).toEqual([{ what: 'card update dropped' }]);
  });

  test('in a closed channel is retried, and the watch continues', async () => {
    const closed = later({ because: 'channel-closed', why: 'is_archived' });
    const { run, stored, log, events } = setUp(storedWith(...cardUpdate), closed);
    await run();
    expect([stored()?.watch.phase, log]).toEqual(['settling', ['could not update a card; retrying']]);
    expect(events).toEqual([]);
    await run(noon + 6_000);
    expect(stored()?.outbox.cardUpdate).toBeUndefined();
  });

  test('stays as is if its end is refused for a day, and the log names what is lost', async () => {
    const refused = later({ because: 'refused', why: 'no_such_code' });
    const { run, stored, log, facts, events } = setUp(storedWith(...cardUpdate), ...Array(30).fill(refused));
    let now: number | undefined = noon + 25 * 3_600_000;
    for (; now !== undefined; now = stored()?.outbox.cardUpdate?.notBefore) await run(now);
    expect([stored()?.outbox.cardUpdate, log.at(-1), facts.at(-1)]).toEqual([
      undefined,
      'could not update a card; giving up and leaving it as is',
      expect.objectContaining({ alias: 'orders', channel: 'C1', watchers: ['U1'], why: 'no_such_code' }),
    ]);
    expect(events).toEqual([{ what: 'card update dropped' }]);
  });

  test('is updated for a day with the news that it is no longer watched, even if its task runs', async () => {
    const last = cardStateOf(aWatch({ phase: 'over', forbidden: true, seen: { task: aTask(), at: noon } }));
    const lastEdit: OutboxEntry[] = last ? [{ kind: 'card', state: last }] : [];
    const { run, calls, stored } = setUp(storedWith(...lastEdit), later({ afterMs: 1_000 }), later());
    await run();
    await run(noon + 3_600_000);
    await run(noon + 7_200_000);
    expect([calls.length, stored()?.outbox.cardUpdate]).toEqual([3, undefined]);
  });

  test('shows only the newest waiting edit', async () => {
    const newer: OutboxEntry[] = state ? [{ kind: 'card', state: { ...state, seenAt: noon + 5 } }] : [];
    const { run, store, calls } = setUp(storedWith(...cardUpdate), later({ afterMs: 10_000 }));
    await run();
    await store.update(['w1'], (one) => ({ ...one, outbox: addToOutbox(one.outbox, newer, noon + 5) }));
    await run(noon + 9_999);
    expect(calls).toHaveLength(1);
    await run(noon + 10_000);
    expect(calls.map((call) => call.kind === 'card' && call.state.seenAt)).toEqual([noon, noon + 5]);
  });
});
