import type { MoveTask } from '../move-task.ts';
import { isFinished } from '../move-task-status.ts';
import type { WatchSettings } from '../settings.ts';
import { comingBackEnded } from './coming-back.ts';
import { type DecisionInput, type InputOf, notify, withChanges } from './decision.ts';
import { pollsWorkAgain } from './not-seen.ts';
import { type Decision, type EndTiming, keyOf, type Notification } from './notification.ts';
import type { Observation } from './observation.ts';
import { millisecondsLeft, mostPolls } from './poll-delay.ts';
import type { End, NewerTask, Watch } from './watch.ts';

const second = 1000;
/** Counters keep changing for some seconds after the end. */
const settleAfterMs = 10 * second;
const tryAgainAfterMs = 30 * second;
const mostTries = 3;

/** The longest delay of any poll after the end, by the phase it is planned in. */
export function longestWaitsAfterTheEnd({ bounceBackAfterSeconds }: WatchSettings) {
  const settling = Math.max(settleAfterMs, tryAgainAfterMs * 1.25);
  return { settling, bouncing: Math.max(settling, ...bounceBackAfterSeconds.map((after) => after * second)) };
}

type Listing = Exclude<Observation, { kind: 'error' }>;

/** The first poll that saw the end: sends the one reply that says so. */
export function taskEnded(decision: Decision, { observation, now }: InputOf<'seen'>): Decision {
  const { task, at, newer } = observation;
  const { seen } = decision.watch;
  const end: End = {
    seenAt: at,
    ...(seen && !isFinished(seen.task) && { lastRunning: seen }),
    ...baseDepth(observation.depth, newer),
    checkedUpToMs: 0,
    failedPolls: 0,
  };
  const ended = withChanges(pollsWorkAgain(decision, now, true), {
    phase: 'settling',
    seen: { task, at },
    end,
    nextPollAt: now + settleAfterMs,
    absences: 0,
    pollsWithoutTask: 0,
  });
  const notification = endedNotification(ended.watch, end, task, observation.depth, newer);
  return comingBackEnded(notify(ended, notification), task);
}

/** While another task is moving messages, the depth says nothing about what comes back. */
function baseDepth(depth: number | undefined, newer: NewerTask | undefined): { depth?: number } {
  return depth === undefined || (newer && !newer.finished) ? {} : { depth };
}

function endedNotification(
  watch: Watch,
  end: End,
  task: MoveTask,
  depth?: number,
  newer?: NewerTask,
): Notification {
  const cameBack = watch.comingBack?.said?.atLeast;
  const facts = {
    ...(depth !== undefined && { depth }),
    ...(newer && { newer }),
    ...(cameBack !== undefined && { cameBack }),
  };
  return { kind: 'ended', task, timing: timingOf(watch, end, task), ...facts };
}

export function afterEnd(decision: Decision, input: DecisionInput): Decision {
  const { end, polls } = decision.watch;
  if (!end || polls >= mostPolls - 2) return withChanges(decision, { phase: 'over' });
  const { observation, now } = input;
  if (observation.kind === 'error') return tryAgain(decision, end, input);
  const { position, newer } = observation;
  const seen = withChanges(decision, { position, newer });
  if (decision.watch.phase !== 'settling') {
    const compared = compareDepth(correctNumbers(seen, observation, end.depth), observation, now);
    return observation.depth === undefined ? tryAgain(compared, end, input) : nextStep(compared, input);
  }
  const settled = correctNumbers(settle(seen, end, observation), observation, end.depth);
  // Without the depth nothing is known about what was left or comes back, so it is retried as often as the numbers.
  const lacksDepth = settled.watch.end?.depth === undefined && observation.depth === undefined;
  return lacksDepth ? tryAgain(settled, end, input) : nextStep(settled, input);
}

function tryAgain(decision: Decision, end: End, input: DecisionInput): Decision {
  const failedPolls = end.failedPolls + 1;
  if (failedPolls >= mostTries) return nextStep(decision, input);
  const spread = 0.75 + input.random / 2;
  return withChanges(decision, {
    end: { ...end, failedPolls },
    nextPollAt: Math.ceil(input.now + tryAgainAfterMs * spread),
  });
}

/**
 * Corrects late counts and the number of messages left by editing the reply, never by a second one. An observation that
 * says "running" again is out of date.
 */
