import { deliveryWithTimesClamped } from '../delivery.ts';
import type { Action } from './action.ts';
import { longestBetweenPollsMs } from './poll.ts';

/** The longest wait for what was stored while the clock was ahead. */
const longestWaitMs = 5 * 60_000;

/**
 * Like `withTimesClamped` for a watch: corrects a stored action at startup. Another process may have stored it while the
 * clock was ahead: nothing waits longer than usual. When it was called stays: SQS's times are compared with it. Returns
 * the same object if nothing is ahead.
 */
export function actionWithTimesClamped(action: Action, now: number): Action {
  const { remindedAt, confirmation, pollAt, outbox } = action;
  const brought: Action = {
    ...action,
    ...requestBack(action, now),
    ...(remindedAt !== undefined && { remindedAt: Math.min(remindedAt, now) }),
    ...(confirmation && { confirmation: { ...confirmation, at: Math.min(confirmation.at, now) } }),
    ...(pollAt !== undefined && { pollAt: Math.min(pollAt, now + longestBetweenPollsMs) }),
    outbox: outbox.map((pending) => deliveryWithTimesClamped(pending, now, now + longestWaitMs)),
  };
  return JSON.stringify(brought) === JSON.stringify(action) ? action : brought;
}

/** A request waits for approval no longer than planned. */
function requestBack({ state, requestedAt, expiresAt }: Action, now: number) {
  const ahead = Math.max(0, requestedAt - now);
  return state === 'requested' ? { requestedAt: requestedAt - ahead, expiresAt: expiresAt - ahead } : {};
}
