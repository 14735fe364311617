import { undelivered } from '../delivery.ts';
import type { Action, DeliveryKind, PendingDelivery } from './action.ts';

/** Adds deliveries. Only the newest update matters, because an update shows the current action. */
export function withDeliveries(action: Action, kinds: readonly DeliveryKind[], now: number): Action {
  return kinds.reduce((before, kind) => withDelivery(before, kind, now), action);
}

function withDelivery(action: Action, kind: DeliveryKind, now: number): Action {
  const isUnposted = action.outbox.some((pending) => pending.kind === 'request');
  // A message that is not posted yet will show the current action; a cancel has no message of its own.
  if (kind === 'update' && (isUnposted || action.kind === 'cancel')) return action;
  const isDecided = action.state !== 'requested';
  const others = action.outbox.filter(
    (pending) => !isReplaced(pending, kind) && !(isDecided && pending.kind === 'reminder'),
  );
  return { ...action, outbox: [...others, aDelivery(action, kind, now)] };
}

/** Pending messages about an earlier state are dropped once there is a newer one. */
function isReplaced(pending: PendingDelivery, by: DeliveryKind): boolean {
  if (by === 'card') return pending.kind !== 'request';
  return pending.kind === by;
}

function aDelivery(action: Action, kind: DeliveryKind, now: number): PendingDelivery {
  const key = `${action.id}:${kind}:${detailOf(action, kind)}`;
  return { kind, key, ...undelivered(now) };
}

function detailOf({ state, version, repostedAt }: Action, kind: DeliveryKind): string {
  if (kind === 'update') return `${version + 1}`;
  if (kind === 'request') return repostedAt === undefined ? 'message' : 'again';
  return state;
}

export function withoutDelivery(action: Action, key: string): Action {
  return { ...action, outbox: action.outbox.filter((pending) => pending.key !== key) };
}

export function withPending(action: Action, key: string, changes: Partial<PendingDelivery>): Action {
  return {
    ...action,
    outbox: action.outbox.map((pending) => (pending.key === key ? { ...pending, ...changes } : pending)),
  };
}
