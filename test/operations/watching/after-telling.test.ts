import { describe, expect, test } from 'vitest';
import { emptyOutbox, type KeptEdit, type KeptNotice } from '../../../src/domain/watch/outbox.ts';
import { cardStateOf } from '../../../src/domain/watch/telling.ts';
import type { Watch } from '../../../src/domain/watch/watch.ts';
import { afterEdit, afterNotice } from '../../../src/operations/watching/after-telling.ts';
import type { Told } from '../../../src/operations/watching/teller.ts';
import { aTask, aWatch, noon } from '../../domain/watch/a-watch.ts';

/** A try that began at noon and took two seconds. */
const moment = { now: noon + 2_000, begunAt: noon, random: 0.5 };
const told: Told = { kind: 'told', message: { channel: 'C1', ts: '200.1' } };
const later = (given: Partial<Extract<Told, { kind: 'later' }>> = {}): Told => ({
  kind: 'later',
  because: 'refused',
  maybeTold: false,
  why: 'no_such_code',
  ...given,
});
const limited = later({ because: 'rate-limited', afterMs: 7_000, why: 'ratelimited' });
const gone: Told = { kind: 'never', because: 'message-gone', why: 'message_not_found' };
const refusals = (times: number) => ({ failures: times, failing: { as: 'refusal', since: noon, times } });

