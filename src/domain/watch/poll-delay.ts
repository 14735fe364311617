import type { MoveTask } from '../move-task.ts';
import { progressOf } from '../progress.ts';
import type { WatchSettings } from '../settings.ts';
import type { Watch } from './watch.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

const longestWatch = 48 * hour;
export const cannotPollAfter = 5 * minute;

/** Each poll is an event in the account's CloudTrail, and a watch has to end. */
export const mostPolls = 2_900;
/** Reserved for after the end: seven steps with three attempts, and lists that need a second call. */
const pollsKeptForTheEnd = 60;
const pollsWhileRunning = mostPolls - pollsKeptForTheEnd;

/** How long nothing may move until the task counts as stalled. */
export function stalledAfterMs({ stalledAfterMinutes }: WatchSettings): number {
  return stalledAfterMinutes * minute;
}

/** When the watch gives up unless the task is still running. A start in the future, by AWS's clock, does not extend it. */
export function deadlineOf(watch: Watch): number {
  return Math.min(watch.startedAt, watch.createdAt) + longestWatch;
}

/**
 * Fast while the task is young and near its end, slow in between. For a long task "fast" means half a percent of its
 * age, at most 30 seconds: after an hour, no one minds 18 more seconds, and it saves most of the polls at the end.
 */
export function delayWhileRunning(
  watch: Watch,
  task: MoveTask,
  now: number,
  settings: WatchSettings,
): number {
  const age = Math.max(0, now - watch.startedAt);
  const idle = Math.max(0, now - (watch.progressedAt ?? now));
  const floor = Math.max(settings.minPollSeconds * second, Math.min(age / 200, 30 * second));
  const left = millisecondsLeft(watch, task, now);
  const wanted = left === undefined ? age / 40 : Math.min(left / 4, age);
  const slowest = Math.max(floor, settings.maxPollSeconds * second * shareOfSlowest(watch.queueArn));
  return untilStalled(watch, now, clamp(Math.max(wanted, idle / 4), floor, slowest), settings);
}

/**
 * Between 0.8 and 1, always the same for a queue: after a restart all polls are due at once, and with equal delays they
 * would stay that way.
 */
function shareOfSlowest(queueArn: string): number {
  let mixed = 0;
  for (const char of queueArn) mixed = (mixed * 31 + (char.codePointAt(0) ?? 0)) % 1_009;
  return 1 - (0.2 * mixed) / 1_009;
}

/** The shorter of two estimates, by recent rate and by mean rate: one poll too many is better than a late end. */
export function millisecondsLeft(watch: Watch, task: MoveTask, now: number): number | undefined {
  if (task.status === 'CANCELLING') return 0;
  if (!task.toMove) return undefined;
  if (task.moved === task.toMove) return 0;
  const estimates = [progressOf(task, now, watch.counts), progressOf(task, now)]
    .map((progress) => progress.secondsLeft)
    .filter((seconds) => seconds !== undefined);
  return estimates.length > 0 ? Math.min(...estimates) * second : undefined;
}

/** So that a stall is reported on time, not one slow poll later. */
function untilStalled(watch: Watch, now: number, delay: number, settings: WatchSettings): number {
  const stallsIn = (watch.progressedAt ?? now) + stalledAfterMs(settings) - now;
  return stallsIn > 0 && !watch.said.includes('stalled')
    ? Math.min(delay, Math.max(stallsIn, second))
    : delay;
}

/** Doubles after each failure, with jitter so that many watches do not retry at the same moment. */
export function delayWhileFailing(
  watch: Watch,
  now: number,
  settings: WatchSettings,
  random: number,
): number {
  const { since, polls, said } = watch.cannotPoll ?? { since: now, polls: 1, said: false };
  const doubled = settings.minPollSeconds * second * 2 ** Math.min(polls - 1, 20);
  const jittered = Math.min(doubled, settings.maxPollSeconds * second) * (0.75 + random / 2);
  const saidIn = since + cannotPollAfter - now;
  return saidIn > 0 && !said ? Math.min(jittered, Math.max(saidIn, second)) : jittered;
}

export function delayWhileAbsent(watch: Watch, now: number, settings: WatchSettings): number {
  const unseenFor = now - (watch.seen?.at ?? watch.createdAt);
  const quick = settings.minPollSeconds * second;
  return watch.absences < 3 ? quick : clamp(unseenFor / 4, quick, settings.maxPollSeconds * second);
}

/**
 * When to poll next. The first half of the polls may be used at any rate; after that the rest are spread over the
 * remaining time, so that no watch runs out of polls.
 */
export function nextPollAfter(watch: Watch, now: number, delay: number): number {
  const remaining = deadlineOf(watch) - now;
  const left = pollsWhileRunning - watch.polls;
  if (left <= 0) return now + Math.max(remaining, delay, minute);
  const floor = watch.polls < pollsWhileRunning / 2 ? 0 : remaining / left;
  return Math.ceil(now + Math.max(delay, floor, second));
}

export function pollsAreSpent(watch: Watch): boolean {
  return watch.polls >= pollsWhileRunning;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
