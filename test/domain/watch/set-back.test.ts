import { expect, test } from 'vitest';
import { decide } from '../../../src/domain/watch/decide.ts';
import { emptyOutbox, type KeptWatch, remember } from '../../../src/domain/watch/outbox.ts';
import { withNothingAhead } from '../../../src/domain/watch/set-back.ts';
import type { Watch } from '../../../src/domain/watch/watch.ts';
import { defaultWatchSettings as settings } from '../../../src/domain/watch/watch-settings.ts';
import { aTask, aWatch, noon, saw, sawNothing } from './a-watch.ts';

const hour = 3_600_000;

/** A watch as it is kept after a few looks, the last one at noon. */
function keptAfter(looks: readonly ReturnType<typeof saw>[]): KeptWatch {
  let kept: KeptWatch = { watch: aWatch({ createdAt: noon - 3 * hour }), outbox: emptyOutbox };
  for (const sighting of looks) {
    const { watch } = kept;
    const now = Math.max(sighting.at, watch.nextLookAt);
    const next = decide({ watch, sighting: { ...sighting, at: now }, now, settings, random: 0.5 });
    kept = { watch: next.watch, outbox: remember(kept.outbox, next.tell, now) };
  }
  return kept;
}

const started = noon - 2 * hour;
const worlds = {
  'that runs': keptAfter([saw(noon, { startedAt: started, moved: 3 })]),
  'that cannot be seen': keptAfter([saw(noon, { startedAt: started, moved: 3 }), sawNothing(noon + 10_000)]),
  'that has ended': keptAfter([
    saw(noon, { startedAt: started, moved: 3 }),
    saw(noon + 10_000, { startedAt: started, status: 'COMPLETED', moved: 100 }, 0),
  ]),
};

/** Every number in it that can be nothing but a time. */
function timesIn(kept: KeptWatch): number[] {
  return (JSON.stringify(kept).match(/\d{13}/g) ?? []).map(Number);
}

test.each(Object.entries(worlds))('a watch %s is left as it is when nothing is ahead', (_, kept) => {
  const latest = Math.max(...timesIn(kept));
  expect(withNothingAhead(kept, latest, settings)).toBe(kept);
});

test.each(Object.entries(worlds))('a watch %s has nothing ahead once the clock was set back', (_, kept) => {
  const now = noon - hour;
  const back = withNothingAhead(
    { ...kept, watch: { ...kept.watch, nextLookAt: noon + hour } },
    now,
    settings,
  );
  const longest = kept.watch.phase === 'running' ? settings.maxPollSeconds : 900;
  expect(back.watch.nextLookAt).toBe(now + longest * 1_000);
  // A task's start is AWS's own time and stays.
  const ours = timesIn(back).filter((time) => time !== kept.watch.startedAt);
  expect(Math.max(...ours)).toBeLessThanOrEqual(now + longest * 1_000);
  expect(withNothingAhead(back, now, settings)).toBe(back);
});

test('a look after the end waits its time, however short the pace while the task runs is', () => {
  const kept = worlds['that has ended'];
  const quick = { ...settings, minPollSeconds: 1, maxPollSeconds: 1 };
  expect(withNothingAhead(kept, noon + 10_000, quick)).toBe(kept);
});

test('what has happened later than now has happened now, and what was counted later is forgotten', () => {
  const now = noon - hour;
  const seen = { task: aTask({ moved: 3 }), at: noon };
  const counts = [-1, 0, 1].map((after) => ({ at: now + after, moved: 3 }));
  const end = { seenAt: noon, lastRunning: seen, checkedUpToMs: 0, failedLooks: 0 };
  const ahead = aWatch({
    createdAt: noon,
    seen,
    counts,
    progressedAt: noon,
    end,
    shown: { at: noon, what: '' },
  });
  const back = (watch: Watch) => withNothingAhead({ watch, outbox: emptyOutbox }, now, settings).watch;
  expect(back(ahead)).toStrictEqual({
    ...ahead,
    createdAt: now,
    nextLookAt: now + 300_000,
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
    nextLookAt: now + 300_000,
    end: { ...neverSeenRunning, seenAt: now },
  });
});
