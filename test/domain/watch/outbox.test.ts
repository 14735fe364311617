import { describe, expect, test } from 'vitest';
import {
  changeNotice,
  dropNotice,
  dueNotices,
  emptyOutbox,
  isEnd,
  isFinalEdit,
  isPending,
  type KeptNotice,
  KeptWatch,
  nextLookOf,
  nextNoticeAt,
  type Outbox,
  overtakenBy,
  remember,
  silence,
  withDirects,
  withoutJoin,
} from '../../../src/domain/watch/outbox.ts';
import { cardStateOf, type Notice, type Telling } from '../../../src/domain/watch/telling.ts';
import { aTask, aWatch, noon } from './a-watch.ts';

function edit(status: 'RUNNING' | 'COMPLETED'): Telling {
  const task = { status, statusText: status, startedAt: noon };
  const final = status === 'COMPLETED';
  const state = { queueArn: 'arn', task, seenAt: noon, earlier: [], final, watchers: [], notListed: false };
  return { kind: 'card', state };
}

/** Told to wait for half an hour, as one of thousands of cards. */
function waiting(outbox: Outbox): Outbox {
  return outbox.edit ? { ...outbox, edit: { ...outbox.edit, notBefore: noon + 1_800_000 } } : outbox;
}

describe('an edit that waits', () => {
  const waits = waiting(remember(emptyOutbox, [edit('RUNNING')], noon));

  test('hands its wait on to a newer one', () => {
    expect(remember(waits, [edit('RUNNING')], noon + 1).edit?.notBefore).toBe(noon + 1_800_000);
  });

  test('is replaced at once by the one that shows the end', () => {
    const ended = remember(waits, [edit('COMPLETED')], noon + 1);
    expect(ended.edit?.notBefore).toBe(noon + 1);
    expect(remember(waiting(ended), [edit('COMPLETED')], noon + 2).edit?.notBefore).toBe(noon + 1_800_000);
  });
});

const ended: Notice = { kind: 'ended', task: aTask({ status: 'COMPLETED' }), timing: { atMostMs: 1 } };
const seeing: Notice = { kind: 'can-see-again', forMs: 1 };
const joined = (user: string): Notice => ({ kind: 'joined', user });

function kept(key: string, changes: Partial<KeptNotice> = {}): KeptNotice {
  const fresh = { version: 1, told: 0, maybeTold: false, since: noon, notBefore: noon, failures: 0 };
  return { key, notice: seeing, ...fresh, ...changes };
}
const outboxOf = (...notices: KeptNotice[]): Outbox => ({ notices });
const keysOf = (notices: readonly KeptNotice[]) => notices.map(({ key }) => key);
const later = { notBefore: noon + 60_000 };

