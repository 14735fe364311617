import type { Action, PendingDelivery } from '../../domain/actions/action.ts';
import { nextDeliveries } from '../../domain/actions/lifecycle.ts';
import { withDeliveries, withoutDelivery, withPending } from '../../domain/actions/outbox.ts';
import { nextTry, onItsWayMs } from '../../domain/delivery.ts';
import { StoreUnusable } from '../watching/watch-store.ts';
import { changeAction, rewriteAction } from './change-action.ts';
import type { InProgress } from './in-progress.ts';
import type { ActionDelivered, ActionDelivery, ActionPorts } from './ports.ts';

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
    const pending = action && nextOf(action, ports.clock(), tried);
    if (!pending) return;
    tried.add(pending.key);
    await deliverOne(action, pending, ports);
  }
}

function nextOf(action: Action, now: number, tried: ReadonlySet<string>): PendingDelivery | undefined {
  return nextDeliveries(action).find(({ key, notBefore }) => notBefore <= now && !tried.has(key));
}

async function deliverOne(before: Action, pending: PendingDelivery, ports: Ports): Promise<void> {
  const { key, kind, since } = pending;
  const marked = await marking(before.id, key, ports);
  if (!marked) return;
  const begunAt = ports.clock();
  const result = await tried({ kind, key, since, ...marked }, ports);
  if (result.kind === 'delivered') return isDelivered(before.id, pending, result.message, ports);
  if (result.kind === 'rejected') return isImpossible(marked.action, pending, result, ports);
  await isLater(before.id, { pending, begunAt, result }, ports);
}

/** When a post that began then has arrived, if it ever does. An edit may come twice. */
function arrivedBy({ kind, notBefore }: PendingDelivery, begunAt: number): number {
  return kind === 'update' || kind === 'card' ? notBefore : begunAt + onItsWayMs;
}

/**
 * Committed before the attempt, so that after a crash it is searched for and not posted twice. Where others deliver, too,
 * it is theirs again once this process can no longer be alive.
 */
async function marking(
  id: string,
  key: string,
  ports: Ports,
): Promise<{ action: Action; doubt: boolean } | undefined> {
  let doubt = false;
  const marked = await rewriteAction(id, ports, (action) => {
    const pending = action.outbox.find((one) => one.key === key);
    const now = ports.clock();
    if (!pending || pending.notBefore > now) return undefined;
    doubt = pending.maybeDelivered;
    const notBefore = ports.runs ? now + ports.runs.holdMs : arrivedBy(pending, now);
    return withPending(action, { ...pending, maybeDelivered: true, notBefore });
  });
  return marked && { action: marked, doubt };
}

async function tried(delivery: ActionDelivery, ports: Ports): Promise<ActionDelivered> {
  const { notifier, log } = ports;
  try {
    const delivered = notifier.deliver(delivery);
    const expected = delivery.kind === 'card' ? expectItsEnd(delivery.action, ports) : undefined;
    // Neither waits for the other; where one fails, both are tried again.
    await Promise.allSettled([delivered, expected]);
    await expected;
    return await delivered;
  } catch (error) {
    const { action, kind } = delivery;
    // The store has logged its own failure.
    if (!(error instanceof StoreUnusable))
      log.error(
        { action: action.id, delivery: kind, err: error },
        "unexpected error while delivering an action's message; retrying",
      );
    return { kind: 'retry-later', because: 'trouble', maybeDelivered: true, why: 'unexpected' };
  }
}

/** Whether or not the card exists, and whoever stops watching it. */
async function expectItsEnd({ queueArn, result }: Action, { expectEnd }: Ports): Promise<void> {
  const { startedAt } = result;
  if (startedAt !== undefined) await expectEnd?.({ queueArn, startedAt });
}

async function isDelivered(
  id: string,
  { key, kind }: PendingDelivery,
  message: string | undefined,
  ports: Ports,
): Promise<void> {
  if (kind === 'request' && message !== undefined) {
    await changeAction(id, { kind: 'posted', message }, ports);
    return;
  }
  await rewriteAction(id, ports, (action) => delivered(action, { key, kind }, ports.clock()));
}

/** An edit that a newer one has overtaken may have arrived after it, so one more follows; a card's own edits do not wait. */
function delivered(
  action: Action,
  { key, kind }: Pick<PendingDelivery, 'key' | 'kind'>,
  now: number,
): Action {
  const isOvertaken = !action.outbox.some((one) => one.key === key || one.kind === kind);
  const isCard = action.result.startedAt !== undefined;
  return kind === 'update' && isOvertaken && !isCard
    ? withDeliveries(action, ['update'], now)
    : withoutDelivery(action, key);
}

/** A request no one can see becomes void; a deleted one is posted again. Anything else is dropped and logged. */
async function isImpossible(
  action: Action,
  { key, kind }: PendingDelivery,
  { because, why }: Extract<ActionDelivered, { kind: 'rejected' }>,
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

type Failed = {
  pending: PendingDelivery;
  begunAt: number;
  result: Extract<ActionDelivered, { kind: 'retry-later' }>;
};

async function isLater(id: string, { pending, begunAt, result }: Failed, ports: Ports): Promise<void> {
  const { clock, random, log } = ports;
  const moment = { now: clock(), begunAt, random: random() };
  const next = nextTry(pending, result, moment);
  const earliest = result.maybeDelivered ? arrivedBy(pending, begunAt) : 0;
  const facts = { action: id, delivery: pending.kind, why: result.why };
  if (!next) log.warn(facts, "could not deliver an action's message; giving up");
  const maybeDelivered = pending.maybeDelivered || result.maybeDelivered;
  await rewriteAction(id, ports, (action) =>
    next
      ? withPending(action, {
          ...{ ...pending, ...next, maybeDelivered },
          notBefore: Math.max(next.notBefore, earliest),
        })
      : withoutDelivery(action, pending.key),
  );
}
