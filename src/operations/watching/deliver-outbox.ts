import { type Moment, onItsWayMs } from '../../domain/delivery.ts';
import {
  changeNotification,
  dueNotifications,
  isPending,
  type StoredCardUpdate,
  type StoredNotification,
  type StoredWatch,
} from '../../domain/watch/outbox.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { type AfterDelivery, afterCardUpdate, afterNotification } from './after-delivery.ts';
import { logDelivery } from './log-delivery.ts';
import type { Delivery, DeliveryResult, Notifier } from './notifier.ts';
import type { WatchStore } from './watch-store.ts';

export type NotifyPorts = {
  store: WatchStore;
  notifier: Notifier;
  clock: () => number;
  random: () => number;
  log: Log;
  metrics?: Metrics;
  /** The queue in the settings, for the log. */
  rules: { queueOf: (arn: string) => { alias: string } | undefined };
};

/** Slack may reject the blocks, the metadata and the thread, one after the other. */
const mostFallbacks = 4;

/**
 * Delivers a watch's notifications that are due at `now`. Each is marked as maybe delivered before it is posted, so that
 * after a crash the next attempt searches for it first. Call it once at a time per watch; card updates may run meanwhile.
 */
export async function deliverNotifications(id: string, now: number, ports: NotifyPorts): Promise<void> {
  const [stored] = await ports.store.read([id]);
  const due = stored ? dueNotifications(stored.outbox, now) : [];
  for (const { key } of due) if (!(await deliverNotification(id, key, ports))) break;
}

/** Updates the card if that is due at `now`. Call it once at a time per watch, too. */
export async function deliverCardUpdate(id: string, now: number, ports: NotifyPorts): Promise<void> {
  for (let fallbacks = 0; fallbacks < mostFallbacks; fallbacks += 1) {
    const [stored] = await ports.store.read([id]);
    const cardUpdate = stored?.outbox.cardUpdate;
    if (!stored || !cardUpdate || cardUpdate.notBefore > (fallbacks === 0 ? now : ports.clock())) return;
    const result = await deliverUpdate(stored, cardUpdate, ports);
    if (result.kind !== 'fallback') return;
  }
}

/** Whether the next ones may be delivered: notifications of one watch stay in order. */
export async function deliverNotification(id: string, key: string, ports: NotifyPorts): Promise<boolean> {
  for (let fallbacks = 0; fallbacks < mostFallbacks; fallbacks += 1) {
    const result = await tryNotification(id, key, ports);
    if (result === undefined || result.kind === 'delivered' || result.kind === 'rejected') return true;
    if (result.kind !== 'fallback') return false;
  }
  return false;
}

async function tryNotification(
  id: string,
  key: string,
  ports: NotifyPorts,
): Promise<DeliveryResult | undefined> {
  const { store, clock } = ports;
  const begunAt = clock();
  let before: StoredNotification | undefined;
  const [stored] = await store.update([id], (current) => {
    before = current.outbox.notifications.find((one) => one.key === key && isPending(one));
    if (!before) return current;
    const begun = { maybeDelivered: true, notBefore: begunAt + onItsWayMs };
    return { ...current, outbox: changeNotification(current.outbox, key, (one) => ({ ...one, ...begun })) };
  });
  if (!stored || !before) return undefined;
  const tried = before;
  const result = await notifySafely(deliveryOf(stored, tried), ports);
  const moment = momentOf(begunAt, ports);
  await commit(stored, (current) => afterNotification(current, tried, result, moment), ports);
  return result;
}

function deliveryOf({ watch }: StoredWatch, stored: StoredNotification): Delivery {
  const { queueArn, startedAt, card, cardGone, watchers } = watch;
  const { key, notification, place, maybeDelivered, delivered, fallback = {}, since, direct } = stored;
  const facts = { queueArn, startedAt, card, cardGone, watchers, key, notification, fallback, since };
  if (direct) return { kind: 'direct', ...facts, user: direct.user, doubt: maybeDelivered };
  return delivered > 0 && place
    ? { kind: 'correction', ...facts, message: place }
    : { kind: 'notification', ...facts, doubt: maybeDelivered };
}

async function deliverUpdate(
  stored: StoredWatch,
  cardUpdate: StoredCardUpdate,
  ports: NotifyPorts,
): Promise<DeliveryResult> {
  const begunAt = ports.clock();
  const { card } = stored.watch;
  const result = await notifySafely(
    { kind: 'card', card, state: cardUpdate.state, fallback: cardUpdate.fallback ?? {} },
    ports,
  );
  const moment = momentOf(begunAt, ports);
  await commit(stored, (current) => afterCardUpdate(current, cardUpdate, result, moment), ports);
  return result;
}

function momentOf(begunAt: number, { clock, random }: NotifyPorts): Moment {
  return { now: clock(), begunAt, random: random() };
}

/** Logs only after the commit: the change may be retried. */
async function commit(
  { watch }: StoredWatch,
  how: (stored: StoredWatch) => AfterDelivery,
  ports: NotifyPorts,
): Promise<void> {
  let after: AfterDelivery | undefined;
  await ports.store.update([watch.id], (current) => {
    after = how(current);
    return after.stored;
  });
  if (after?.happened) logDelivery(after.happened, watch, ports);
}

async function notifySafely(what: Delivery, { notifier, log }: NotifyPorts): Promise<DeliveryResult> {
  try {
    return await notifier.notify(what);
  } catch (error) {
    log.error({ err: error, kind: what.kind }, 'unexpected error while delivering; retrying');
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'retry-later', because: 'trouble', maybeDelivered: true, why };
  }
}