describe('a notice', () => {
  const told = (kind: 'notice' | 'correction', key: string, notice: Notice = ended): Telling => ({
    kind,
    key,
    notice,
  });

  test('is kept once under its key, due at once, and not told yet', () => {
    const once = remember(emptyOutbox, [told('notice', 'a'), told('notice', 'b', seeing)], noon);
    expect(once.notices).toStrictEqual([kept('a', { notice: ended }), kept('b')]);
    expect(remember(once, [told('notice', 'a', seeing)], noon + 1)).toEqual(once);
  });

  test('that is corrected counts its versions up, and is to be told again', () => {
    const before = outboxOf(kept('a', { told: 1, since: 1 }), kept('b', { told: 1 }));
    const corrected = remember(before, [told('correction', 'a')], noon + 1);
    expect(corrected.notices).toStrictEqual([
      kept('a', { notice: ended, told: 1, version: 2, since: noon + 1 }),
      kept('b', { told: 1 }),
    ]);
    expect([before, corrected].map(({ notices }) => notices.map(isPending))).toEqual([
      [false, false],
      [true, false],
    ]);
    expect(remember(corrected, [told('correction', 'a')], noon + 2).notices[0]?.version).toBe(3);
    expect(remember(before, [told('correction', 'c')], noon + 1)).toEqual(before);
  });

  test('is changed and dropped by its key', () => {
    const two = outboxOf(kept('a'), kept('b'));
    expect(changeNotice(two, 'b', (one) => ({ ...one, failures: 2 })).notices).toEqual([
      kept('a'),
      kept('b', { failures: 2 }),
    ]);
    expect(keysOf(dropNotice(two, 'a').notices)).toEqual(['b']);
  });

  test('that nobody needs is dropped, unless it has been told', () => {
    const waits = remember(emptyOutbox, [edit('RUNNING')], noon);
    const both = { ...waits, notices: [kept('a', { told: 1 }), kept('b')] };
    expect(silence(both)).toEqual({ notices: [kept('a', { told: 1 })], edit: both.edit });
  });

  test('to somebody who leaves is dropped, unless it may have been told', () => {
    const direct = { user: 'U1', of: 'e' };
    const all = outboxOf(
      kept('a', { notice: joined('U1') }),
      kept('b', { notice: joined('U2') }),
      kept('c', { notice: joined('U1'), maybeTold: true }),
      kept('d', { direct }),
      kept('e'),
    );
    expect(keysOf(withoutJoin(all, 'U1').notices)).toEqual(['b', 'c', 'e']);
    expect(keysOf(withoutJoin(all, 'U3').notices)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

describe('notices that are due', () => {
  const end = (changes: Partial<KeptNotice> = {}) => kept('end', { notice: ended, ...changes });
  const direct = { user: 'U1', of: 'a' };

  test.each<[string, KeptNotice[], string[], number | undefined]>([
    ['none', [], [], undefined],
    ['not those that were told', [kept('a', { told: 1 })], [], undefined],
    ['in order', [kept('a'), kept('b')], ['a', 'b'], noon],
    ['not yet', [kept('a', later)], [], noon + 60_000],
    ['not those behind one that waits', [kept('a', later), kept('b')], [], noon + 60_000],
    ['up to one that waits', [kept('a'), kept('b', later), kept('c')], ['a'], noon],
    ['direct messages after all, each once', [kept('d', { direct }), kept('a')], ['a', 'd'], noon],
    [
      'the end, past all when one of them has failed',
      [kept('a'), kept('b', { failures: 1 }), end()],
      ['end'],
      noon,
    ],
    [
      'the end after what is fresh, though itself it has failed',
      [kept('a'), end({ failures: 1 })],
      ['a', 'end'],
      noon,
    ],
    ['the end after what is fresh', [kept('a'), end()], ['a', 'end'], noon],
    ['the end, past one that waits', [kept('a', later), end()], ['end'], noon],
    ['the end, past one that has failed', [kept('a', { failures: 1 }), end()], ['end'], noon],
    ['the end, past one that may have been told', [kept('a', { maybeTold: true }), end()], ['end'], noon],
    ['not those before an end that waits', [kept('a', { failures: 1 }), end(later)], [], noon + 60_000],
    ['not those behind it', [kept('a', later), end(later), kept('b')], [], noon + 60_000],
    ['direct messages past all', [kept('a', later), kept('d', { direct })], ['d'], noon],
    ['corrections past all', [kept('a', later), kept('c', { told: 1, version: 2 })], ['c'], noon],
    ['and not for all others', [kept('a'), kept('d', { direct, ...later })], ['a'], noon],
    ['a told end is no end to wait for', [end({ told: 1 }), kept('a', { failures: 1 })], ['a'], noon],
  ])('%s', (_which, notices, keys, next) => {
    expect(keysOf(dueNotices(outboxOf(...notices), noon))).toEqual(keys);
    expect(nextNoticeAt(outboxOf(...notices))).toBe(next);
  });

  test('the earliest tells when there is something to tell', () => {
    const soon = kept('d', { direct, notBefore: noon + 5 });
    expect(nextNoticeAt(outboxOf(kept('a', later), soon))).toBe(noon + 5);
    const late = kept('d', { direct, notBefore: noon + 90_000 });
    expect(nextNoticeAt(outboxOf(late, kept('a', later)))).toBe(noon + 60_000);
  });

  test('an end is that of the redrive, or of the watch', () => {
    const gaveUp: Notice = { kind: 'gave-up', because: 'not-seen-for-a-day' };
    const all = [ended, gaveUp, seeing, joined('U1')];
    expect(all.map((notice) => isEnd(kept('a', { notice })))).toEqual([true, true, false, false]);
  });

  test('those that the end has passed are those before it that were never told', () => {
    const all = outboxOf(
      kept('a'),
      kept('told', { told: 1 }),
      kept('corrected', { told: 1, version: 2 }),
      kept('direct', { direct }),
      end(),
      kept('z'),
    );
    expect(keysOf(overtakenBy(all, 'end'))).toEqual(['a']);
    expect([overtakenBy(all, 'a'), overtakenBy(all, 'unknown')]).toEqual([[], []]);
  });
});

describe('direct messages', () => {
  test('go to each watcher once, with the same words', () => {
    const once = withDirects(outboxOf(kept('a')), kept('a'), ['U1', 'U2'], noon);
    expect(once.notices).toStrictEqual([
      kept('a'),
      kept('a/to/U1', { direct: { user: 'U1', of: 'a' } }),
      kept('a/to/U2', { direct: { user: 'U2', of: 'a' } }),
    ]);
    expect(withDirects(once, kept('a'), ['U2', 'U1'], noon + 1)).toBe(once);
    expect(keysOf(withDirects(once, kept('a'), ['U3'], noon + 1).notices)).toContain('a/to/U3');
  });

  test('do not tell who has joined', () => {
    const outbox = outboxOf(kept('a', { notice: joined('U1') }));
    expect(withDirects(outbox, kept('a', { notice: joined('U1') }), ['U1'], noon)).toBe(outbox);
  });
});

describe('an edit of the card', () => {
  test('counts its versions up, and keeps the failures of the one that it replaces', () => {
    const first = remember(emptyOutbox, [edit('RUNNING')], noon).edit;
    expect(first).toMatchObject({ version: 1, since: noon, notBefore: noon, failures: 0 });
    if (!first) throw new Error('no edit');
    const failing = { as: 'refusal', since: noon, times: 2 };
    const failed = { ...emptyOutbox, edit: { ...first, ...later, failures: 2, failing } };
    const next = remember(failed, [edit('RUNNING')], noon + 1).edit;
    expect(next).toMatchObject({ version: 2, since: noon + 1, ...later, failures: 2, failing });
    const final = remember(failed, [edit('COMPLETED')], noon + 1).edit;
    expect(final).toMatchObject({ version: 2, since: noon + 1, notBefore: noon + 1, failures: 0 });
    expect(final).not.toHaveProperty('failing');
    expect(remember({ ...failed, edit: first }, [edit('RUNNING')], noon).edit).not.toHaveProperty('failing');
  });

  test('is final when the watch or the task is at its end', () => {
    const finalOf = (status: 'RUNNING' | 'COMPLETED', final: boolean) => {
      const { edit: made } = remember(emptyOutbox, [edit(status)], noon);
      return made && isFinalEdit({ ...made, state: { ...made.state, final } });
    };
    expect([finalOf('RUNNING', false), finalOf('RUNNING', true), finalOf('COMPLETED', false)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('that only a newer version understands is made anew from its watch', () => {
    const seen = { task: aTask({ moved: 3 }), at: noon };
    const read = (watch: unknown, made: unknown) =>
      KeptWatch.safeParse({ watch, outbox: { notices: [], edit: made } }).data?.outbox.edit;
    expect(read(aWatch({ seen }), { state: 'shiny' })).toEqual({
      state: cardStateOf(aWatch({ seen })),
      version: 1,
      since: noon,
      notBefore: 0,
      failures: 0,
    });
    const { edit: known } = remember(emptyOutbox, [edit('RUNNING')], noon);
    expect(read(aWatch({ seen }), known)).toEqual(known);
    expect([read(aWatch({ seen }), undefined), read(aWatch(), { state: 'shiny' })]).toEqual([
      undefined,
      undefined,
    ]);
    expect(KeptWatch.safeParse({ watch: 'broken', outbox: { edit: { state: 'shiny' } } }).success).toBe(
      false,
    );
  });
});

test('a watch is looked for until it is over', () => {
  const nextOf = (phase: 'running' | 'over') =>
    nextLookOf({ watch: aWatch({ phase, nextLookAt: noon + 5 }), outbox: emptyOutbox });
  expect([nextOf('running'), nextOf('over')]).toEqual([noon + 5, undefined]);
});
