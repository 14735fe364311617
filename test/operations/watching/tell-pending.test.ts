import { describe, expect, test } from 'vitest';
import { emptyOutbox, type KeptWatch, nextNoticeAt, remember } from '../../../src/domain/watch/outbox.ts';
import { cardStateOf, type Telling } from '../../../src/domain/watch/telling.ts';
import { tellCard, tellNotices } from '../../../src/operations/watching/tell-pending.ts';
import type { Told, ToTell } from '../../../src/operations/watching/teller.ts';
import { aTask, aWatch, noon } from '../../domain/watch/a-watch.ts';
import { memoryStore } from './memory-store.ts';

const task = aTask({ status: 'COMPLETED', moved: 2 });
const watch = aWatch({ phase: 'settling', seen: { task, at: noon } });
const state = cardStateOf(watch);
const ended = (moved = 2) => ({ kind: 'ended' as const, task: { ...task, moved }, timing: { atMostMs: 1 } });
const sayEnded: Telling = { kind: 'notice', key: 'w1/ended', notice: ended() };
const sayJoined: Telling = { kind: 'notice', key: 'w1/joined/U1', notice: { kind: 'joined', user: 'U1' } };
const sayStalled: Telling = {
  kind: 'notice',
  key: 'w1/stalled',
  notice: { kind: 'stalled', task, forMs: 900_000 },
};
const correct: Telling = { kind: 'correction', key: 'w1/ended', notice: ended(8) };
const edit: Telling[] = state ? [{ kind: 'card', state }] : [];

const keptWith = (...tell: Telling[]): KeptWatch => ({ watch, outbox: remember(emptyOutbox, tell, noon) });
const later = (changes: Partial<Extract<Told, { kind: 'later' }>> = {}): Told => ({
  kind: 'later',
  because: 'rate-limited',
  maybeTold: false,
  why: 'rate limited',
  ...changes,
});
const told: Told = { kind: 'told', message: { channel: 'C1', ts: '200.1' } };

const keysOf = (calls: readonly ToTell[]) => calls.map((call) => 'key' in call && call.key);

