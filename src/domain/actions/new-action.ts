import type { Action, ActionPlace } from './action.ts';
import { withDeliveries } from './outbox.ts';

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
