import { describe, expect, test } from 'vitest';
import type { DeliveryResult } from '../../../src/domain/delivery.ts';
import { cardStateOf } from '../../../src/domain/watch/card-state.ts';
import {
  emptyOutbox,
  type StoredCardUpdate,
  type StoredNotification,
} from '../../../src/domain/watch/outbox.ts';
import type { Watch } from '../../../src/domain/watch/watch.ts';
import {
  afterCardUpdate,
  afterNotification,
  keptFallback,
} from '../../../src/operations/watching/after-delivery.ts';
import { aTask, aWatch, noon } from '../../domain/watch/a-watch.ts';

/** An attempt that began at noon and took two seconds. */
const moment = { now: noon + 2_000, begunAt: noon, random: 0.5 };
const result: DeliveryResult = { kind: 'delivered', message: { channel: 'C1', ts: '200.1' } };
const later = (given: Partial<Extract<DeliveryResult, { kind: 'retry-later' }>> = {}): DeliveryResult => ({
  kind: 'retry-later',
  because: 'refused',
  maybeDelivered: false,
  why: 'no_such_code',
  ...given,
});
const limited = later({ because: 'rate-limited', afterMs: 7_000, why: 'ratelimited' });
const gone: DeliveryResult = { kind: 'rejected', because: 'message-gone', why: 'message_not_found' };
const refusals = (times: number) => ({ failures: times, failing: { as: 'refusal', since: noon, times } });

const retrying = 'could not deliver a notification; retrying';