function setUp(kept: KeptWatch, ...answers: (Told | Error)[]) {
  const store = memoryStore(kept);
  const calls: ToTell[] = [];
  const log: string[] = [];
  const facts: unknown[] = [];
  const write = (what: unknown, message: string) => {
    log.push(message);
    facts.push(what);
  };
  /** `takesMs`: how long Slack needs for an answer. */
  const world = { now: noon, takesMs: 0 };
  const tell = async (what: ToTell) => {
    calls.push(what);
    world.now += world.takesMs;
    const answer = answers.shift() ?? told;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const ports = {
    store,
    teller: { tell },
    clock: () => world.now,
    random: () => 0.5,
    log: { debug: write, info: write, warn: write, error: write },
    rules: { queueOf: () => ({ alias: 'orders' }) },
  };
  const run = async (now = noon) => {
    world.now = now;
    await Promise.all([tellNotices('w1', now, ports), tellCard('w1', now, ports)]);
  };
  const summary = () =>
    calls.map((call) => (call.kind === 'notice' ? `notice${call.doubt ? ', in doubt' : ''}` : call.kind));
  return { store, calls, log, facts, world, run, summary, kept: () => store.kept.get('w1') };
}

describe('telling', () => {
  test('puts the notices in order, edits the card meanwhile, and then has nothing left to tell', async () => {
    const { run, summary, kept } = setUp(keptWith(...edit, sayJoined, sayEnded));
    await run();
    expect(summary().toSorted()).toEqual(['card', 'notice', 'notice']);
    expect(kept()?.outbox).toMatchObject({ notices: [{ key: 'w1/ended', told: 1 }], edit: undefined });
  });

  test('commits that it has begun before it posts', async () => {
    const { run, store } = setUp(keptWith(sayEnded));
    await run();
    expect(store.commits.map(({ outbox }) => outbox.notices.map((one) => [one.maybeTold, one.told]))).toEqual(
      [[[true, 0]], [[false, 1]]],
    );
  });

  test('is in doubt after a failure that may have posted, and not after one that has not', async () => {
    const { run, summary } = setUp(
      keptWith(sayEnded),
      later({ afterMs: 1_000 }),
      new Error('ECONNRESET'),
      later(),
      told,
    );
    for (const seconds of [0, 1, 60, 120]) await run(noon + seconds * 1_000);
    expect(summary()).toEqual(['notice', 'notice', 'notice, in doubt', 'notice, in doubt']);
  });

  test('looks for a post whose line is gone only when it can have reached the thread, also in a next process', async () => {
    const { run, kept, store } = setUp(keptWith(sayEnded), new Error('ECONNRESET'));
    await run();
    const begun = store.commits[0];
    expect([begun, kept()].map((one) => nextNoticeAt(one?.outbox ?? emptyOutbox))).toEqual([
      noon + 3_000,
      noon + 3_000,
    ]);
  });

  test('keeps the notices of a watch in order while the first one waits', async () => {
    const { run, calls } = setUp(keptWith(sayJoined, sayStalled), later({ afterMs: 30_000 }));
    await run();
    await run(noon + 10_000);
    await run(noon + 30_000);
    expect(keysOf(calls)).toEqual(['w1/joined/U1', 'w1/joined/U1', 'w1/stalled']);
  });

  test('lets the end pass those that wait, which are then dropped with a line in the log', async () => {
    const { run, calls, kept, log, facts } = setUp(
      keptWith(sayJoined, sayStalled, sayEnded),
      later({ because: 'refused', why: 'message_limit_exceeded' }),
    );
    await run();
    await run();
    await run(noon + 600_000);
    expect(keysOf(calls)).toEqual(['w1/joined/U1', 'w1/ended']);
    expect(kept()?.outbox.notices.map(({ key }) => key)).toEqual(['w1/ended']);
    expect(log.at(-1)).toBe('notices are dropped: the end was told before them');
    expect(facts.at(-1)).toMatchObject({ alias: 'orders', keys: ['w1/joined/U1', 'w1/stalled'] });
  });

  test('that fails in a way nobody thought of is tried again, with what went wrong in the log', async () => {
    const { run, kept, log, facts } = setUp(keptWith(sayEnded), new Error('boom'));
    await run();
    expect(kept()?.outbox.notices).toMatchObject([{ failures: 1, maybeTold: true }]);
    expect([log[0], facts[0]]).toEqual([
      'telling failed unexpectedly',
      { err: new Error('boom'), kind: 'notice' },
    ]);
  });

  test('waits ever longer after each failure when Slack names no time', async () => {
    const { run, kept } = setUp(keptWith(sayEnded), later(), later(), later());
    const waits: number[] = [];
    for (let now = noon; waits.length < 3; now = nextNoticeAt(kept()?.outbox ?? emptyOutbox) ?? now) {
      await run(now);
      waits.push((nextNoticeAt(kept()?.outbox ?? emptyOutbox) ?? now) - now);
    }
    expect(waits).toEqual([1_000, 1_800, 3_600]);
  });

  test('gives a notice up after a day and twenty tries, with a line that names all that is lost', async () => {
    const refused = later({ because: 'refused', why: 'no_such_code' });
    const { run, kept, log, facts, calls } = setUp(keptWith(sayEnded), ...Array(30).fill(refused));
    // The clock is a day ahead at once: that alone makes nothing old.
    let now: number | undefined = noon + 25 * 3_600_000;
    for (; now !== undefined; now = nextNoticeAt(kept()?.outbox ?? emptyOutbox)) await run(now);
    expect(calls).toHaveLength(21);
    expect([kept()?.outbox.notices, log.at(-1), facts.at(-1)]).toEqual([
      [],
      'a notice could not be told and is dropped',
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

  test('does not give it up for one refusal after a standstill of three days', async () => {
    const { run, kept } = setUp(keptWith(sayEnded), later({ because: 'refused', why: 'team_added_to_org' }));
    await run(noon + 72 * 3_600_000);
    await run(noon + 72 * 3_600_000 + 6_000);
    expect(kept()?.outbox.notices).toMatchObject([{ key: 'w1/ended', told: 1 }]);
  });

  test('commits another form before it is tried, at once', async () => {
    const plain: Told = { kind: 'again', form: { plain: true }, why: 'invalid_blocks' };
    const bare: Told = { kind: 'again', form: { plain: true, bare: 'words' }, why: 'metadata_too_large' };
    const { run, calls, store } = setUp(keptWith(sayEnded), plain, bare, new Error('killed'));
    await run();
    expect(calls.map((call) => 'form' in call && call.form)).toEqual([
      {},
      { plain: true },
      { plain: true, bare: 'words' },
    ]);
    expect(store.commits.at(-2)?.outbox.notices).toMatchObject([
      { form: { plain: true, bare: 'words' }, maybeTold: true },
    ]);
    await run(noon + 5_000);
    expect(calls.at(-1)).toMatchObject({ doubt: true, form: { plain: true, bare: 'words' } });
  });

  test('that Slack takes in no form tries four of them, and keeps those behind waiting', async () => {
    const again: Told = { kind: 'again', form: { plain: true }, why: 'invalid_blocks' };
    const { run, calls, kept } = setUp(keptWith(sayJoined, sayStalled), ...Array(9).fill(again));
    await run();
    expect([keysOf(calls), kept()?.outbox.notices.map(({ told }) => told)]).toEqual([
      Array(4).fill('w1/joined/U1'),
      [0, 0],
    ]);
  });

  test('says nothing in the log of a change that could not be committed', async () => {
    const { run, store, log } = setUp(
      keptWith(sayEnded),
      later({ because: 'refused', why: 'no_permission' }),
    );
    const { update } = store;
    let updates = 0;
    store.update = async (ids, how) => {
      updates += 1;
      if (updates === 1) return update(ids, how);
      // A change that loses against another is made once more, from the newest state.
      await store.read(ids).then((kept) => kept.map(how));
      throw new Error('the disk is full');
    };
    await expect(run()).rejects.toThrow('the disk is full');
    expect(log).toEqual([]);
  });
});

describe('a channel that is closed', () => {
  const closed = later({ because: 'channel-closed', why: 'is_archived' });

  test('has the watchers told directly, each once, and the channel when it is open again', async () => {
    const { run, calls, kept } = setUp(keptWith(sayJoined, sayEnded), told, closed, told, closed, told);
    await run();
    await run();
    await run(noon + 6_000);
    await run(noon + 20_000);
    expect(calls.map((call) => `${call.kind} ${'key' in call ? call.key : ''}`)).toEqual([
      'notice w1/joined/U1',
      'notice w1/ended',
      'direct w1/ended/to/U1',
      'notice w1/ended',
      'notice w1/ended',
    ]);
    expect(kept()?.outbox.notices).toMatchObject([{ key: 'w1/ended', told: 1 }]);
  });

  test('that is open again before the direct message could be sent has it taken back', async () => {
    const { run, calls, kept } = setUp(
      keptWith(sayEnded),
      closed,
      later({ because: 'channel-closed', why: 'messages_tab_disabled' }),
      told,
    );
    await run();
    await run();
    await run(noon + 6_000);
    await run(noon + 60_000);
    expect(calls.map(({ kind }) => kind)).toEqual(['notice', 'direct', 'notice']);
    expect(kept()?.outbox.notices).toMatchObject([{ key: 'w1/ended', told: 1 }]);
  });
});

describe('a correction', () => {
  test('edits the notice where it stands', async () => {
    const { run, store, calls, kept } = setUp(keptWith(sayEnded));
    await run();
    await store.update(['w1'], (one) => ({ ...one, outbox: remember(one.outbox, [correct], noon) }));
    await run();
    expect(calls[1]).toMatchObject({
      kind: 'correction',
      message: { ts: '200.1' },
      notice: { task: { moved: 8 } },
    });
    expect(nextNoticeAt(kept()?.outbox ?? emptyOutbox)).toBeUndefined();
  });

  test('of a notice that still waits is the only text that is posted', async () => {
    const { run, calls } = setUp(keptWith(sayEnded, correct));
    await run();
    await run();
    expect(calls).toMatchObject([{ kind: 'notice', notice: { task: { moved: 8 } } }]);
  });

  test('follows a notice that is found with its older text', async () => {
    const { run, summary } = setUp(keptWith(sayEnded, correct), new Error('killed'), {
      ...told,
      found: true,
    });
    for (const seconds of [0, 60, 61]) await run(noon + seconds * 1_000);
    expect(summary()).toEqual(['notice', 'notice, in doubt', 'correction']);
  });
});

describe('a card', () => {
  test('that Slack takes in another form is edited in it at once, and no more than four times', async () => {
    const again = (bare: string): Told => ({ kind: 'again', form: { bare }, why: 'invalid_blocks' });
    const { run, world, calls, kept } = setUp(keptWith(...edit), ...['a', 'b', 'c', 'd', 'e'].map(again));
    world.takesMs = 500;
    await run();
    expect(calls.map((call) => call.form)).toEqual([{}, { bare: 'a' }, { bare: 'b' }, { bare: 'c' }]);
    expect(kept()?.outbox.edit).toMatchObject({ form: { bare: 'd' }, notBefore: noon + 2_000 });
  });

  test('that is edited in another form is edited once', async () => {
    const { run, calls, kept } = setUp(keptWith(...edit), { kind: 'again', form: { plain: true }, why: 'x' });
    await run();
    expect([calls.length, kept()?.outbox.edit]).toEqual([2, undefined]);
  });

  test('that was deleted is left alone, and the watch goes on', async () => {
    const { run, kept } = setUp(keptWith(...edit), {
      kind: 'never',
      because: 'message-gone',
      why: 'message_not_found',
    });
    await run();
    expect(kept()).toMatchObject({
      watch: { cardGone: true, phase: 'settling' },
      outbox: { edit: undefined },
    });
  });

  test('in a closed channel is tried again, and the watch goes on', async () => {
    const closed = later({ because: 'channel-closed', why: 'is_archived' });
    const { run, kept, log } = setUp(keptWith(...edit), closed);
    await run();
    expect([kept()?.watch.phase, log]).toEqual([
      'settling',
      ['a card could not be edited and is tried again'],
    ]);
    await run(noon + 6_000);
    expect(kept()?.outbox.edit).toBeUndefined();
  });

  test('whose end is refused for a day stays as it is, with a line that names all that is lost', async () => {
    const refused = later({ because: 'refused', why: 'no_such_code' });
    const { run, kept, log, facts } = setUp(keptWith(...edit), ...Array(30).fill(refused));
    let now: number | undefined = noon + 25 * 3_600_000;
    for (; now !== undefined; now = kept()?.outbox.edit?.notBefore) await run(now);
    expect([kept()?.outbox.edit, log.at(-1), facts.at(-1)]).toEqual([
      undefined,
      'a card could not be edited and stays as it is',
      expect.objectContaining({ alias: 'orders', channel: 'C1', watchers: ['U1'], why: 'no_such_code' }),
    ]);
  });

  test('is told for a day that it is not watched any more, though its task runs', async () => {
    const last = cardStateOf(aWatch({ phase: 'over', forbidden: true, seen: { task: aTask(), at: noon } }));
    const lastEdit: Telling[] = last ? [{ kind: 'card', state: last }] : [];
    const { run, calls, kept } = setUp(keptWith(...lastEdit), later({ afterMs: 1_000 }), later());
    await run();
    await run(noon + 3_600_000);
    await run(noon + 7_200_000);
    expect([calls.length, kept()?.outbox.edit]).toEqual([3, undefined]);
  });

  test('shows only the newest of the edits that waited', async () => {
    const newer: Telling[] = state ? [{ kind: 'card', state: { ...state, seenAt: noon + 5 } }] : [];
    const { run, store, calls } = setUp(keptWith(...edit), later({ afterMs: 10_000 }));
    await run();
    await store.update(['w1'], (one) => ({ ...one, outbox: remember(one.outbox, newer, noon + 5) }));
    await run(noon + 9_999);
    expect(calls).toHaveLength(1);
    await run(noon + 10_000);
    expect(calls.map((call) => call.kind === 'card' && call.state.seenAt)).toEqual([noon, noon + 5]);
  });
});
