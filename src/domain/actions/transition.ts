import type {
  Action,
  ActionEvent,
  ActionPlace,
  ActionState,
  CallOutcome,
  DeliveryKind,
  Ignored,
  RequestEvent,
  Transition,
} from './action.ts';
import { reminderAt } from './lifecycle.ts';
import { withDeliveries } from './outbox.ts';
import { afterPoll, firstPollAfterMs } from './poll.ts';

type Of<K extends ActionEvent['kind']> = Extract<ActionEvent, { kind: K }>;

/** All state transitions. An event that comes too late, or from the wrong person, changes nothing. */
export function transition(action: Action, event: ActionEvent, now: number): Transition {
  switch (event.kind) {
    case 'posted':
      return posted(action, event, now);
    case 'answered':
      return answered(action, event.outcome, now);
    case 'answer-lost':
      return answered(action, { kind: 'unsure', result: {} }, now);
    case 'polled':
      return afterPoll(action, event, now);
    default:
      return action.state === 'requested' ? ofRequest(action, event, now) : ignored(decided(action));
  }
}

/** An expired request accepts no decision, even if its expiry was not processed yet. */
function ofRequest(action: Action, event: RequestEvent, now: number): Transition {
  if (now >= action.expiresAt && event.kind !== 'void' && event.kind !== 'message-gone')
    return ended(action, 'expired', now);
  switch (event.kind) {
    case 'void':
      return voided(action, event, now);
    case 'message-gone':
      return messageGone(action, event.message, now);
    case 'time':
      return reminded(action, now);
    case 'submit':
      return action.needsApproval ? ignored({ because: 'not-an-approver' }) : starting(action, event, now);
    case 'approve':
      return approved(action, event, now);
    case 'decline':
      if (event.by === action.requester) return ignored({ because: 'own-request' });
      if (!event.isApprover) return ignored({ because: 'not-an-approver' });
      return ended({ ...action, decider: event.by }, 'declined', now);
    case 'withdraw':
      if (event.by !== action.requester) return ignored({ because: 'not-the-requester' });
      return ended({ ...action, decider: event.by }, 'withdrawn', now);
  }
}

function approved(action: Action, event: Of<'approve'>, now: number): Transition {
  if (event.by === action.requester) return ignored({ because: 'own-request' });
  if (!action.needsApproval || !event.isApprover) return ignored({ because: 'not-an-approver' });
  const before = baselineDepth(action, event.confirms, now);
  const { depth } = event;
  if (before === undefined) return starting(action, event, now);
  if (depth === undefined) return ignored({ because: 'depth-unknown' });
  if (!depthChanged(before, depth)) return starting(action, event, now);
  const shown = { ...action, confirmation: { by: event.by, depth, at: now } };
  return { ...changed(shown, ['update'], now), askAgain: { depth, before } };
}

function starting(action: Action, event: Of<'approve' | 'submit'>, now: number): Transition {
  const next: Action = {
    ...action,
    state: 'starting',
    decider: event.kind === 'approve' ? event.by : action.requester,
    newestKnown: event.newestKnown,
    decidedAt: now,
    calledAt: now,
    ...(event.depth !== undefined && { depthAtDecision: event.depth }),
  };
  return { ...changed(next, ['update'], now), call: 'start' };
}

/** The update finds out whether the message is still there to decide on. */
function reminded(action: Action, now: number): Transition {
  const isDue = action.needsApproval && action.remindedAt === undefined && now >= reminderAt(action);
  if (!isDue) return ignored({ because: 'nothing-new' });
  return changed({ ...action, remindedAt: now }, ['update', 'reminder'], now);
}

/** Posted again once. Someone who deletes it twice doesn't want it. */
function messageGone(action: Action, message: string, now: number): Transition {
  const { message: current, ...place } = action.place;
  if (current !== message) return ignored({ because: 'nothing-new' });
  const next = { ...action, place, outbox: [] };
  if (action.repostedAt === undefined) return changed({ ...next, repostedAt: now }, ['request'], now);
  const over = { ...next, state: 'void' as const, voidBecause: 'message-gone' as const, endedAt: now };
  return changed(over, ['outcome'], now);
}

/** If the bot can't post it, there is no message to edit. */
function voided(action: Action, { because, isAnswered }: Of<'void'>, now: number): Transition {
  const next = { ...action, voidBecause: because };
  if (because !== 'cannot-post') return ended(next, 'void', now);
  const over = { ...next, state: 'void' as const, endedAt: now, outbox: [] };
  return changed(over, isAnswered ? [] : ['outcome'], now);
}