describe('a notification', () => {
  const task = aTask();
  const aNotification = (given: Partial<StoredNotification> = {}): StoredNotification => ({
    key: 'w1/stalled',
    notification: { kind: 'stalled', task, forMs: 900_000 },
    version: 1,
    deliveredVersion: 0,
    maybeDelivered: false,
    since: noon,
    notBefore: noon,
    failures: 0,
    ...given,
  });
  const joined = aNotification({ key: 'w1/joined/U1', notification: { kind: 'joined', user: 'U1' } });
  const ended = aNotification({
    key: 'w1/ended',
    notification: { kind: 'ended', task, timing: { atMostMs: 1 } },
  });
  const directOf = ({ key, notification }: StoredNotification, given: Partial<StoredNotification> = {}) =>
    aNotification({ key: `${key}/to/U1`, notification, direct: { user: 'U1', of: key }, ...given });

  /** What is stored after an attempt at the first of these, in the order in which they were decided. */
  function became(
    answer: DeliveryResult,
    tried: StoredNotification,
    all: StoredNotification[] = [tried],
    watch: Partial<Watch> = {},
  ) {
    const begun = { maybeDelivered: true, notBefore: noon + 3_000 };
    const notifications = all.map((one) => (one === tried ? { ...one, ...begun } : one));
    const stored = { watch: aWatch(watch), outbox: { notifications } };
    const { line, stored: changed } = afterNotification(stored, tried, answer, moment);
    expect(changed.watch).toEqual(stored.watch);
    return { notifications: changed.outbox.notifications, line };
  }

  test('waits for its turn, undelivered', () => {
    expect(became({ kind: 'wait', afterMs: 7_000 }, aNotification(), undefined)).toEqual({
      notifications: [aNotification({ notBefore: noon + 9_000 })],
    });
  });

  test('is retried after a refusal, and logged the first time', () => {
    const tried = aNotification();
    const failing = { as: 'refusal', since: noon + 2_000, times: 1 };
    expect(became(later(), tried)).toEqual({
      notifications: [aNotification({ notBefore: noon + 4_500, failures: 1, failing })],
      line: ['warn', { key: tried.key, why: 'no_such_code' }, retrying],
    });
    expect(became(later(), aNotification(refusals(1)))).toEqual({
      notifications: [aNotification({ notBefore: noon + 9_000, ...refusals(2) })],
    });
    expect(became(limited, aNotification())).toMatchObject({ notifications: [{ notBefore: noon + 9_000 }] });
    expect(became(limited, aNotification()).line).toBeUndefined();
  });

  test('is dropped and logged as lost after a day of refusals; a direct message names its person', () => {
    const refusedForADay = { ...refusals(20), since: noon - 25 * 3_600_000 };
    const facts = { key: 'w1/ended', why: 'no_such_code' };
    const lost = 'could not deliver a notification; giving up';
    expect(became(later(), { ...ended, ...refusedForADay })).toEqual({
      notifications: [],
      line: ['error', facts, lost],
    });
    expect(became(later(), directOf(ended)).line).toEqual([
      'warn',
      { ...facts, key: 'w1/ended/to/U1', person: 'U1' },
      retrying,
    ]);
  });

  test('is not searched for before it can have arrived', () => {
    const trouble = later({ because: 'trouble', maybeDelivered: true });
    expect(became(trouble, aNotification()).notifications).toMatchObject([
      { maybeDelivered: true, notBefore: noon + 3_000 },
    ]);
    expect(became(later(), aNotification({ maybeDelivered: true })).notifications).toMatchObject([
      { maybeDelivered: true },
    ]);
  });

  describe('for a channel that is closed', () => {
    const closed = later({ because: 'channel-closed', why: 'is_archived' });
    const keys = (notifications: readonly StoredNotification[]) => notifications.map(({ key }) => key);

    test('goes to its watchers meanwhile, and is logged the first time', () => {
      const tried = { ...ended, ...refusals(3) };
      const { notifications, line } = became(closed, tried, [tried], { watchers: ['U1', 'U2'] });
      expect([keys(notifications), line]).toEqual([
        ['w1/ended', 'w1/ended/to/U1', 'w1/ended/to/U2'],
        ['warn', { key: tried.key, why: 'is_archived' }, retrying],
      ]);
      const again = became(closed, tried, [tried, directOf(ended)]);
      expect([keys(again.notifications), again.line]).toEqual([['w1/ended', 'w1/ended/to/U1'], undefined]);
    });

    test.each([
      ['a correction', { ...ended, deliveredVersion: 1, version: 2 }],
      ['a direct message', directOf(ended)],
      ['who has joined', joined],
    ])('does not go to them when it is %s', (_what, tried) => {
      expect(keys(became(closed, tried).notifications)).toEqual([tried.key]);
    });
  });

  test('is forgotten once delivered, except for the end, whose place is kept to correct it', () => {
    expect(became(result, joined, [joined, aNotification()]).notifications).toEqual([aNotification()]);
    expect(became(result, { ...ended, ...refusals(2) })).toEqual({
      notifications: [
        {
          ...ended,
          deliveredVersion: 1,
          maybeDelivered: false,
          notBefore: noon + 2_000,
          place: { channel: 'C1', ts: '200.1' },
        },
      ],
    });
    expect(became({ kind: 'delivered' }, ended).notifications).toEqual([]);
    expect(became(result, ended, [ended], { phase: 'over' }).notifications).toEqual([]);
  });

  test('is corrected next if it was found with its first text, even if the watch is over', () => {
    const corrected = aNotification({ version: 3 });
    const found = became({ ...result, found: true }, corrected, [corrected], { phase: 'over' });
    expect(found.notifications).toMatchObject([{ deliveredVersion: 1, version: 3, place: { ts: '200.1' } }]);
    expect(became({ kind: 'delivered', found: true }, corrected).notifications).toEqual([]);
  });

  test('about the end drops what waited before it, and the direct messages in its place, once delivered', () => {
    const stalled = aNotification(refusals(1));
    const back = aNotification({
      key: 'w1/can-see-again',
      notification: { kind: 'can-see-again', forMs: 1 },
    });
    const before = aNotification({ key: 'w1/before', deliveredVersion: 1 });
    const { notifications, line } = became(result, ended, [
      before,
      joined,
      stalled,
      ended,
      directOf(ended),
      back,
    ]);
    expect([notifications.map(({ key }) => key), line]).toEqual([
      ['w1/before', 'w1/ended', 'w1/can-see-again'],
      [
        'warn',
        { keys: [joined.key, stalled.key] },
        'dropped older notifications: the final one was delivered first',
      ],
    ]);
    expect(became(result, ended, [before, ended]).line).toBeUndefined();
  });

  test('is remembered as a direct message while it might be sent again, and drops nothing', () => {
    const direct = directOf(ended);
    expect(became(result, direct, [joined, ended, direct])).toMatchObject({
      notifications: [joined, ended, { key: direct.key, deliveredVersion: 1 }],
    });
    const deliveredEnd = { ...ended, deliveredVersion: 1 };
    expect(became(result, direct, [joined, deliveredEnd, direct])).toEqual({
      notifications: [joined, deliveredEnd],
    });
  });

  test('is dropped and logged if it is gone when corrected, with its direct messages', () => {
    const tried = { ...ended, deliveredVersion: 1, version: 2, place: { channel: 'C1', ts: '200.1' } };
    const [sent, waiting] = [
      directOf(ended, { deliveredVersion: 1 }),
      directOf(ended, { key: 'w1/ended/to/U2' }),
    ];
    const other = aNotification({ deliveredVersion: 1 });
    expect(became(gone, tried, [other, joined, tried, sent, waiting])).toEqual({
      notifications: [other, joined, waiting],
      line: [
        'warn',
        { key: tried.key, why: 'message_not_found' },
        'could not correct a notification; giving up and leaving its first text',
      ],
    });
  });
});

