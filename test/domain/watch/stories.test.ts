import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { MoveTask } from '../../../src/domain/move-task.ts';
import { decide } from '../../../src/domain/watch/decide.ts';
import { type QueueLook, sightingOf } from '../../../src/domain/watch/sighting.ts';
import type { Telling } from '../../../src/domain/watch/telling.ts';
import type { Watch } from '../../../src/domain/watch/watch.ts';
import { defaultWatchSettings } from '../../../src/domain/watch/watch-settings.ts';
import { aTask, aWatch, denied, noon } from './a-watch.ts';

/** A task in a story: status, moved, to move, and seconds after the watched one that it started. */
const Listed = z.object({
  status: z.enum(['RUNNING', 'COMPLETED', 'CANCELLING', 'CANCELLED', 'FAILED']),
  moved: z.number().nullable().default(null),
  toMove: z.number().nullable().default(null),
  reason: z.string().optional(),
  startedAfter: z.number().default(0),
});
const Look = z.object({
  at: z.string(),
  tasks: z.array(Listed).optional(),
  depth: z.number().optional(),
  tells: z.array(z.string()),
});
const Story = z.object({ about: z.string(), looks: z.array(Look), ends: z.string() });
type Story = z.infer<typeof Story>;

const folder = new URL('./stories/', import.meta.url);
const stories = readdirSync(folder).map((name) =>
  Story.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))),
);

describe('stories of watched tasks', () => {
  test.each(stories)('$about', (story) => {
    expect(play(story)).toEqual({ looks: story.looks, ends: story.ends });
  });
});

function play(story: Story): Omit<Story, 'about'> {
  let watch = aWatch();
  const looks = story.looks.map((look) => {
    const now = noon + millisecondsOf(look.at);
    const decision = decide({
      watch: { ...watch, nextLookAt: Math.min(watch.nextLookAt, now) },
      sighting: sightingOf(queueLook(look, now), noon),
      now,
      settings: defaultWatchSettings,
      random: 0.5,
    });
    watch = decision.watch;
    return { ...look, tells: decision.tell.map(inWords) };
  });
  return { looks, ends: endOf(watch) };
}

function endOf(watch: Watch): string {
  return watch.phase === 'over'
    ? 'over'
    : `${watch.phase}, next look at ${(watch.nextLookAt - noon) / 1000} s`;
}

function queueLook(look: Story['looks'][number], at: number): QueueLook {
  const found = look.tasks
    ? { ok: true as const, tasks: look.tasks.map(taskOf) }
    : { ok: false as const, problem: denied };
  return { at, calls: 1, found, ...(look.depth !== undefined && { depth: held(look.depth) }) };
}

function held(waiting: number) {
  return { ok: true as const, value: { waiting, inFlight: 0, delayed: 0 } };
}

function taskOf({ status, moved, toMove, reason, startedAfter }: z.infer<typeof Listed>): MoveTask {
  const { moved: _, toMove: __, ...bare } = aTask({ status, startedAt: noon + startedAfter * 1000 });
  return {
    ...bare,
    ...(moved !== null && { moved }),
    ...(toMove !== null && { toMove }),
    ...(reason !== undefined && { failureReason: reason }),
  };
}

function inWords(telling: Telling): string {
  if (telling.kind === 'card') {
    const { task, newer, cannotSee, notListed } = telling.state;
    const notes = [newer && 'newer task', cannotSee && 'cannot see', notListed && 'not listed'].filter(
      Boolean,
    );
    return ['card', countsOf(task), ...notes].join(', ');
  }
  const { notice } = telling;
  const prefix = telling.kind === 'correction' ? 'correct ' : '';
  switch (notice.kind) {
    case 'ended': {
      const { aboutMs, atMostMs } = notice.timing;
      const long = aboutMs === undefined ? `at most ${atMostMs / 1000} s` : `about ${aboutMs / 1000} s`;
      const reason = notice.task.failureReason ? ` (${notice.task.failureReason})` : '';
      return `${prefix}ended: ${countsOf(notice.task)}${reason}, ${long}, ${notice.depth ?? '?'} left`;
    }
    case 'bounced-back':
      return `bounced-back: ${notice.more} more than ${notice.sinceEndMs / 1000} s ago`;
    default:
      return notice.kind;
  }
}

function countsOf({ status, moved, toMove }: MoveTask): string {
  return `${status} ${moved ?? '?'} of ${toMove ?? '?'}`;
}

function millisecondsOf(time: string): number {
  const [, amount, unit] = /^(\d+) (s|min|h)$/.exec(time) ?? [];
  return Number(amount) * { s: 1000, min: 60_000, h: 3_600_000 }[unit === 'h' || unit === 'min' ? unit : 's'];
}
