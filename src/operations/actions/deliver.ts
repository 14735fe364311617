import type { Action, PendingDelivery } from '../../domain/actions/action.ts';
import { nextDeliveries } from '../../domain/actions/lifecycle.ts';
import { withDeliveries, withoutDelivery, withPending } from '../../domain/actions/outbox.ts';
import { begun, type DeliveryResult, type Fallback, putOff } from '../../domain/delivery.ts';
import { type MessagePlace, placeWithinChannel } from '../../domain/message-place.ts';
import { attempted } from '../watching/notifier.ts';
import { StoreUnusable } from '../watching/watch-store.ts';
import { changeAction, rewriteAction } from './change-action.ts';
import type { InProgress } from './in-progress.ts';
import type { ActionDelivery, ActionPorts } from './ports.ts';

type Ports = Pick<ActionPorts, 'store' | 'notifier' | 'runs' | 'expectEnd' | 'clock' | 'random' | 'log'> & {
  pending: Pick<InProgress, 'isHeld'>;
};

/** A waiting request must have an up-to-date message: an edit shows it exists; a deleted one is posted again. */
export async function checkItsMessage(open: Action, ports: Pick<Ports, 'store' | 'clock' | 'log'>) {
  const isWaiting = ({ state, place }: Action) => state === 'requested' && place.message !== undefined;
  if (!isWaiting(open)) return;
  await rewriteAction(open.id, ports, (now) =>
    isWaiting(now) ? withDeliveries(now, ['update'], ports.clock()) : undefined,
  );
}

/** Delivers what is due, one after the other. The caller makes sure that it runs once at a time per action. */
export async function deliverDue(id: string, ports: Ports): Promise<void> {
  const tried = new Set<string>();
  for (;;) {
    const action = await ports.store.read(id);
    const now = ports.clock();
    const isNext = ({ key, notBefore }: PendingDelivery) => notBefore <= now && !tried.has(key);
    const pending = action && nextDeliveries(action).find(isNext);
    if (!pending) return;
    tried.add(pending.key);
    await deliverOne(action, pending, ports);
  }
}

async function deliverOne({ id }: Action, pending: PendingDelivery, ports: Ports): Promise<void> {
  const { clock, random } = ports;
  const { key, kind, since } = pending;
  let tried = pending;
  const action = await rewriteAction(id, ports, (now) => {
    const due = now.outbox.find((one) => one.key === key && one.notBefore <= clock());
    tried = due ?? tried;
    return due && withPending(now, key, begunNow(due, ports));
  });
  if (!action) return;
  const change = ({ fallback }: { fallback: Fallback }) =>
    rewriteAction(id, ports, (now) => withPending(now, key, { ...begunNow(tried, ports), fallback }));
  const { fallback = {}, maybeDelivered: doubt } = tried;
  const { result, moment } = await attempted(
    (keep) => deliver({ kind, key, since, action, doubt, fallback, keep }, ports),
    {
      change,
      onError: (error) => logUnexpected(error, { action: id, delivery: kind }, ports),
      clock,
      random,
    },
  );
  if (result.kind === 'delivered') return isDelivered(id, pending, result.message, ports);
  if (result.kind === 'rejected') return isImpossible(action, pending, result, ports);
  const later = putOff(tried, result, moment, isEdit(tried));
  if (!later && result.kind !== 'wait')
    ports.log.warn(
      { action: id, delivery: kind, why: result.why },
      "could not deliver an action's message; giving up",
    );
  await rewriteAction(id, ports, (now) => (later ? withPending(now, key, later) : withoutDelivery(now, key)));
}

const isEdit = ({ kind }: PendingDelivery) => kind === 'update' || kind === 'card';

/**
 * Committed before the attempt, so that after a crash it is searched for and not posted twice. An edit may come twice.
 * Where others deliver, too, it is theirs again once this process can no longer be alive.
 */
function begunNow(pending: PendingDelivery, { runs, clock }: Ports): Partial<PendingDelivery> {
  const now = clock();
  if (runs) return { ...begun(now), notBefore: now + runs.holdMs };
  return isEdit(pending) ? { maybeDelivered: true } : begun(now);
}

async function deliver(delivery: ActionDelivery, ports: Ports): Promise<DeliveryResult> {
  const delivered = ports.notifier.deliver(delivery);
  const expected = delivery.kind === 'card' ? expectItsEnd(delivery.action, ports) : undefined;
  // Neither waits for the other; where one fails, both are tried again.
  await Promise.allSettled([delivered, expected]);
  await expected;
  return delivered;
}

/** The store has logged its own failure. */
function logUnexpected(err: unknown, facts: { action: string; delivery: string }, { log }: Ports): void {
  if (!(err instanceof StoreUnusable))
    log.error({ ...facts, err }, "unexpected error while delivering an action's message; retrying");
}

/** Whether or not the card exists, and whoever stops watching it. */
async function expectItsEnd({ queueArn, result }: Action, { expectEnd }: Ports): Promise<void> {
  const { startedAt } = result;
  if (startedAt !== undefined) await expectEnd?.({ queueArn, startedAt });
}

async function isDelivered(
  id: string,
  { key, kind }: PendingDelivery,
  message: MessagePlace | undefined,
  ports: Ports,
): Promise<void> {
  if (kind === 'request' && message) {
    await changeAction(id, { kind: 'posted', message: placeWithinChannel(message) }, ports);
    return;
  }
  await rewriteAction(id, ports, (action) => {
    // An edit that a newer one has overtaken may have arrived after it, so one more follows; a card's own edits do not wait.
    const isOvertaken = !action.outbox.some((one) => one.key === key || one.kind === kind);
    const isCard = action.result.startedAt !== undefined;
    return kind === 'update' && isOvertaken && !isCard
      ? withDeliveries(action, ['update'], ports.clock())
      : withoutDelivery(action, key);
  });
}

/** A request no one can see becomes void; a deleted one is posted again. Anything else is dropped and logged. */
async function isImpossible(
  action: Action,
  { key, kind }: PendingDelivery,
  { because, why }: Extract<DeliveryResult, { kind: 'rejected' }>,
  ports: Ports,
): Promise<void> {
  const { id, queueArn, place, requester } = action;
  const facts = { action: id, delivery: kind, queue: queueArn, channel: place.channel, requester, why };
  ports.log.warn(facts, `could not deliver an action's message (${because}); giving up`);
  // The requester is still waiting for the answer to the form.
  const isAnswered = ports.pending.isHeld(id);
  if (kind === 'request') await changeAction(id, { kind: 'void', because: 'cannot-post', isAnswered }, ports);
  if (because === 'message-gone' && place.message !== undefined)
    await changeAction(id, { kind: 'message-gone', message: place.message }, ports);
  await rewriteAction(id, ports, (now) =>
    now.outbox.some((one) => one.key === key) ? withoutDelivery(now, key) : undefined,
  );
}