describe('a notice', () => {
  const task = aTask();
  const aNotice = (given: Partial<KeptNotice> = {}): KeptNotice => ({
    key: 'w1/stalled',
    notice: { kind: 'stalled', task, forMs: 900_000 },
    version: 1,
    told: 0,
    maybeTold: false,
    since: noon,
    notBefore: noon,
    failures: 0,
    ...given,
  });
  const joined = aNotice({ key: 'w1/joined/U1', notice: { kind: 'joined', user: 'U1' } });
  const ended = aNotice({ key: 'w1/ended', notice: { kind: 'ended', task, timing: { atMostMs: 1 } } });
  const directOf = ({ key, notice }: KeptNotice, given: Partial<KeptNotice> = {}) =>
    aNotice({ key: `${key}/to/U1`, notice, direct: { user: 'U1', of: key }, ...given });

  /** What is kept after a try of the first of these, in the order in which they were decided. */
  function became(answer: Told, tried: KeptNotice, all: KeptNotice[] = [tried], watch: Partial<Watch> = {}) {
    const begun = { maybeTold: true, notBefore: noon + 3_000 };
    const notices = all.map((one) => (one === tried ? { ...one, ...begun } : one));
    const kept = { watch: aWatch(watch), outbox: { notices } };
    const { happened, kept: changed } = afterNotice(kept, tried, answer, moment);
    expect(changed.watch).toEqual(kept.watch);
    return { notices: changed.outbox.notices, happened };
  }

  test('whose turn has not come waits for it, and was not told', () => {
    expect(became({ kind: 'wait', afterMs: 7_000 }, aNotice(), undefined)).toEqual({
      notices: [aNotice({ notBefore: noon + 9_000 })],
    });
  });

  test('that Slack takes in another form is due at once in that form', () => {
    const answer: Told = { kind: 'again', form: { plain: true }, why: 'invalid_blocks' };
    expect(became(answer, aNotice({ maybeTold: true }))).toEqual({
      notices: [aNotice({ maybeTold: true, notBefore: noon + 2_000, form: { plain: true } })],
    });
  });

  test('that is refused is tried again, which is said the first time', () => {
    const tried = aNotice();
    const failing = { as: 'refusal', since: noon + 2_000, times: 1 };
    expect(became(later(), tried)).toEqual({
      notices: [aNotice({ notBefore: noon + 4_500, failures: 1, failing })],
      happened: { what: 'put off', notice: tried, why: 'no_such_code' },
    });
    expect(became(later(), aNotice(refusals(1)))).toEqual({
      notices: [aNotice({ notBefore: noon + 9_000, ...refusals(2) })],
    });
    expect(became(limited, aNotice())).toMatchObject({ notices: [{ notBefore: noon + 9_000 }] });
    expect(became(limited, aNotice()).happened).toBeUndefined();
  });

  test('that may stand there is not looked for before it can have arrived', () => {
    const trouble = later({ because: 'trouble', maybeTold: true });
    expect(became(trouble, aNotice()).notices).toMatchObject([{ maybeTold: true, notBefore: noon + 3_000 }]);
    expect(became(later(), aNotice({ maybeTold: true })).notices).toMatchObject([{ maybeTold: true }]);
  });

  describe('for a channel that is closed', () => {
    const closed = later({ because: 'channel-closed', why: 'is_archived' });
    const keys = (notices: readonly KeptNotice[]) => notices.map(({ key }) => key);

    test('goes to its watchers meanwhile, which is said whenever it has not before', () => {
      const tried = { ...ended, ...refusals(3) };
      const { notices, happened } = became(closed, tried, [tried], { watchers: ['U1', 'U2'] });
      expect([keys(notices), happened]).toEqual([
        ['w1/ended', 'w1/ended/to/U1', 'w1/ended/to/U2'],
        { what: 'put off', notice: tried, why: 'is_archived' },
      ]);
      const again = became(closed, tried, [tried, directOf(ended)]);
      expect([keys(again.notices), again.happened]).toEqual([['w1/ended', 'w1/ended/to/U1'], undefined]);
    });

    test.each([
      ['a correction', { ...ended, told: 1, version: 2 }],
      ['a direct message', directOf(ended)],
      ['who has joined', joined],
    ])('does not go to them when it is %s', (_what, tried) => {
      expect(keys(became(closed, tried).notices)).toEqual([tried.key]);
    });
  });

  test('that was told is forgotten, but how it ended is remembered where it stands, to be corrected', () => {
    expect(became(told, joined, [joined, aNotice()]).notices).toEqual([aNotice()]);
    expect(became(told, { ...ended, ...refusals(2) })).toEqual({
      notices: [
        {
          ...ended,
          told: 1,
          maybeTold: false,
          notBefore: noon + 2_000,
          place: { channel: 'C1', ts: '200.1' },
        },
      ],
    });
    expect(became({ kind: 'told' }, ended).notices).toEqual([]);
    expect(became(told, ended, [ended], { phase: 'over' }).notices).toEqual([]);
  });

  test('that was found with its first text is corrected next, also when the watch is over', () => {
    const corrected = aNotice({ version: 3 });
    const found = became({ ...told, found: true }, corrected, [corrected], { phase: 'over' });
    expect(found.notices).toMatchObject([{ told: 1, version: 3, place: { ts: '200.1' } }]);
    expect(became({ kind: 'told', found: true }, corrected).notices).toEqual([]);
  });

  test('of the end that was told drops what waited before it, and what was to be told directly', () => {
    const stalled = aNotice(refusals(1));
    const back = aNotice({ key: 'w1/can-see-again', notice: { kind: 'can-see-again', forMs: 1 } });
    const before = aNotice({ key: 'w1/before', told: 1 });
    const { notices, happened } = became(told, ended, [
      before,
      joined,
      stalled,
      ended,
      directOf(ended),
      back,
    ]);
    expect([notices.map(({ key }) => key), happened]).toEqual([
      ['w1/before', 'w1/ended', 'w1/can-see-again'],
      { what: 'overtaken', notices: [joined, stalled] },
    ]);
    expect(became(told, ended, [before, ended]).happened).toBeUndefined();
  });

  test('told directly is remembered while it might be sent again, and drops nothing', () => {
    const direct = directOf(ended);
    expect(became(told, direct, [joined, ended, direct])).toMatchObject({
      notices: [joined, ended, { key: direct.key, told: 1 }],
    });
    const toldEnd = { ...ended, told: 1 };
    expect(became(told, direct, [joined, toldEnd, direct])).toEqual({ notices: [joined, toldEnd] });
  });

  test('to correct that is gone is dropped, which is said, with the direct messages that were sent for it', () => {
    const tried = { ...ended, told: 1, version: 2, place: { channel: 'C1', ts: '200.1' } };
    const [sent, waiting] = [directOf(ended, { told: 1 }), directOf(ended, { key: 'w1/ended/to/U2' })];
    const other = aNotice({ told: 1 });
    expect(became(gone, tried, [other, joined, tried, sent, waiting])).toEqual({
      notices: [other, joined, waiting],
      happened: { what: 'dropped', notice: tried, why: 'message_not_found' },
    });
  });
});

