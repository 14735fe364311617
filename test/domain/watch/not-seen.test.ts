import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/domain/watch/decide.ts';
import { undecided } from '../../../src/domain/watch/draft.ts';
import { endForbidden, giveUpIfHopeless } from '../../../src/domain/watch/give-up.ts';
import type { Sighting } from '../../../src/domain/watch/sighting.ts';
import type { Decision, Notice, Telling } from '../../../src/domain/watch/telling.ts';
import type { Watch } from '../../../src/domain/watch/watch.ts';
import { defaultWatchSettings as settings } from '../../../src/domain/watch/watch-settings.ts';
import { aTask, aWatch, denied, noon, saw, sawNothing, throttled } from './a-watch.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

const afterLook = (watch: Watch, sighting: Sighting, now = sighting.at): Decision =>
  decide({ watch, sighting, now, settings, random: 0.5 });
const notices = (tell: readonly Telling[]) => tell.filter((one) => one.kind === 'notice');
const said = (tell: readonly Telling[]): Notice[] => notices(tell).map(({ notice }) => notice);

const seen = { task: aTask({ moved: 3 }), at: noon };
const newer = { startedAt: noon + hour, finished: false };
const blindSince = (since: number, changes: Partial<Watch['blind'] & object> = {}) => ({
  blind: { since, looks: 4, problem: denied, told: false, ...changes },
});

describe('that AWS cannot be asked', () => {
  test('is noted from the first failure on, each with its newest reason', () => {
    const first = afterLook(aWatch({ seen, unseenLooks: 1 }), sawNothing(noon + 7, denied), noon + 9);
    expect(first.watch).toMatchObject({
      blind: { since: noon + 7, looks: 1, problem: denied, told: false },
      unseenLooks: 2,
      nextLookAt: noon + 9 + 5 * second,
    });
    const again = afterLook(first.watch, sawNothing(noon + 5 * second, throttled));
    expect(again.watch.blind).toEqual({ since: noon + 7, looks: 2, problem: throttled, told: false });
    expect(again.watch.nextLookAt).toBe(noon + 15 * second);
  });

  test('is said at the moment when it has lasted for five minutes, and not a moment earlier', () => {
    const watch = aWatch(blindSince(noon));
    expect(said(afterLook(watch, sawNothing(noon + 5 * minute - 1)).tell)).toEqual([]);
    const told = afterLook(watch, sawNothing(noon + 5 * minute, throttled));
    expect(notices(told.tell)).toEqual([
      {
        kind: 'notice',
        key: 'w1/cannot-see/1',
        notice: { kind: 'cannot-see', problem: throttled, forMs: 5 * minute },
      },
    ]);
    expect(told.watch).toMatchObject({ blindnessesTold: 1, blind: { told: true, since: noon } });
    expect(said(afterLook(told.watch, sawNothing(noon + 20 * minute)).tell)).toEqual([]);
  });

  test('is said a second and a third time under keys of their own, and never a fourth', () => {
    const keysAfter = (blindnessesTold: number) =>
      notices(
        afterLook(aWatch({ ...blindSince(noon), blindnessesTold }), sawNothing(noon + 6 * minute)).tell,
      ).map(({ key }) => key);
    expect([1, 2, 3].map(keysAfter)).toEqual([['w1/cannot-see/2'], ['w1/cannot-see/3'], []]);
  });

  test('is taken back where it was said: so long could nothing be seen', () => {
    const watch = aWatch({ ...blindSince(noon, { told: true }), blindnessesTold: 2 });
    const { watch: sees, tell } = afterLook(watch, saw(noon + 8 * minute));
    expect(notices(tell)).toEqual([
      {
        kind: 'notice',
        key: 'w1/can-see-again/2',
        notice: { kind: 'can-see-again', forMs: 8 * minute },
      },
    ]);
    expect([sees.blind, sees.unseenLooks]).toEqual([undefined, 0]);
    const setBack = afterLook(watch, saw(noon - 1));
    expect(said(setBack.tell)).toEqual([{ kind: 'can-see-again', forMs: 0 }]);
  });

  test.each([
    ['where it was not said', false, saw(noon + minute, { moved: 1 })],
    ['where the end says more', true, saw(noon + minute, { status: 'COMPLETED', moved: 100 }, 0)],
  ])('is over without a word %s', (_where, told, sighting) => {
    const { watch, tell } = afterLook(aWatch(blindSince(noon, { told })), sighting);
    expect(watch.blind).toBeUndefined();
    expect(said(tell).filter(({ kind }) => kind === 'can-see-again')).toEqual([]);
  });
});

