import { describe, expect, test } from 'vitest';
import { cardStateOf } from '../../../src/domain/watch/card-state.ts';
import type { Notification, OutboxEntry } from '../../../src/domain/watch/notification.ts';
import {
  addToOutbox,
  changeNotification,
  dueNotifications,
  emptyOutbox,
  isEndNotification,
  isFinalUpdate,
  isPending,
  keepNotifications,
  nextNotificationAt,
  nextPollOf,
  type Outbox,
  overtakenBy,
  type StoredNotification,
  StoredWatch,
  withDirects,
  withoutJoin,
  withoutNotifications,
} from '../../../src/domain/watch/outbox.ts';
import { aTask, aWatch, noon } from './a-watch.ts';

function cardUpdate(status: 'RUNNING' | 'COMPLETED', watchers: string[] = []): OutboxEntry {
  const task = { status, statusText: status, startedAt: noon };
  const final = status === 'COMPLETED';
  const state = { queueArn: 'arn', task, seenAt: noon, earlier: [], final, watchers, notListed: false };
  return { kind: 'card', state };
}

/** Asked to wait for half an hour, as one of thousands of cards. */
function waiting(outbox: Outbox): Outbox {
  return outbox.cardUpdate
    ? { ...outbox, cardUpdate: { ...outbox.cardUpdate, notBefore: noon + 1_800_000 } }
    : outbox;
}

describe('a waiting card update', () => {
  const waits = waiting(addToOutbox(emptyOutbox, [cardUpdate('RUNNING')], noon));

  test('passes its wait on to a newer one', () => {
    expect(addToOutbox(waits, [cardUpdate('RUNNING')], noon + 1).cardUpdate?.notBefore).toBe(
      noon + 1_800_000,
    );
  });

  test('does not delay showing who joins or leaves, unless Slack has refused it', () => {
    expect(addToOutbox(waits, [cardUpdate('RUNNING', ['UANN'])], noon + 1).cardUpdate?.notBefore).toBe(
      noon + 1,
    );
    const refused = waits.cardUpdate && { ...waits, cardUpdate: { ...waits.cardUpdate, failures: 1 } };
    expect(
      addToOutbox(refused ?? waits, [cardUpdate('RUNNING', ['UANN'])], noon + 1).cardUpdate?.notBefore,
    ).toBe(noon + 1_800_000);
  });

  test('is replaced at once by the one that shows the end', () => {
    const ended = addToOutbox(waits, [cardUpdate('COMPLETED')], noon + 1);
    expect(ended.cardUpdate?.notBefore).toBe(noon + 1);
    expect(addToOutbox(waiting(ended), [cardUpdate('COMPLETED')], noon + 2).cardUpdate?.notBefore).toBe(
      noon + 1_800_000,
    );
  });
});

const ended: Notification = { kind: 'ended', task: aTask({ status: 'COMPLETED' }), timing: { atMostMs: 1 } };
const seeing: Notification = { kind: 'can-see-again', forMs: 1 };
const joined = (user: string): Notification => ({ kind: 'joined', user });

function stored(key: string, changes: Partial<StoredNotification> = {}): StoredNotification {
  const fresh = {
    version: 1,
    deliveredVersion: 0,
    maybeDelivered: false,
    since: noon,
    notBefore: noon,
    failures: 0,
  };
  return { key, notification: seeing, ...fresh, ...changes };
}
const outboxOf = (...notifications: StoredNotification[]): Outbox => ({ notifications });
const keysOf = (notifications: readonly StoredNotification[]) => notifications.map(({ key }) => key);
const later = { notBefore: noon + 60_000 };

