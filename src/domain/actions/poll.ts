import { longestTaskMs } from '../sqs-limits.ts';
import type { Action, ActionEvent, ActionState, Transition } from './action.ts';
import { withDeliveries } from './outbox.ts';
import { ownStartIn } from './own-start.ts';

type Polled = Extract<ActionEvent, { kind: 'polled' }>;

export const firstPollAfterMs = 1_000;
/** After this long, and at least this many successful polls without the task, it was not started. */
const provenAfterMs = 60_000;
const fewestPolls = 5;
const pollEveryMs = { atFirst: 5_000, afterwards: 60_000, atFirstForMs: 5 * 60_000 };
export const longestBetweenPollsMs = pollEveryMs.afterwards;
/** After "not started" polls continue, in case SQS lists the task late. */
const lateForMs = 15 * 60_000;

export function afterPoll(action: Action, polled: Polled, now: number): Transition {
  const { pollAt, calledAt = 0 } = action;
  // If it is now earlier than at the call, the clock went back, so no poll can be shown to be older than the call.
  const isLookedFor = pollAt !== undefined && (polled.askedAt >= calledAt || now < calledAt);
  if (!isLookedFor || action.state === 'unknown') return { kind: 'ignored', why: { because: 'nothing-new' } };
  return action.kind === 'start' ? startPolled(action, polled, now) : cancelPolled(action, polled, now);
}

function startPolled(action: Action, { askedAt, tasks }: Polled, now: number): Transition {
  const task = ownStartIn(tasks ?? [], action);
  if (task?.startedAt !== undefined) return found(action, task.startedAt, now);
  const waited = now - (action.calledAt ?? action.requestedAt);
  if (action.state === 'not-started') return waited >= lateForMs ? over(action) : later(action, now);
  if (waited >= longestTaskMs) return givenUp(action, now);
  const counted = tasks === undefined ? action : withPoll(action, askedAt);
  if (action.state === 'started' || !isProven(counted)) return later(counted, now);
  return resolved({ ...counted, pollAt: nextPollAt(counted, now) }, 'not-started', now);
}

function found(action: Action, startedAt: number, now: number): Transition {
  const { pollAt: _, ...rest } = action;
  const next: Action = {
    ...rest,
    state: 'started',
    endedAt: action.state === 'started' ? (action.endedAt ?? now) : now,
    result: { ...action.result, startedAt },
  };
  return { kind: 'changed', action: withDeliveries(next, ['card'], now) };
}

/** A task that is no longer listed has ended; one that still runs after a minute of polls was not canceled. */
function cancelPolled(
  action: Action,
  { askedAt, tasks, wasCanceledBefore = false }: Polled,
  now: number,
): Transition {
  const isLate = now - (action.calledAt ?? action.requestedAt) >= longestTaskMs;
  if (tasks === undefined) return isLate ? givenUp(action, now) : later(action, now);
  const { pollAt: _, ...rest } = withPoll(action, askedAt);
  const task = tasks.find(({ startedAt }) => startedAt === action.taskStartedAt);
  if (task?.status === 'CANCELLING' || task?.status === 'CANCELLED')
    return resolved(rest, wasCanceledBefore ? 'had-ended' : 'cancelled', now);
  if (task?.status === 'COMPLETED' || task?.status === 'FAILED') return resolved(rest, 'had-ended', now);
  if (!isProven(rest)) return isLate ? givenUp(rest, now) : later(rest, now);
  return resolved(rest, task === undefined ? 'had-ended' : 'rejected', now);
}

/** If the clock goes back, the minute of polls starts over. */
function withPoll(action: Action, askedAt: number): Action {
  const { polls } = action;
  if (!polls || askedAt < polls.first)
    return { ...action, polls: { first: askedAt, last: askedAt, count: 1 } };
  const last = Math.max(askedAt, polls.last);
  return { ...action, polls: { first: polls.first, last, count: polls.count + 1 } };
}

/** Also if it is further away than any poll is planned, because the clock went back. */
export function isPollDue({ pollAt }: Action, now: number): boolean {
  return pollAt !== undefined && (pollAt <= now || pollAt > now + pollEveryMs.afterwards);
}

/** Due even though its stored time is far away, because the clock went back. */
export function isOverdue(action: Action, now: number): boolean {
  const { state, calledAt = 0 } = action;
  const isCalled = state === 'starting' || state === 'cancelling';
  return isPollDue(action, now) || (isCalled && calledAt > now);
}

function isProven({ polls }: Action): boolean {
  return polls !== undefined && polls.count >= fewestPolls && polls.last - polls.first >= provenAfterMs;
}

function resolved(action: Action, state: ActionState, now: number): Transition {
  const next = { ...action, state, endedAt: now };
  return { kind: 'changed', action: withDeliveries(next, ['update', 'outcome'], now) };
}

/** If SQS confirmed the start, it stays started even if its task was never seen. */
function givenUp(action: Action, now: number): Transition {
  const next = over(action).action;
  const result = { ...next, result: { ...next.result, unresolved: true } };
  if (action.state === 'started') return { kind: 'changed', action: withDeliveries(result, ['update'], now) };
  return resolved(result, action.kind === 'start' ? 'not-started' : 'rejected', now);
}

function over({ pollAt: _, ...rest }: Action) {
  return { kind: 'changed' as const, action: rest };
}

function later(action: Action, now: number): Transition {
  return { kind: 'changed', action: { ...action, pollAt: nextPollAt(action, now) } };
}

function nextPollAt({ calledAt, requestedAt }: Action, now: number): number {
  const isFresh = now - (calledAt ?? requestedAt) < pollEveryMs.atFirstForMs;
  return now + (isFresh ? pollEveryMs.atFirst : pollEveryMs.afterwards);
}
