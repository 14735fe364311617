import { describe, expect, test } from 'vitest';
import {
  actionWithTimesClamped,
  withTimesClamped as clamped,
  latestPlanned,
} from '../../src/domain/clamp-times.ts';
import { defaultWatchSettings as settings } from '../../src/domain/settings.ts';
import { decide } from '../../src/domain/watch/decide.ts';
import { addToOutbox, emptyOutbox, type StoredWatch } from '../../src/domain/watch/outbox.ts';
import type { Watch } from '../../src/domain/watch/watch.ts';
import { aStart } from './actions/an-action.ts';
import { aTask, aWatch, noon, saw, sawNothing } from './watch/a-watch.ts';

const hour = 3_600_000;

const withTimesClamped = (stored: StoredWatch, now: number, by: typeof settings, cardUpdates = 0) =>
  clamped(stored, now, latestPlanned(now, by, cardUpdates));

/** A watch as it is stored after a few polls, the last one at noon. */
function storedAfter(polls: readonly ReturnType<typeof saw>[]): StoredWatch {
  let stored: StoredWatch = { watch: aWatch({ createdAt: noon - 3 * hour }), outbox: emptyOutbox };
  for (const observation of polls) {
    const { watch } = stored;
    const now = Math.max(observation.at, watch.nextPollAt);
    const next = decide({ watch, observation: { ...observation, at: now }, now, settings, random: 0.5 });
    stored = { watch: next.watch, outbox: addToOutbox(stored.outbox, next.send, now) };
  }
  return stored;
}

const started = noon - 2 * hour;
const worlds = {
  'that runs': storedAfter([saw(noon, { startedAt: started, moved: 3 })]),
  'that cannot be seen': storedAfter([
    saw(noon, { startedAt: started, moved: 3 }),
    sawNothing(noon + 10_000),
  ]),
  'that has ended': storedAfter([
    saw(noon, { startedAt: started, moved: 3 }),
    saw(noon + 10_000, { startedAt: started, status: 'COMPLETED', moved: 100 }, 0),
  ]),
};

/** Every number in it that must be a time. */
function timesIn(stored: StoredWatch): number[] {
  return (JSON.stringify(stored).match(/\d{13}/g) ?? []).map(Number);
}

test.each(Object.entries(worlds))('a watch %s is unchanged if nothing is in the future', (_, stored) => {
  const latest = Math.max(...timesIn(stored));
  expect(withTimesClamped(stored, latest, settings)).toBe(stored);
});

test.each(Object.entries(worlds))(
  'a watch %s has nothing in the future after the clock goes back',
  (_, stored) => {
    const now = noon - hour;
    const back = withTimesClamped(
      { ...stored, watch: { ...stored.watch, nextPollAt: noon + hour } },
      now,
      settings,
    );
    const isSettling = stored.watch.phase === 'settling';
    const longest = isSettling ? 37.5 : settings.maxPollSeconds;
    expect(back.watch.nextPollAt).toBe(now + longest * 1_000);
    // A task's start is AWS's own time and stays.
    const ours = timesIn(back).filter((time) => time !== stored.watch.startedAt);
    expect(Math.max(...ours)).toBeLessThanOrEqual(now + settings.maxPollSeconds * 1_000);
    expect(withTimesClamped(back, now, settings)).toBe(back);
  },
);

test('a card update waits for those before it, and no longer', () => {
  const now = noon + 10_000;
  const line = 10;
  const { watch, outbox } = worlds['that runs'];
  const { cardUpdate } = outbox;
  if (!cardUpdate) throw new Error('it has no card update');
  const waitingUntil = (notBefore: number) => ({
    watch,
    outbox: { ...outbox, cardUpdate: { ...cardUpdate, notBefore } },
  });
  const last = latestPlanned(now, settings, line).cardUpdate;
  expect(last).toBeGreaterThan(latestPlanned(now, settings, 0).cardUpdate);
  const inTurn = waitingUntil(last);
  expect(withTimesClamped(inTurn, now, settings, line)).toBe(inTurn);
  expect(withTimesClamped(waitingUntil(last + hour), now, settings, line)).toEqual(inTurn);
});