function correctNumbers(
  decision: Decision,
  observation: Observation,
  depthSaid: number | undefined,
): Decision {
  const { seen, end } = decision.watch;
  if (observation.kind !== 'seen' || !isFinished(observation.task) || !seen || !end) return decision;
  const { task, at, newer } = observation;
  const settled = withChanges(decision, { seen: { task, at } });
  if (saysTheSame(task, seen.task) && end.depth === depthSaid) return settled;
  const notification = endedNotification(settled.watch, end, task, end.depth ?? observation.depth, newer);
  return {
    ...settled,
    send: [...settled.send, { kind: 'correction', key: keyOf(settled.watch, 'ended'), notification }],
  };
}

function saysTheSame(one: MoveTask, other: MoveTask): boolean {
  return (['statusText', 'moved', 'toMove', 'failureReason'] as const).every(
    (field) => one[field] === other[field],
  );
}

/** The depth lags, too: the lower of the two is what the redrive left. */
function settle(decision: Decision, end: End, observation: Listing): Decision {
  const settled = baseDepth(observation.depth, observation.newer).depth;
  const depths = [end.depth, settled].filter((depth) => depth !== undefined);
  return depths.length === 0
    ? decision
    : withChanges(decision, { end: { ...end, depth: Math.min(...depths) } });
}

function compareDepth(decision: Decision, { depth, newer }: Listing, now: number): Decision {
  const { end } = decision.watch;
  if (end?.depth === undefined || depth === undefined) return decision;
  const isNewHigh = depth > Math.max(end.depth, end.highestDepthSaid ?? 0);
  if (!isNewHigh || (newer && !newer.finished)) return decision;
  const result = end.highestDepthSaid;
  const notification: Notification = {
    kind: 'bounced-back',
    depth,
    more: depth - end.depth,
    ...(result !== undefined && { moreThanSaid: depth - result }),
    sinceEndMs: Math.max(0, now - end.seenAt),
  };
  return withChanges(notify(decision, notification, depth), { end: { ...end, highestDepthSaid: depth } });
}

/** The next bounce-back poll, or the end of the watch if there is none left or nothing could come back. */
function nextStep(decision: Decision, { now, settings }: DecisionInput): Decision {
  const { watch } = decision;
  const { end, phase } = watch;
  if (!end || end.depth === undefined || watch.seen?.task.moved === 0)
    return withChanges(decision, { phase: 'over' });
  // One poll covers all steps that were missed while the process was suspended.
  const checkedUpToMs = phase === 'settling' ? 0 : Math.max(end.checkedUpToMs, now - end.seenAt);
  const after = nextBounceBack(settings, checkedUpToMs);
  if (after === undefined) return withChanges(decision, { phase: 'over' });
  return withChanges(decision, {
    phase: 'bouncing',
    end: { ...end, checkedUpToMs, failedPolls: 0 },
    nextPollAt: Math.max(end.seenAt + after, now + second),
  });
}

function nextBounceBack(
  { bounceBackAfterSeconds }: WatchSettings,
  checkedUpToMs: number,
): number | undefined {
  const later = bounceBackAfterSeconds
    .map((after) => after * second)
    .filter((after) => after > checkedUpToMs);
  return later.length > 0 ? Math.min(...later) : undefined;
}

/** The uncertainty of the end may be this large, or this share of the duration, to state a single number. */
const closeEnoughMs = 15_000;
const closeEnoughShare = 0.1;

export function timingOf(
  watch: Watch,
  { seenAt, lastRunning }: Pick<End, 'seenAt' | 'lastRunning'>,
  task: MoveTask,
): EndTiming {
  const atMostMs = Math.max(0, seenAt - watch.startedAt);
  if (!lastRunning) return { atMostMs };
  const atLeastMs = Math.min(atMostMs, Math.max(0, lastRunning.at - watch.startedAt));
  const gap = atMostMs - atLeastMs;
  if (gap > Math.max(closeEnoughMs, atMostMs * closeEnoughShare)) return { atLeastMs, atMostMs };
  const expected = millisecondsLeft(watch, lastRunning.task, lastRunning.at) ?? gap / 2;
  const aboutMs = Math.round(atLeastMs + Math.min(expected, gap));
  const meanRate = task.moved !== undefined && aboutMs > 0 ? (task.moved * 1000) / aboutMs : undefined;
  return { atLeastMs, atMostMs, aboutMs, ...(meanRate !== undefined && { meanRate }) };
}
