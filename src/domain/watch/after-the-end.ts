import { isFinished, type MoveTask } from '../move-task.ts';
import { change, tellAlso } from './draft.ts';
import { timingOf } from './end-timing.ts';
import { seeingAgain } from './nothing-seen.ts';
import { mostLooks } from './pace.ts';
import type { Sighting } from './sighting.ts';
import { type Decision, keyOf, type Notice } from './telling.ts';
import type { Turn } from './turn.ts';
import type { End, NewerTask, Watch } from './watch.ts';
import type { WatchSettings } from './watch-settings.ts';

const second = 1000;
/** Counters go on changing for some seconds after the end. */
const settleAfterMs = 10 * second;
const tryAgainAfterMs = 30 * second;
const mostTries = 3;

/** The longest that any look after the end is put off. */
export function longestWaitAfterTheEnd({ bounceBackAfterSeconds }: WatchSettings): number {
  return Math.max(
    settleAfterMs,
    tryAgainAfterMs * 1.25,
    ...bounceBackAfterSeconds.map((after) => after * second),
  );
}

type EndTurn = Turn & { sighting: Extract<Sighting, { kind: 'seen' }> };
type Listing = Exclude<Sighting, { kind: 'not-seen' }>;

/** The first look that saw the task ended: the one reply that says so. */
export function atTheEnd(decision: Decision, { sighting, now }: EndTurn): Decision {
  const { task, at, newer } = sighting;
  const { seen } = decision.watch;
  const end: End = {
    seenAt: at,
    ...(seen && !isFinished(seen.task) && { lastRunning: seen }),
    ...baseDepth(sighting.depth, newer),
    checkedUpToMs: 0,
    failedLooks: 0,
  };
  const ended = change(seeingAgain(decision, now, true), {
    phase: 'settling',
    seen: { task, at },
    end,
    nextLookAt: now + settleAfterMs,
    absences: 0,
    unseenLooks: 0,
  });
  return tellAlso(ended, endedNotice(ended.watch, end, task, sighting.depth, newer));
}

/** What another task is moving at that moment says nothing about what comes back. */
function baseDepth(depth: number | undefined, newer: NewerTask | undefined): { depth?: number } {
  return depth === undefined || (newer && !newer.finished) ? {} : { depth };
}

function endedNotice(watch: Watch, end: End, task: MoveTask, depth?: number, newer?: NewerTask): Notice {
  const facts = { ...(depth !== undefined && { depth }), ...(newer && { newer }) };
  return { kind: 'ended', task, timing: timingOf(watch, end, task), ...facts };
}

/** The settle look and the bounce-back looks. */
export function afterTheEnd(decision: Decision, turn: Turn): Decision {
  const { end, looks } = decision.watch;
  if (!end || looks >= mostLooks - 2) return change(decision, { phase: 'over' });
  const { sighting, now } = turn;
  if (sighting.kind === 'not-seen') return tryAgain(decision, end, turn);
  const { position, newer } = sighting;
  const seen = change(decision, { position, newer });
  if (decision.watch.phase !== 'settling') {
    const compared = compareDepth(correctNumbers(seen, sighting, end.depth), sighting, now);
    return sighting.depth === undefined ? tryAgain(compared, end, turn) : nextStep(compared, turn);
  }
  const settled = correctNumbers(settle(seen, end, sighting), sighting, end.depth);
  return lacksDepth(settled.watch, sighting) ? tryAgain(settled, end, turn) : nextStep(settled, turn);
}

function tryAgain(decision: Decision, end: End, turn: Turn): Decision {
  const failedLooks = end.failedLooks + 1;
  if (failedLooks >= mostTries) return nextStep(decision, turn);
  const spread = 0.75 + turn.random / 2;
  return change(decision, {
    end: { ...end, failedLooks },
    nextLookAt: Math.ceil(turn.now + tryAgainAfterMs * spread),
  });
}

/**
 * By editing the reply, never by a second one: late counts, and what was left, where the depth was not known or lagged.
 * A sighting that says "running" again is older than it looks.
 */
function correctNumbers(decision: Decision, sighting: Sighting, depthTold: number | undefined): Decision {
  const { seen, end } = decision.watch;
  if (sighting.kind !== 'seen' || !isFinished(sighting.task) || !seen || !end) return decision;
  const { task, at, newer } = sighting;
  const settled = change(decision, { seen: { task, at } });
  if (saysTheSame(task, seen.task) && end.depth === depthTold) return settled;
  const notice = endedNotice(settled.watch, end, task, end.depth ?? sighting.depth, newer);
  return {
    ...settled,
    tell: [...settled.tell, { kind: 'correction', key: keyOf(settled.watch, 'ended'), notice }],
  };
}

function saysTheSame(one: MoveTask, other: MoveTask): boolean {
  return (['statusText', 'moved', 'toMove', 'failureReason'] as const).every(
    (field) => one[field] === other[field],
  );
}

/** The depth lags too: the lower of the two is what the redrive left. */
function settle(decision: Decision, end: End, sighting: Listing): Decision {
  const settled = baseDepth(sighting.depth, sighting.newer).depth;
  const depths = [end.depth, settled].filter((depth) => depth !== undefined);
  return depths.length === 0 ? decision : change(decision, { end: { ...end, depth: Math.min(...depths) } });
}

/** Without it nothing can be told of what was left or comes back: it is asked for as often as the numbers are. */
function lacksDepth({ end }: Watch, sighting: Listing): boolean {
  return end?.depth === undefined && sighting.depth === undefined;
}

function compareDepth(decision: Decision, { depth, newer }: Listing, now: number): Decision {
  const { end } = decision.watch;
  if (end?.depth === undefined || depth === undefined) return decision;
  const isNewHigh = depth > Math.max(end.depth, end.highestDepthTold ?? 0);
  if (!isNewHigh || (newer && !newer.finished)) return decision;
  const told = end.highestDepthTold;
  const notice: Notice = {
    kind: 'bounced-back',
    depth,
    more: depth - end.depth,
    ...(told !== undefined && { moreThanTold: depth - told }),
    sinceEndMs: Math.max(0, now - end.seenAt),
  };
  return change(tellAlso(decision, notice, depth), { end: { ...end, highestDepthTold: depth } });
}

/** The next bounce-back look, or the end of the watch when there is none or nothing could come back. */
function nextStep(decision: Decision, { now, settings }: Turn): Decision {
  const { watch } = decision;
  const { end, phase } = watch;
  if (!end || end.depth === undefined || watch.seen?.task.moved === 0)
    return change(decision, { phase: 'over' });
  // Steps that passed while the process stood still are done with one look.
  const checkedUpToMs = phase === 'settling' ? 0 : Math.max(end.checkedUpToMs, now - end.seenAt);
  const after = nextBounceBack(settings, checkedUpToMs);
  if (after === undefined) return change(decision, { phase: 'over' });
  return change(decision, {
    phase: 'bouncing',
    end: { ...end, checkedUpToMs, failedLooks: 0 },
    nextLookAt: Math.max(end.seenAt + after, now + second),
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
