import type { Action, ActionEvent } from '../../../src/domain/actions/action.ts';
import { isOpen } from '../../../src/domain/actions/lifecycle.ts';
import { type NewStart, newCancel, newStart, transition } from '../../../src/domain/actions/transition.ts';
import type { RedriveRules } from '../../../src/domain/settings.ts';
import { aQueue, now } from '../../support/builders.ts';

export const [requester, approver, other] = ['U0REQUESTER', 'U0APPROVER', 'U0OTHER'];

export function redriveRules(given: Partial<RedriveRules> = {}): RedriveRules {
  return {
    role: { arn: 'arn:aws:iam::111122223333:role/dlq-tasks-redrive' },
    requesters: { users: [requester, other], userGroups: [] },
    approvers: { users: [approver, requester], userGroups: [] },
    messagesPerSecond: { default: 10, max: 50 },
    expireAfterMinutes: 30,
    destinations: [],
    ...given,
  };
}

export function redriveQueue(given: Partial<RedriveRules> = {}) {
  return aQueue({ redrive: redriveRules(given) });
}

export function aStart(given: Partial<NewStart> = {}): Action {
  return newStart({
    id: 'a1',
    queueArn: aQueue().arn,
    alias: 'orders-dlq',
    place: { channel: 'C0123' },
    requester,
    reason: 'The consumer is fixed',
    rate: 10,
    needsApproval: true,
    expireAfterMs: 30 * 60_000,
    depth: 1000,
    now,
    ...given,
  });
}

export function aCancel(): Action {
  const { id, queueArn, alias, place, reason } = aStart();
  return newCancel({
    ...{ id, queueArn, alias, place, reason, requester, now },
    taskStartedAt: now - 60_000,
  });
}

/** Applies events, each at its time after the request; one that is ignored changes nothing. */
export function resulting(action: Action, ...events: [afterMs: number, event: ActionEvent][]): Action {
  return events.reduce((before, [afterMs, event]) => {
    const done = transition(before, event, now + afterMs);
    return done.kind === 'changed' ? done.action : before;
  }, action);
}

export const approval = (given: Partial<Extract<ActionEvent, { kind: 'approve' }>> = {}) => ({
  kind: 'approve' as const,
  by: approver,
  isApprover: true,
  newestKnown: now - 3_600_000,
  depth: 1000,
  ...given,
});

export const isOver = (action: Action) => !isOpen(action) && action.pollAt === undefined;
