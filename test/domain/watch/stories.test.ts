import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { MoveTask } from '../../../src/domain/move-task.ts';
import { defaultWatchSettings } from '../../../src/domain/settings.ts';
import { decide } from '../../../src/domain/watch/decide.ts';
import type { OutboxEntry } from '../../../src/domain/watch/notification.ts';
import { observationOf, type QueuePoll } from '../../../src/domain/watch/observation.ts';
import type { Watch } from '../../../src/domain/watch/watch.ts';
import { aTask, aWatch, denied, noon } from './a-watch.ts';

/** A task in a story: status, moved, to move, and seconds after the watched one that it started. */
const Listed = z.object({
  status: z.enum(['RUNNING', 'COMPLETED', 'CANCELLING', 'CANCELLED', 'FAILED']),
  moved: z.number().nullable().default(null),
  toMove: z.number().nullable().default(null),
  reason: z.string().optional(),
  startedAfter: z.number().default(0),
});
const ListedPoll = z.object({
  at: z.string(),
  tasks: z.array(Listed).optional(),
  depth: z.number().optional(),
  sends: z.array(z.string()),
});
const Story = z.object({ about: z.string(), polls: z.array(ListedPoll), ends: z.string() });
type Story = z.infer<typeof Story>;

const folder = new URL('./stories/', import.meta.url);
const stories = readdirSync(folder).map((name) =>
  Story.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))),
);

describe('stories of watched tasks', () => {
  test.each(stories)('$about', (story) => {
    expect(play(story)).toEqual({ polls: story.polls, ends: story.ends });
  });
});

function play(story: Story): Omit<Story, 'about'> {
  let watch = aWatch();
  const polls = story.polls.map((poll) => {
    const now = noon + millisecondsOf(poll.at);
    const decision = decide({
      watch: { ...watch, nextPollAt: Math.min(watch.nextPollAt, now) },
      observation: observationOf(queuePoll(poll, now), noon),
      now,
      settings: defaultWatchSettings,
      random: 0.5,
    });
    watch = decision.watch;
    return { ...poll, sends: decision.send.map(inWords) };
  });
  return { polls, ends: endOf(watch) };
}

function endOf(watch: Watch): string {
  return watch.phase === 'over'
    ? 'over'
    : `${watch.phase}, next look at ${(watch.nextPollAt - noon) / 1000} s`;
}

function queuePoll(poll: Story['polls'][number], at: number): QueuePoll {
  const found = poll.tasks
    ? { ok: true as const, tasks: poll.tasks.map(taskOf) }
    : { ok: false as const, awsError: denied };
  return { at, calls: 1, found, ...(poll.depth !== undefined && { depth: held(poll.depth) }) };
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

function inWords(entry: OutboxEntry): string {
  if (entry.kind === 'card') {
    const { task, newer, cannotPoll, notListed } = entry.state;
    const notes = [newer && 'newer task', cannotPoll && 'cannot see', notListed && 'not listed'].filter(
      Boolean,
    );
    return ['card', countsOf(task), ...notes].join(', ');
  }
  const { notification } = entry;
  const prefix = entry.kind === 'correction' ? 'correct ' : '';
  switch (notification.kind) {
    case 'ended': {
      const { aboutMs, atMostMs } = notification.timing;
      const long = aboutMs === undefined ? `at most ${atMostMs / 1000} s` : `about ${aboutMs / 1000} s`;
      const reason = notification.task.failureReason ? ` (${notification.task.failureReason})` : '';
      return `${prefix}ended: ${countsOf(notification.task)}${reason}, ${long}, ${notification.depth ?? '?'} left`;
    }
    case 'bounced-back':
      return `bounced-back: ${notification.more} more than ${notification.sinceEndMs / 1000} s ago`;
    default:
      return notification.kind;
  }
}

function countsOf({ status, moved, toMove }: MoveTask): string {
  return `${status} ${moved ?? '?'} of ${toMove ?? '?'}`;
}

function millisecondsOf(time: string): number {
  const [, amount, unit] = /^(\d+) (s|min|h)$/.exec(time) ?? [];
  return Number(amount) * { s: 1000, min: 60_000, h: 3_600_000 }[unit === 'h' || unit === 'min' ? unit : 's'];
}