describe('a notification', () => {
  const result = (
    kind: 'notification' | 'correction',
    key: string,
    notification: Notification = ended,
  ): OutboxEntry => ({
    kind,
    key,
    notification,
  });

  test('is stored once under its key, due at once and undelivered', () => {
    const once = addToOutbox(
      emptyOutbox,
      [result('notification', 'a'), result('notification', 'b', seeing)],
      noon,
    );
    expect(once.notifications).toStrictEqual([stored('a', { notification: ended }), stored('b')]);
    expect(addToOutbox(once, [result('notification', 'a', seeing)], noon + 1)).toEqual(once);
  });

  test('counts a new version when corrected, and is due again', () => {
    const before = outboxOf(
      stored('a', { deliveredVersion: 1, since: 1 }),
      stored('b', { deliveredVersion: 1 }),
    );
    const corrected = addToOutbox(before, [result('correction', 'a')], noon + 1);
    expect(corrected.notifications).toStrictEqual([
      stored('a', { notification: ended, deliveredVersion: 1, version: 2, since: noon + 1 }),
      stored('b', { deliveredVersion: 1 }),
    ]);
    expect([before, corrected].map(({ notifications }) => notifications.map(isPending))).toEqual([
      [false, false],
      [true, false],
    ]);
    expect(addToOutbox(corrected, [result('correction', 'a')], noon + 2).notifications[0]?.version).toBe(3);
    expect(addToOutbox(before, [result('correction', 'c')], noon + 1)).toEqual(before);
  });

  test('can be changed and dropped by its key', () => {
    const two = outboxOf(stored('a'), stored('b'));
    expect(changeNotification(two, 'b', (one) => ({ ...one, failures: 2 })).notifications).toEqual([
      stored('a'),
      stored('b', { failures: 2 }),
    ]);
    expect(keysOf(keepNotifications(two, ({ key }) => key !== 'a').notifications)).toEqual(['b']);
  });

  test('is dropped if no one needs it, unless it has been delivered', () => {
    const waits = addToOutbox(emptyOutbox, [cardUpdate('RUNNING')], noon);
    const both = { ...waits, notifications: [stored('a', { deliveredVersion: 1 }), stored('b')] };
    expect(withoutNotifications(both)).toEqual({
      notifications: [stored('a', { deliveredVersion: 1 })],
      cardUpdate: both.cardUpdate,
    });
  });

  test('to someone who leaves is dropped, unless it may have been delivered', () => {
    const direct = { user: 'U1', of: 'e' };
    const all = outboxOf(
      stored('a', { notification: joined('U1') }),
      stored('b', { notification: joined('U2') }),
      stored('c', { notification: joined('U1'), maybeDelivered: true }),
      stored('d', { direct }),
      stored('e'),
    );
    expect(keysOf(withoutJoin(all, 'U1').notifications)).toEqual(['b', 'c', 'e']);
    expect(keysOf(withoutJoin(all, 'U3').notifications)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

describe('notifications that are due', () => {
  const end = (changes: Partial<StoredNotification> = {}) =>
    stored('end', { notification: ended, ...changes });
  const direct = { user: 'U1', of: 'a' };

  test.each<[string, StoredNotification[], string[], number | undefined]>([
    ['none', [], [], undefined],
    ['not those that were told', [stored('a', { deliveredVersion: 1 })], [], undefined],
    ['in order', [stored('a'), stored('b')], ['a', 'b'], noon],
    ['not yet', [stored('a', later)], [], noon + 60_000],
    ['not those behind one that waits', [stored('a', later), stored('b')], [], noon + 60_000],
    ['up to one that waits', [stored('a'), stored('b', later), stored('c')], ['a'], noon],
    ['direct messages after all, each once', [stored('d', { direct }), stored('a')], ['a', 'd'], noon],
    [
      'the end, past all when one of them has failed',
      [stored('a'), stored('b', { failures: 1 }), end()],
      ['end'],
      noon,
    ],
    [
      'the end after what is fresh, though itself it has failed',
      [stored('a'), end({ failures: 1 })],
      ['a', 'end'],
      noon,
    ],
    ['the end after what is fresh', [stored('a'), end()], ['a', 'end'], noon],
    ['the end, past one that waits', [stored('a', later), end()], ['end'], noon],
    ['the end, past one that has failed', [stored('a', { failures: 1 }), end()], ['end'], noon],
    [
      'the end, past one that may have been told',
      [stored('a', { maybeDelivered: true }), end()],
      ['end'],
      noon,
    ],
    ['not those before an end that waits', [stored('a', { failures: 1 }), end(later)], [], noon + 60_000],
    ['not those behind it', [stored('a', later), end(later), stored('b')], [], noon + 60_000],
    ['direct messages past all', [stored('a', later), stored('d', { direct })], ['d'], noon],
    [
      'corrections past all',
      [stored('a', later), stored('c', { deliveredVersion: 1, version: 2 })],
      ['c'],
      noon,
    ],
    ['and not for all others', [stored('a'), stored('d', { direct, ...later })], ['a'], noon],
    [
      'a told end is no end to wait for',
      [end({ deliveredVersion: 1 }), stored('a', { failures: 1 })],
      ['a'],
      noon,
    ],
  ])('%s', (_which, notifications, keys, next) => {
    expect(keysOf(dueNotifications(outboxOf(...notifications), noon))).toEqual(keys);
    expect(nextNotificationAt(outboxOf(...notifications))).toBe(next);
  });

  test('the earliest one decides when the next delivery is due', () => {
    const soon = stored('d', { direct, notBefore: noon + 5 });
    expect(nextNotificationAt(outboxOf(stored('a', later), soon))).toBe(noon + 5);
    const late = stored('d', { direct, notBefore: noon + 90_000 });
    expect(nextNotificationAt(outboxOf(late, stored('a', later)))).toBe(noon + 60_000);
  });

  test('an end is that of the redrive, or of the watch', () => {
    const gaveUp: Notification = { kind: 'gave-up', because: 'not-seen-for-a-day' };
    const all = [ended, gaveUp, seeing, joined('U1')];
    expect(all.map((notification) => isEndNotification(stored('a', { notification })))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('the end overtakes those before it that were never delivered', () => {
    const all = outboxOf(
      stored('a'),
      stored('delivered', { deliveredVersion: 1 }),
      stored('corrected', { deliveredVersion: 1, version: 2 }),
      stored('direct', { direct }),
      end(),
      stored('z'),
    );
    expect(keysOf(overtakenBy(all, 'end'))).toEqual(['a']);
    expect([overtakenBy(all, 'a'), overtakenBy(all, 'unknown')]).toEqual([[], []]);
  });
});

describe('direct messages', () => {
  test('go to each watcher once, with the same words', () => {
    const once = withDirects(outboxOf(stored('a')), stored('a'), ['U1', 'U2'], noon);
    expect(once.notifications).toStrictEqual([
      stored('a'),
      stored('a/to/U1', { direct: { user: 'U1', of: 'a' } }),
      stored('a/to/U2', { direct: { user: 'U2', of: 'a' } }),
    ]);
    expect(withDirects(once, stored('a'), ['U2', 'U1'], noon + 1)).toBe(once);
    expect(keysOf(withDirects(once, stored('a'), ['U3'], noon + 1).notifications)).toContain('a/to/U3');
  });

  test('do not say who has joined', () => {
    const outbox = outboxOf(stored('a', { notification: joined('U1') }));
    expect(withDirects(outbox, stored('a', { notification: joined('U1') }), ['U1'], noon)).toBe(outbox);
  });
});

describe('an edit of the card', () => {
  test('counts a new version, and keeps the failures of the one it replaces', () => {
    const first = addToOutbox(emptyOutbox, [cardUpdate('RUNNING')], noon).cardUpdate;
    expect(first).toMatchObject({ version: 1, since: noon, notBefore: noon, failures: 0 });
    if (!first) throw new Error('no edit');
    const failing = { as: 'refusal', since: noon, times: 2 };
    const failed = { ...emptyOutbox, cardUpdate: { ...first, ...later, failures: 2, failing } };
    const next = addToOutbox(failed, [cardUpdate('RUNNING')], noon + 1).cardUpdate;
    expect(next).toMatchObject({ version: 2, since: noon + 1, ...later, failures: 2, failing });
    const final = addToOutbox(failed, [cardUpdate('COMPLETED')], noon + 1).cardUpdate;
    expect(final).toMatchObject({ version: 2, since: noon + 1, notBefore: noon + 1, failures: 0 });
    expect(final).not.toHaveProperty('failing');
    expect(
      addToOutbox({ ...failed, cardUpdate: first }, [cardUpdate('RUNNING')], noon).cardUpdate,
    ).not.toHaveProperty('failing');
  });

  test('is final if the watch or the task has ended', () => {
    const finalOf = (status: 'RUNNING' | 'COMPLETED', final: boolean) => {
      const { cardUpdate: made } = addToOutbox(emptyOutbox, [cardUpdate(status)], noon);
      return made && isFinalUpdate({ ...made, state: { ...made.state, final } });
    };
    expect([finalOf('RUNNING', false), finalOf('RUNNING', true), finalOf('COMPLETED', false)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('is recreated from its watch if only a newer version understands it', () => {
    const seen = { task: aTask({ moved: 3 }), at: noon };
    const read = (watch: unknown, made: unknown) =>
      StoredWatch.safeParse({ watch, outbox: { notifications: [], cardUpdate: made } }).data?.outbox
        .cardUpdate;
    expect(read(aWatch({ seen }), { state: 'shiny' })).toEqual({
      state: cardStateOf(aWatch({ seen })),
      version: 1,
      since: noon,
      notBefore: 0,
      failures: 0,
    });
    const { cardUpdate: known } = addToOutbox(emptyOutbox, [cardUpdate('RUNNING')], noon);
    expect(read(aWatch({ seen }), known)).toEqual(known);
    expect([read(aWatch({ seen }), undefined), read(aWatch(), { state: 'shiny' })]).toEqual([
      undefined,
      undefined,
    ]);
    expect(
      StoredWatch.safeParse({ watch: 'broken', outbox: { cardUpdate: { state: 'shiny' } } }).success,
    ).toBe(false);
  });
});

test('a watch is polled until it is over', () => {
  const nextOf = (phase: 'running' | 'over') =>
    nextPollOf({ watch: aWatch({ phase, nextPollAt: noon + 5 }), outbox: emptyOutbox });
  expect([nextOf('running'), nextOf('over')]).toEqual([noon + 5, undefined]);
});
