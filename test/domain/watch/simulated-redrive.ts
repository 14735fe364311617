import type { MoveTask } from '../../../src/domain/move-task.ts';
import { defaultWatchSettings } from '../../../src/domain/settings.ts';
import { decide } from '../../../src/domain/watch/decide.ts';
import { deadlineOf } from '../../../src/domain/watch/poll-delay.ts';
import { newWatch } from '../../../src/domain/watch/watch.ts';

const messages = 1_000_000;
const day = 86_400_000;

/** The share of messages moved, by the share of the task's duration. */
export const shapes = {
  linear: (time: number) => time,
  /** Twenty bursts, each followed by a pause of the same length. */
  bursty: (time: number) =>
    (Math.floor(time * 20) + Math.min(1, (time * 20 - Math.floor(time * 20)) * 2)) / 20,
  slowing: (time: number) => 1 - (1 - time) ** 3,
  /** Half is moved in the first tenth of the time, then nothing until the last tenth, then the rest. */
  stalled: (time: number) => (time < 0.1 ? time * 5 : time < 0.9 ? 0.5 : 0.5 + (time - 0.9) * 5),
};
export type Shape = keyof typeof shapes;

export type Simulated = { pollsUntilEnd: number; pollsInAll: number; seenLateMs: number };

/** Follows one task through `decide` from its start, on a clock that jumps from poll to poll. */
export function simulate(
  shape: Shape,
  lengthMs: number,
  { lagMs = 2_000, joinedAt = 0, offsetMs = 0, settings = defaultWatchSettings } = {},
): Simulated {
  const from = joinedAt * lengthMs + offsetMs;
  let watch = newWatch({
    id: 'simulated',
    queueArn: '',
    startedAt: 0,
    card: { channel: '', ts: '' },
    now: from,
  });
  let end: { polls: number; at: number } | undefined;
  while (watch.phase !== 'over' && watch.nextPollAt <= deadlineOf(watch) + day) {
    const now = watch.nextPollAt;
    const task = taskAt(shape, lengthMs, now, lagMs);
    const observation = { kind: 'seen' as const, at: now, calls: 1, position: 0, task, depth: 0 };
    watch = decide({ watch, observation, now, settings, random: 0.5 }).watch;
    if (watch.end) end ??= { polls: watch.polls, at: now };
  }
  return {
    pollsUntilEnd: end?.polls ?? watch.polls,
    pollsInAll: watch.polls,
    seenLateMs: (end?.at ?? Number.NaN) - lengthMs,
  };
}

/** Counters lag by some seconds, as SQS's do. */
function taskAt(shape: Shape, lengthMs: number, now: number, lagMs: number): MoveTask {
  const share = shapes[shape](Math.min(1, Math.max(0, now - lagMs) / lengthMs));
  const status = now >= lengthMs ? 'COMPLETED' : 'RUNNING';
  return { status, statusText: status, moved: Math.floor(share * messages), toMove: messages, startedAt: 0 };
}
