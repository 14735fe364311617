import { describe, expect, test } from 'vitest';
import { defaultWatchSettings as settings } from '../../../src/domain/settings.ts';
import { decide } from '../../../src/domain/watch/decide.ts';
import { noDecision } from '../../../src/domain/watch/decision.ts';
import { endForbidden, giveUpIfHopeless } from '../../../src/domain/watch/not-seen.ts';
import type { Decision, Notification, OutboxEntry } from '../../../src/domain/watch/notification.ts';
import type { Observation } from '../../../src/domain/watch/observation.ts';
import type { Watch } from '../../../src/domain/watch/watch.ts';
import { aTask, aWatch, denied, noon, saw, sawNothing, throttled } from './a-watch.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

const afterPoll = (watch: Watch, observation: Observation, now = observation.at): Decision =>
  decide({ watch, observation, now, settings, random: 0.5 });
const notifications = (notify: readonly OutboxEntry[]) => notify.filter((one) => one.kind === 'notification');
const said = (notify: readonly OutboxEntry[]): Notification[] =>
  notifications(notify).map(({ notification }) => notification);

const seen = { task: aTask({ moved: 3 }), at: noon };
const newer = { startedAt: noon + hour, finished: false };
const cannotPollSince = (since: number, changes: Partial<Watch['cannotPoll'] & object> = {}) => ({
  cannotPoll: { since, polls: 4, awsError: denied, said: false, ...changes },
});

describe('an AWS error', () => {
  test('is stored from the first failure on, with its latest reason', () => {
    const first = afterPoll(aWatch({ seen, pollsWithoutTask: 1 }), sawNothing(noon + 7, denied), noon + 9);
    expect(first.watch).toMatchObject({
      cannotPoll: { since: noon + 7, polls: 1, awsError: denied, said: false },
      pollsWithoutTask: 2,
      nextPollAt: noon + 9 + 5 * second,
    });
    const again = afterPoll(first.watch, sawNothing(noon + 5 * second, throttled));
    expect(again.watch.cannotPoll).toEqual({ since: noon + 7, polls: 2, awsError: throttled, said: false });
    expect(again.watch.nextPollAt).toBe(noon + 15 * second);
  });

  test('is reported exactly when it has lasted for five minutes', () => {
    const watch = aWatch(cannotPollSince(noon));
    expect(said(afterPoll(watch, sawNothing(noon + 5 * minute - 1)).send)).toEqual([]);
    const result = afterPoll(watch, sawNothing(noon + 5 * minute, throttled));
    expect(notifications(result.send)).toEqual([
      {
        kind: 'notification',
        key: 'w1/cannot-see/1',
        notification: { kind: 'cannot-see', awsError: throttled, forMs: 5 * minute },
      },
    ]);
    expect(result.watch).toMatchObject({ cannotPollSaid: 1, cannotPoll: { said: true, since: noon } });
    expect(said(afterPoll(result.watch, sawNothing(noon + 20 * minute)).send)).toEqual([]);
  });

  test('is reported a second and a third time with their own keys, but never a fourth', () => {
    const keysAfter = (cannotPollSaid: number) =>
      notifications(
        afterPoll(aWatch({ ...cannotPollSince(noon), cannotPollSaid }), sawNothing(noon + 6 * minute)).send,
      ).map(({ key }) => key);
    expect([1, 2, 3].map(keysAfter)).toEqual([['w1/cannot-see/2'], ['w1/cannot-see/3'], []]);
  });

  test('is followed by a notification that polls work again, and how long they did not', () => {
    const watch = aWatch({ ...cannotPollSince(noon, { said: true }), cannotPollSaid: 2 });
    const { watch: sees, send } = afterPoll(watch, saw(noon + 8 * minute));
    expect(notifications(send)).toEqual([
      {
        kind: 'notification',
        key: 'w1/can-see-again/2',
        notification: { kind: 'can-see-again', forMs: 8 * minute },
      },
    ]);
    expect([sees.cannotPoll, sees.pollsWithoutTask]).toEqual([undefined, 0]);
    const setBack = afterPoll(watch, saw(noon - 1));
    expect(said(setBack.send)).toEqual([{ kind: 'can-see-again', forMs: 0 }]);
  });

  test.each([
    ['where it was not said', false, saw(noon + minute, { moved: 1 })],
    ['where the end says more', true, saw(noon + minute, { status: 'COMPLETED', moved: 100 }, 0)],
  ])('ends silently %s', (_where, wasSaid, observation) => {
    const { watch, send } = afterPoll(aWatch(cannotPollSince(noon, { said: wasSaid })), observation);
    expect(watch.cannotPoll).toBeUndefined();
    expect(said(send).filter(({ kind }) => kind === 'can-see-again')).toEqual([]);
  });
});