describe('an edit of the card', () => {
  const stateOf = (status: 'RUNNING' | 'COMPLETED') =>
    cardStateOf(aWatch({ seen: { task: aTask({ status }), at: noon } })) ?? expect.unreachable();
  const anEdit = (given: Partial<StoredCardUpdate> = {}): StoredCardUpdate => ({
    state: stateOf('RUNNING'),
    version: 1,
    since: noon,
    notBefore: noon,
    failures: 0,
    ...given,
  });
  const final = { state: stateOf('COMPLETED') };

  /** `edit`: what is to be shown when the attempt of `tried` is over. */
  function became(
    answer: DeliveryResult,
    tried: StoredCardUpdate,
    cardUpdate: StoredCardUpdate | undefined = tried,
    now = moment.now,
  ) {
    const watch = aWatch();
    const { stored, line } = afterCardUpdate(
      { watch, outbox: { notifications: [], cardUpdate } },
      tried,
      answer,
      {
        ...moment,
        now,
      },
    );
    return { cardUpdate: stored.outbox.cardUpdate, isGone: stored.watch.cardGone, line };
  }
  const stays = (cardUpdate: StoredCardUpdate | undefined) => ({
    cardUpdate,
    isGone: false,
    line: undefined,
  });

  test('leaves a newer one, which has not failed yet', () => {
    expect(became(result, anEdit())).toEqual(stays(undefined));
    const newer = anEdit({ version: 2 });
    expect(became(result, anEdit(), { ...newer, ...refusals(3) })).toEqual(stays(newer));
  });

  test('changes nothing if it is no longer wanted, whatever its result', () => {
    const stored = { watch: aWatch(), outbox: emptyOutbox };
    expect(afterCardUpdate(stored, anEdit(), gone, moment)).toEqual({ stored });
  });

  test('waits for its turn', () => {
    expect(became({ kind: 'wait', afterMs: 7_000 }, anEdit())).toEqual(
      stays(anEdit({ notBefore: noon + 9_000 })),
    );
  });

  test('keeps what Slack rejected unless there is a newer one', () => {
    const kept = (cardUpdate: StoredCardUpdate) =>
      keptFallback({ watch: aWatch(), outbox: { notifications: [], cardUpdate } }, anEdit(), { plain: true })
        .outbox.cardUpdate;
    const newer = anEdit({ version: 2 });
    expect([kept(anEdit()), kept(newer)]).toEqual([anEdit({ fallback: { plain: true } }), newer]);
  });

  test('is retried after a refusal, and logged the first time', () => {
    const failing = { as: 'refusal', since: noon + 2_000, times: 1 };
    expect(became(later(), anEdit())).toEqual({
      ...stays(anEdit({ notBefore: noon + 4_500, failures: 1, failing })),
      line: ['warn', { why: 'no_such_code' }, 'could not update a card; retrying'],
    });
    const tried = anEdit(refusals(1));
    expect(became(later(), tried)).toEqual(stays(anEdit({ notBefore: noon + 9_000, ...refusals(2) })));
    expect(became(limited, anEdit())).toMatchObject({
      cardUpdate: { notBefore: noon + 9_000 },
      line: undefined,
    });
  });

  test('lets an end that came meanwhile go at once, but newer progress waits as long', () => {
    const [progress, end] = [anEdit({ version: 2 }), anEdit({ version: 2, ...final })];
    expect(became(limited, anEdit(), end)).toEqual(stays(end));
    expect(became(limited, anEdit(), progress).cardUpdate).toMatchObject({
      version: 2,
      notBefore: noon + 9_000,
    });
    expect(became(limited, anEdit(final), end).cardUpdate).toMatchObject({
      version: 2,
      notBefore: noon + 9_000,
    });
  });

  test.each([
    ['of progress is useless after ten minutes', anEdit(), 600_001, false],
    ['of progress is tried for ten minutes', anEdit(), 600_000, true],
    ['of the end is tried for a day', anEdit(final), 24 * 3_600_000, true],
    ['of the end is tried twenty times at least', anEdit({ ...final, failures: 19 }), 25 * 3_600_000, true],
    ['of the end is given up then', anEdit({ ...final, failures: 20 }), 25 * 3_600_000, false],
  ])('%s', (_what, tried, afterMs, isKept) => {
    const { cardUpdate, line } = became(later(), tried, tried, noon + afterMs);
    expect(cardUpdate !== undefined).toBe(isKept);
    if (!isKept)
      expect(line).toEqual([
        'error',
        { why: 'no_such_code' },
        'could not update a card; giving up and leaving it as is',
      ]);
  });

  test('is as old as the state it shows', () => {
    const newer = anEdit({ version: 2, since: noon + 600_000 });
    expect(became(limited, anEdit(), newer, noon + 1_200_000).cardUpdate).toMatchObject({ version: 2 });
  });

  test('is not made for a card that is gone, and that is remembered', () => {
    expect(became(gone, anEdit())).toEqual({
      cardUpdate: undefined,
      isGone: true,
      line: ['warn', { why: 'message_not_found' }, 'card was deleted; the watch continues without it'],
    });
  });
});