describe('an edit of the card', () => {
  const stateOf = (status: 'RUNNING' | 'COMPLETED') =>
    cardStateOf(aWatch({ seen: { task: aTask({ status }), at: noon } })) ?? expect.unreachable();
  const anEdit = (given: Partial<KeptEdit> = {}): KeptEdit => ({
    state: stateOf('RUNNING'),
    version: 1,
    since: noon,
    notBefore: noon,
    failures: 0,
    ...given,
  });
  const final = { state: stateOf('COMPLETED') };

  /** `edit`: what is to be shown when the try of `tried` is over. */
  function became(answer: Told, tried: KeptEdit, edit: KeptEdit | undefined = tried, now = moment.now) {
    const watch = aWatch();
    const { kept, happened } = afterEdit({ watch, outbox: { notices: [], edit } }, tried, answer, {
      ...moment,
      now,
    });
    return { edit: kept.outbox.edit, isGone: kept.watch.cardGone, happened };
  }
  const stays = (edit: KeptEdit | undefined) => ({ edit, isGone: false, happened: undefined });

  test('that was made leaves the newer one, which has not failed yet', () => {
    expect(became(told, anEdit())).toEqual(stays(undefined));
    const newer = anEdit({ version: 2 });
    expect(became(told, anEdit(), { ...newer, ...refusals(3) })).toEqual(stays(newer));
  });

  test('that nobody wants any more changes nothing, whatever became of it', () => {
    const kept = { watch: aWatch(), outbox: emptyOutbox };
    expect(afterEdit(kept, anEdit(), gone, moment)).toEqual({ kept });
  });

  test('waits for its turn, and goes in another form at once, unless there is a newer one', () => {
    const again: Told = { kind: 'again', form: { plain: true }, why: 'invalid_blocks' };
    const newer = anEdit({ version: 2 });
    expect(became({ kind: 'wait', afterMs: 7_000 }, anEdit())).toEqual(
      stays(anEdit({ notBefore: noon + 9_000 })),
    );
    expect(became(again, anEdit())).toEqual(
      stays(anEdit({ notBefore: noon + 2_000, form: { plain: true } })),
    );
    expect(became(again, anEdit(), newer)).toEqual(stays(newer));
  });

  test('that is refused is tried again, which is said the first time', () => {
    const failing = { as: 'refusal', since: noon + 2_000, times: 1 };
    expect(became(later(), anEdit())).toEqual({
      ...stays(anEdit({ notBefore: noon + 4_500, failures: 1, failing })),
      happened: { what: 'edit put off', edit: anEdit(), why: 'no_such_code' },
    });
    const tried = anEdit(refusals(1));
    expect(became(later(), tried)).toEqual(stays(anEdit({ notBefore: noon + 9_000, ...refusals(2) })));
    expect(became(limited, anEdit())).toMatchObject({
      edit: { notBefore: noon + 9_000 },
      happened: undefined,
    });
  });

  test('lets the end that has come meanwhile go at once, but a newer progress waits as long', () => {
    const [progress, end] = [anEdit({ version: 2 }), anEdit({ version: 2, ...final })];
    expect(became(limited, anEdit(), end)).toEqual(stays(end));
    expect(became(limited, anEdit(), progress).edit).toMatchObject({ version: 2, notBefore: noon + 9_000 });
    expect(became(limited, anEdit(final), end).edit).toMatchObject({ version: 2, notBefore: noon + 9_000 });
  });

  test.each([
    ['of progress is useless after ten minutes', anEdit(), 600_001, false],
    ['of progress is tried for ten minutes', anEdit(), 600_000, true],
    ['of the end is tried for a day', anEdit(final), 24 * 3_600_000, true],
    ['of the end is tried twenty times at least', anEdit({ ...final, failures: 19 }), 25 * 3_600_000, true],
    ['of the end is given up then', anEdit({ ...final, failures: 20 }), 25 * 3_600_000, false],
  ])('%s', (_what, tried, afterMs, isKept) => {
    const { edit, happened } = became(later(), tried, tried, noon + afterMs);
    expect(edit !== undefined).toBe(isKept);
    if (!isKept) expect(happened).toEqual({ what: 'edit dropped', edit: tried, why: 'no_such_code' });
  });

  test('is as old as the state that it is to show', () => {
    const newer = anEdit({ version: 2, since: noon + 600_000 });
    expect(became(limited, anEdit(), newer, noon + 1_200_000).edit).toMatchObject({ version: 2 });
  });

  test('of a card that is gone is not made, and that is remembered', () => {
    expect(became(gone, anEdit())).toEqual({
      edit: undefined,
      isGone: true,
      happened: { what: 'card gone', edit: anEdit(), why: 'message_not_found' },
    });
  });
});