describe('a task that SQS no longer lists', () => {
  const absent = (at: number): Observation => ({ kind: 'absent', at, calls: 1, position: 0, newer });
  const alone = (at: number): Observation => ({ kind: 'absent', at, calls: 1, position: 0 });

  test('is reported at the third poll without it, with its last state and what is listed instead', () => {
    const watch = aWatch({ seen, absences: 1 });
    const twice = afterPoll(watch, absent(noon + second));
    expect([said(twice.send), twice.watch.absences, twice.watch.pollsWithoutTask]).toEqual([[], 2, 1]);
    expect(twice.watch.nextPollAt).toBe(noon + 6 * second);
    const thrice = afterPoll(twice.watch, absent(noon + 6 * second));
    expect(said(thrice.send)).toStrictEqual([{ kind: 'not-listed', lastSeen: seen, newer }]);
    expect(said(afterPoll(thrice.watch, absent(noon + minute)).send)).toEqual([]);
  });

  test('is reported with only what is known', () => {
    const { send } = afterPoll(aWatch({ absences: 2 }), alone(noon + second));
    expect(said(send)).toStrictEqual([{ kind: 'not-listed' }]);
  });

  test('counts as an answer from SQS', () => {
    const { watch, send } = afterPoll(
      aWatch({ ...cannotPollSince(noon, { said: true }), cannotPollSaid: 1 }),
      absent(noon + 6 * minute),
    );
    expect([watch.cannotPoll, said(send).map(({ kind }) => kind)]).toEqual([undefined, ['can-see-again']]);
  });
});

describe('a watch that does not see its task gives up', () => {
  const unseenUntil = (watch: Watch, now: number) => giveUpIfHopeless(noDecision(watch), now);
  const clock = cannotPollSince(noon, { awsError: { ...denied, kind: 'clock-skewed' } });
  const day = 24 * hour;

  test.each<[string, Partial<Watch>, number, 'gave-up' | undefined, string | undefined]>([
    ['after a day', { pollsWithoutTask: 5, seen }, day, 'gave-up', 'not-seen-for-a-day'],
    ['not a moment earlier', { pollsWithoutTask: 5, seen }, day - 1, undefined, undefined],
    [
      'a day after the click when it never saw it',
      { pollsWithoutTask: 5 },
      day,
      'gave-up',
      'not-seen-for-a-day',
    ],
    ['not before that', { pollsWithoutTask: 5 }, day - 1, undefined, undefined],
    ['not by fewer than five polls', { pollsWithoutTask: 4, seen }, day, undefined, undefined],
    ['two days after the start', { pollsWithoutTask: 5 }, 2 * day, 'gave-up', 'two-days-since-start'],
    ['not by fewer polls even then', { pollsWithoutTask: 4 }, 2 * day, undefined, undefined],
    [
      'though by fewer when all are spent',
      { pollsWithoutTask: 1, polls: 2_840 },
      2 * day,
      'gave-up',
      'two-days-since-start',
    ],
    ['not before, though all are spent', { polls: 2_840 }, 2 * day - 1, undefined, undefined],
    [
      'not while AWS says that our clock is wrong',
      { pollsWithoutTask: 9, ...clock },
      3 * day,
      undefined,
      undefined,
    ],
    [
      'even then when all polls are spent',
      { polls: 2_840, ...clock },
      2 * day,
      'gave-up',
      'two-days-since-start',
    ],
  ])('%s', (_when, changes, later, kind, because) => {
    const { watch, send } = unseenUntil(aWatch(changes), noon + later);
    expect(watch.phase).toBe(kind ? 'over' : 'running');
    expect(said(send)).toMatchObject(kind ? [{ kind, because }] : []);
  });

  test("and says why, with the task's last state", () => {
    const because = 'not-seen-for-a-day';
    const result = unseenUntil(aWatch({ pollsWithoutTask: 5, seen, ...cannotPollSince(noon) }), noon + day);
    expect(said(result.send)).toStrictEqual([{ kind: 'gave-up', because, lastSeen: seen, awsError: denied }]);
    const never = unseenUntil(aWatch({ pollsWithoutTask: 5 }), noon + day);
    expect(said(never.send)).toStrictEqual([{ kind: 'gave-up', because }]);
  });

  test('counted from when it was last seen, however old the click is', () => {
    const changes = { pollsWithoutTask: 5, seen: { ...seen, at: noon + hour } };
    expect(unseenUntil(aWatch(changes), noon + day).watch.phase).toBe('running');
  });
});

describe('a watch that the settings no longer allow', () => {
  test('ends only on its card', () => {
    const { watch, send } = endForbidden(aWatch({ seen }), noon + minute);
    expect([watch.phase, watch.forbidden]).toEqual(['over', true]);
    expect(send).toMatchObject([
      { kind: 'card', state: { final: true, forbidden: true, watchers: [], task: seen.task } },
    ]);
  });

  test('ends there even if its task was never seen', () => {
    const { send } = endForbidden(aWatch({ createdAt: noon + 7 }), noon + minute);
    expect(send).toMatchObject([
      { state: { task: { status: 'UNKNOWN', startedAt: noon }, seenAt: noon + 7, forbidden: true } },
    ]);
  });
});
