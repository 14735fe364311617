import type { MoveTask } from '../../../src/domain/move-task.ts';
import { defaultWatchSettings } from '../../../src/domain/settings.ts';
import { decide } from '../../../src/domain/watch/decide.ts';
import type { Observation } from '../../../src/domain/watch/observation.ts';
import { newWatch, type Watch } from '../../../src/domain/watch/watch.ts';
import { throttled } from './a-watch.ts';

const second = 1000;

export type Story = {
  perSecond: number;
  seconds: number;
  /** How late the depth is, at most; with `jitter` each answer is late by another part of it. */
  lagSeconds: number;
  jitter?: boolean;
  /** How late `moved` is. */
  movedLagSeconds?: number;
  /** SQS gives no total until then. */
  totalAfterSeconds?: number;
  /** When each of the watches begins. */
  joinedAtSeconds?: number[];
  /** New failures a second. */
  arriving?: number;
  /** In the DLQ, and not counted in the total: in flight when the redrive started. */
  uncounted?: number;
  /** Every so many polls fail. */
  failEvery?: number;
  /** How many have come back after so many seconds. */
  back?: (elapsed: number) => number;
  /** 0 to 1, one for each poll, in turn. */
  chances?: number[];
};

/** What was said, and what was true then. `naive`: what a count with the present `moved` would have said at most. */
export type Told = {
  said: { atSeconds: number; atLeast: number; truth: number; how: string }[];
  naive: number;
  polls: number;
};

/** Follows one redrive through `decide`, for each of its watches, on a clock that jumps from poll to poll. */
export function simulateReturn(story: Story): Told {
  const { seconds, joinedAtSeconds = [0], failEvery = 0 } = story;
  let watches = joinedAtSeconds.map((at, index) => joined(at * second, index));
  const told: Told = { said: [], naive: 0, polls: 0 };
  while (watches.some(({ phase }) => phase === 'running')) {
    const now = Math.min(...watches.map(({ nextPollAt }) => nextPollAt));
    told.polls += 1;
    const observation = failEvery > 0 && told.polls % failEvery === 0 ? failed(now) : seen(story, now, told);
    watches = watches.map((watch) => {
      if (watch.createdAt > now) return watch;
      const input = { watch, observation, now, settings: defaultWatchSettings, random: 0.5 };
      const { watch: next, send } = decide(input);
      for (const entry of send) {
        if (entry.kind === 'card' || entry.notification.kind !== 'coming-back') continue;
        const { atLeast } = entry.notification;
        told.said.push({ atSeconds: now / second, atLeast, truth: truthAt(story, now), how: entry.key });
      }
      return next;
    });
    if (now > 2 * seconds * second) throw new Error('The end was not seen.');
  }
  return told;
}

function joined(now: number, index: number): Watch {
  const card = { channel: 'C1', ts: `1.${index}` };
  return newWatch({ id: `w${index}`, queueArn: '', startedAt: 0, card, now });
}

function failed(at: number): Observation {
  return { kind: 'error', at, calls: 1, awsError: throttled };
}

function movedAt({ perSecond, seconds }: Story, elapsed: number): number {
  return Math.floor(perSecond * Math.min(Math.max(elapsed, 0), seconds));
}

function addedAt({ back = () => 0, arriving = 0 }: Story, elapsed: number): number {
  return elapsed <= 0 ? 0 : Math.floor(back(elapsed) + arriving * elapsed);
}

function truthAt(story: Story, now: number): number {
  return addedAt(story, now / second);
}

function seen(story: Story, now: number, told: Told): Observation {
  const { perSecond, seconds, lagSeconds, jitter, movedLagSeconds = 0, totalAfterSeconds = 0 } = story;
  const { chances = [0.5], uncounted = 0 } = story;
  const elapsed = now / second;
  const total = perSecond * seconds;
  const counted = elapsed - lagSeconds * (jitter ? (chances[told.polls % chances.length] ?? 1) : 1);
  const depth = total + uncounted - movedAt(story, counted) + addedAt(story, counted);
  const moved = movedAt(story, elapsed - movedLagSeconds);
  const status = elapsed >= seconds ? 'COMPLETED' : 'RUNNING';
  const task: MoveTask = {
    ...{ status, statusText: status, moved, startedAt: 0 },
    ...(elapsed >= totalAfterSeconds && { toMove: total }),
  };
  told.naive = Math.max(told.naive, depth + moved - total - uncounted);
  return { kind: 'seen', at: now, calls: 1, position: 0, task, depth };
}
