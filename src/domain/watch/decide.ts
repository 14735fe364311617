import type { MoveTask } from '../move-task.ts';
import { isFinished } from '../move-task-status.ts';
import type { WatchSettings } from '../settings.ts';
import { longestTaskMs } from '../sqs-limits.ts';
import { afterEnd, taskEnded } from './after-end.ts';
import { delayForComingBack, noteComingBack } from './coming-back.ts';
import {
  type DecisionInput,
  type InputOf,
  noDecision,
  notifyOnce,
  updateCardIfChanged,
  withChanges,
} from './decision.ts';
import { giveUp, pollFailed, pollsWorkAgain, taskAbsent } from './not-seen.ts';
import type { Decision } from './notification.ts';
import {
  deadlineOf,
  delayWhileRunning,
  millisecondsLeft,
  nextPollAfter,
  pollsAreSpent,
  stalledAfterMs,
} from './poll-delay.ts';
import type { Watch } from './watch.ts';

/** What to deliver after a poll, and when to poll again. The new watch is committed before anything is delivered. */
export function decide(input: DecisionInput): Decision {
  const { watch, observation, now } = input;
  if (watch.phase === 'over') return noDecision(watch);
  // A poll shared from another watch costs this one nothing; after the end it is too early to mean anything.
  const isDue = now >= watch.nextPollAt;
  if (!isDue && watch.phase !== 'running') return noDecision(watch);
  const counted = noDecision({ ...watch, polls: watch.polls + (isDue ? observation.calls : 0) });
  return updateCardIfChanged(decideByPhase(counted, input), now);
}

function decideByPhase(decision: Decision, input: DecisionInput): Decision {
  const { observation } = input;
  if (decision.watch.phase !== 'running') return afterEnd(decision, input);
  if (observation.kind === 'error') return pollFailed(decision, { ...input, observation });
  const listed = withChanges(decision, { position: observation.position, newer: observation.newer });
  if (observation.kind === 'absent') return taskAbsent(listed, input);
  return isFinished(observation.task)
    ? taskEnded(listed, { ...input, observation })
    : taskRunning(listed, { ...input, observation });
}

const countsKept = 6;
/** A mean over a shorter time says too little about 36 hours. */
const shortestTrustedAge = 15 * 60_000;
/** More than two polls at the longest delay that the settings allow. */
const longestUnseen = 45 * 60_000;

/**
 * The task is listed and its status is not final. That it should have ended by now may be our clock's mistake: while it
 * is seen running, the watch continues as long as it has polls left.
 */
function taskRunning(decision: Decision, { observation, now, settings }: InputOf<'seen'>): Decision {
  const { task, at, depth, source } = observation;
  const { watch } = decision;
  const noted = withChanges(pollsWorkAgain(decision, now), {
    seen: { task, at, ...(depth !== undefined && { depth }), ...(source && { source }) },
    counts:
      task.moved === undefined
        ? watch.counts
        : [...watch.counts, { at, moved: task.moved }].slice(-countsKept),
    progressedAt: hasProgressed(watch, task) || isSeenAnew(watch, at) ? at : (watch.progressedAt ?? at),
    absences: 0,
    pollsWithoutTask: 0,
  });
  if (now >= deadlineOf(watch) && pollsAreSpent(watch)) return giveUp(noted, 'two-days-since-start');
  const warned = warnIfTooSlow(warnIfStalled(noted, task, now, settings), task, now);
  const compared = noteComingBack(warned, observation);
  const delay = Math.min(
    delayWhileRunning(compared.watch, task, now, settings),
    delayForComingBack(compared.watch, settings),
  );
  return withChanges(compared, { nextPollAt: nextPollAfter(compared.watch, now, delay) });
}

/** After a suspension of the bot, or a clock step, nothing is known about the time in between. */
function isSeenAnew({ seen }: Watch, at: number): boolean {
  return seen === undefined || at - seen.at > longestUnseen;
}

/** Counts may arrive late and out of order: only a new maximum is progress. */
function hasProgressed({ seen, counts }: Watch, task: MoveTask): boolean {
  const most = Math.max(...counts.map((count) => count.moved), -1);
  return task.status !== seen?.task.status || (task.moved !== undefined && task.moved > most);
}

function warnIfStalled(decision: Decision, task: MoveTask, now: number, settings: WatchSettings): Decision {
  const forMs = now - (decision.watch.progressedAt ?? now);
  // A missing count says nothing about progress.
  if (task.moved === undefined || forMs < stalledAfterMs(settings)) return decision;
  return notifyOnce(decision, { kind: 'stalled', task, forMs });
}

function warnIfTooSlow(decision: Decision, task: MoveTask, now: number): Decision {
  const { watch } = decision;
  const limitAt = watch.startedAt + longestTaskMs;
  const left = millisecondsLeft(watch, task, now);
  if (left === undefined || now - watch.startedAt < shortestTrustedAge || now + left <= limitAt)
    return decision;
  // SQS would have stopped it by now, so our clock is ahead.
  if (now > limitAt) return decision;
  return notifyOnce(decision, { kind: 'too-slow', task, secondsLeft: left / 1000, limitAt });
}