test('a poll after the end waits as long as planned, however fast polls were before', () => {
  const stored = worlds['that has ended'];
  const quick = { ...settings, minPollSeconds: 1, maxPollSeconds: 1 };
  expect(withTimesClamped(stored, noon + 10_000, quick)).toBe(stored);
});

test('polls that are planned after the end are clamped to the longest wait after it', () => {
  const at = latestPlanned(noon, settings, 40);
  expect(at).toEqual({
    running: noon + settings.maxPollSeconds * 1_000,
    cardUpdate: noon + settings.maxPollSeconds * 1_000 + 40 * 1_500,
    settling: expect.any(Number),
    bouncing: expect.any(Number),
    over: expect.any(Number),
  });
  for (const time of [at.settling, at.bouncing, at.over]) expect(time).toBeGreaterThan(noon);
});

test('what came back is compared without polls from the future', () => {
  const polls = [-1, 0, 1].map((after) => ({ at: noon + after, moved: 3 }));
  const watch = aWatch({ comingBack: { base: 100, polls } });
  const back = withTimesClamped({ watch, outbox: emptyOutbox }, noon, settings).watch;
  expect(back.comingBack).toEqual({ base: 100, polls: polls.slice(0, 2) });
});

describe('an action', () => {
  const waiting = { ...aStart({ now: noon }), confirmation: { by: 'U1', depth: 5, at: noon } };
  const called = { ...waiting, state: 'unsure' as const, calledAt: noon, remindedAt: noon };
  const pollAt = noon + 60_000;

  test('is unchanged if nothing is in the future', () => {
    for (const action of [waiting, { ...called, pollAt }])
      expect(actionWithTimesClamped(action, noon)).toBe(action);
  });

  test('that waits for approval has all its time left after the clock goes back', () => {
    const now = noon - 5 * hour;
    const back = actionWithTimesClamped(waiting, now);
    expect(back).toMatchObject({
      ...{ requestedAt: now, expiresAt: now + (waiting.expiresAt - noon), confirmation: { at: now } },
      outbox: [{ since: now }],
    });
    expect(actionWithTimesClamped(back, now)).toBe(back);
  });

  test('that was called is polled within a minute, and keeps when it was called and requested', () => {
    const now = noon - 5 * hour;
    expect(actionWithTimesClamped({ ...called, pollAt }, now)).toMatchObject({
      ...{ calledAt: noon, requestedAt: noon, expiresAt: waiting.expiresAt },
      ...{ pollAt: now + 60_000, remindedAt: now },
    });
    const { confirmation: _, ...unconfirmed } = called;
    expect(actionWithTimesClamped(unconfirmed, now)).not.toHaveProperty('confirmation');
  });
});

test('events in the future count as now, and counts from the future are dropped', () => {
  const now = noon - hour;
  const seen = { task: aTask({ moved: 3 }), at: noon };
  const counts = [-1, 0, 1].map((after) => ({ at: now + after, moved: 3 }));
  const end = { seenAt: noon, lastRunning: seen, checkedUpToMs: 0, failedPolls: 0 };
  const ahead = aWatch({
    createdAt: noon,
    seen,
    counts,
    progressedAt: noon,
    end,
    shown: { at: noon, what: '' },
  });
  const back = (watch: Watch) => withTimesClamped({ watch, outbox: emptyOutbox }, now, settings).watch;
  expect(back(ahead)).toStrictEqual({
    ...ahead,
    createdAt: now,
    nextPollAt: now + 300_000,
    seen: { ...seen, at: now },
    counts: counts.slice(0, 2),
    progressedAt: now,
    end: { ...end, seenAt: now, lastRunning: { ...seen, at: now } },
    shown: { at: now, what: '' },
  });
  const { lastRunning: _, ...neverSeenRunning } = end;
  const bare = aWatch({ createdAt: noon, end: neverSeenRunning });
  expect(back(bare)).toStrictEqual({
    ...bare,
    createdAt: now,
    nextPollAt: now + 300_000,
    end: { ...neverSeenRunning, seenAt: now },
  });
});