describe('that SQS does not list the task any more', () => {
  const absent = (at: number): Sighting => ({ kind: 'absent', at, calls: 1, position: 0, newer });
  const alone = (at: number): Sighting => ({ kind: 'absent', at, calls: 1, position: 0 });

  test('is said at the third look without it, with how it was last seen and what is there instead', () => {
    const watch = aWatch({ seen, absences: 1 });
    const twice = afterLook(watch, absent(noon + second));
    expect([said(twice.tell), twice.watch.absences, twice.watch.unseenLooks]).toEqual([[], 2, 1]);
    expect(twice.watch.nextLookAt).toBe(noon + 6 * second);
    const thrice = afterLook(twice.watch, absent(noon + 6 * second));
    expect(said(thrice.tell)).toStrictEqual([{ kind: 'not-listed', lastSeen: seen, newer }]);
    expect(said(afterLook(thrice.watch, absent(noon + minute)).tell)).toEqual([]);
  });

  test('is said with what is known, and no more', () => {
    const { tell } = afterLook(aWatch({ absences: 2 }), alone(noon + second));
    expect(said(tell)).toStrictEqual([{ kind: 'not-listed' }]);
  });

  test('means that SQS can be asked', () => {
    const { watch, tell } = afterLook(
      aWatch({ ...blindSince(noon, { told: true }), blindnessesTold: 1 }),
      absent(noon + 6 * minute),
    );
    expect([watch.blind, said(tell).map(({ kind }) => kind)]).toEqual([undefined, ['can-see-again']]);
  });
});

describe('a watch that does not see its task gives up', () => {
  const unseenUntil = (watch: Watch, now: number) => giveUpIfHopeless(undecided(watch), now);
  const clock = blindSince(noon, { problem: { ...denied, kind: 'clock-skewed' } });
  const day = 24 * hour;

  test.each<[string, Partial<Watch>, number, 'gave-up' | undefined, string | undefined]>([
    ['after a day', { unseenLooks: 5, seen }, day, 'gave-up', 'not-seen-for-a-day'],
    ['not a moment earlier', { unseenLooks: 5, seen }, day - 1, undefined, undefined],
    ['a day after the click when it never saw it', { unseenLooks: 5 }, day, 'gave-up', 'not-seen-for-a-day'],
    ['not before that', { unseenLooks: 5 }, day - 1, undefined, undefined],
    ['not by fewer than five looks', { unseenLooks: 4, seen }, day, undefined, undefined],
    ['two days after the start', { unseenLooks: 5 }, 2 * day, 'gave-up', 'two-days-since-start'],
    ['not by fewer looks even then', { unseenLooks: 4 }, 2 * day, undefined, undefined],
    [
      'though by fewer when all are spent',
      { unseenLooks: 1, looks: 2_840 },
      2 * day,
      'gave-up',
      'two-days-since-start',
    ],
    ['not before, though all are spent', { looks: 2_840 }, 2 * day - 1, undefined, undefined],
    [
      'not while AWS says that our clock is wrong',
      { unseenLooks: 9, ...clock },
      3 * day,
      undefined,
      undefined,
    ],
    [
      'even then when all looks are spent',
      { looks: 2_840, ...clock },
      2 * day,
      'gave-up',
      'two-days-since-start',
    ],
  ])('%s', (_when, changes, later, kind, because) => {
    const { watch, tell } = unseenUntil(aWatch(changes), noon + later);
    expect(watch.phase).toBe(kind ? 'over' : 'running');
    expect(said(tell)).toMatchObject(kind ? [{ kind, because }] : []);
  });

  test('and says why, and how it last saw it', () => {
    const because = 'not-seen-for-a-day';
    const told = unseenUntil(aWatch({ unseenLooks: 5, seen, ...blindSince(noon) }), noon + day);
    expect(said(told.tell)).toStrictEqual([{ kind: 'gave-up', because, lastSeen: seen, problem: denied }]);
    const never = unseenUntil(aWatch({ unseenLooks: 5 }), noon + day);
    expect(said(never.tell)).toStrictEqual([{ kind: 'gave-up', because }]);
  });

  test('counted from its last sight, however old the click is', () => {
    const changes = { unseenLooks: 5, seen: { ...seen, at: noon + hour } };
    expect(unseenUntil(aWatch(changes), noon + day).watch.phase).toBe('running');
  });
});

describe('a watch that the settings no longer allow', () => {
  test('ends on its card alone', () => {
    const { watch, tell } = endForbidden(aWatch({ seen }), noon + minute);
    expect([watch.phase, watch.forbidden]).toEqual(['over', true]);
    expect(tell).toMatchObject([
      { kind: 'card', state: { final: true, forbidden: true, watchers: [], task: seen.task } },
    ]);
  });

  test('ends there though its task was never seen', () => {
    const { tell } = endForbidden(aWatch({ createdAt: noon + 7 }), noon + minute);
    expect(tell).toMatchObject([
      { state: { task: { status: 'UNKNOWN', startedAt: noon }, seenAt: noon + 7, forbidden: true } },
    ]);
  });
});