/** The requester is notified, except of their own withdrawal. */
function ended(action: Action, state: ActionState, now: number): Transition {
  const next = { ...action, state, endedAt: now };
  return changed(next, state === 'withdrawn' ? ['update'] : ['update', 'outcome'], now);
}

/** If something happened while it was being posted, an update shows it. */
function posted(action: Action, { message }: Of<'posted'>, now: number): Transition {
  const outbox = action.outbox.filter(({ kind }) => kind !== 'request');
  const next = { ...action, outbox, place: { ...action.place, message } };
  return changed(next, action.state === 'requested' ? [] : ['update'], now);
}

function answered(action: Action, { kind, result }: CallOutcome, now: number): Transition {
  const { state } = action;
  if (state !== 'starting' && state !== 'cancelling') return ignored(decided(action));
  const known = { ...action, result: { ...action.result, ...result } };
  const pollAt = now + firstPollAfterMs;
  if (kind === 'unsure') return changed({ ...known, state: 'unsure', pollAt }, ['update', 'outcome'], now);
  if (kind === 'rejected') return ended(known, 'rejected', now);
  if (state === 'cancelling') return ended(known, kind === 'had-ended' ? 'had-ended' : 'cancelled', now);
  // SQS's answer names no StartedTimestamp: polls find it.
  if (kind === 'accepted')
    return changed({ ...known, state: 'started', endedAt: now, pollAt: now }, ['update'], now);
  return ended(known, 'rejected', now);
}

function changed(action: Action, deliveries: readonly DeliveryKind[], now: number) {
  return { kind: 'changed' as const, action: withDeliveries(action, deliveries, now) };
}

function decided({ state, decider }: Action): Ignored {
  return { because: 'decided-already', state, ...(decider !== undefined && { decider }) };
}

function ignored(why: Ignored): Transition {
  return { kind: 'ignored', why };
}

const confirmedWithinMs = 5 * 60_000;

/** More than 10 messages and more than a tenth. */
function depthChanged(before: number, depth: number): boolean {
  const difference = Math.abs(depth - before);
  return difference > 10 && difference > before / 10;
}

/** The depth that the approver has seen: the request's or, for five minutes, the one on the clicked button. */
function baselineDepth(action: Action, confirms: number | undefined, now: number): number | undefined {
  const { confirmation, depthAtRequest } = action;
  const isConfirmed =
    confirmation !== undefined &&
    confirms === confirmation.depth &&
    now >= confirmation.at &&
    now - confirmation.at <= confirmedWithinMs;
  return isConfirmed ? confirmation.depth : depthAtRequest;
}

type Asked = Pick<Action, 'id' | 'queueArn' | 'alias' | 'requester'> & {
  place: ActionPlace;
  now: number;
  depth?: number;
};

export type NewStart = Asked & {
  reason: string;
  rate: number;
  destinationArn?: string;
  needsApproval: boolean;
  expireAfterMs: number;
};
/** A request. Nothing is called before its message is posted and it is approved, or submitted if it needs no approval. */
export function newStart(asked: NewStart): Action {
  const { reason, rate, destinationArn, needsApproval, expireAfterMs, now } = asked;
  const action: Action = {
    ...common(asked),
    kind: 'start',
    state: 'requested',
    needsApproval,
    reason,
    rate,
    ...(destinationArn !== undefined && { destinationArn }),
    expiresAt: now + expireAfterMs,
  };
  return withDeliveries(action, ['request'], now);
}

/** Already confirmed, and needs no second person. Its outcome is posted in the card's thread. */
export function newCancel(asked: Asked & { taskStartedAt: number }): Action {
  const { now, requester, taskStartedAt } = asked;
  return {
    ...common(asked),
    kind: 'cancel',
    state: 'cancelling',
    needsApproval: false,
    reason: '',
    taskStartedAt,
    decider: requester,
    expiresAt: now,
    decidedAt: now,
    calledAt: now,
  };
}

function common({ id, queueArn, alias, requester, place, now, depth }: Asked) {
  return {
    ...{ id, queueArn, alias, requester, place },
    version: 1,
    requestedAt: now,
    ...(depth !== undefined && { depthAtRequest: depth }),
    result: {},
    outbox: [],
  };
}
