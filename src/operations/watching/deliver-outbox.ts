import { begun } from '../../domain/delivery.ts';
import {
  dueNotifications,
  isPending,
  type StoredNotification,
  type StoredWatch,
} from '../../domain/watch/outbox.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import {
  type AfterDelivery,
  afterCardUpdate,
  afterNotification,
  changed,
  keptFallback,
} from './after-delivery.ts';
import { type Attempt, attempted, type Delivery, type Notifier } from './notifier.ts';
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
  const [stored] = await ports.store.read([id]);
  const cardUpdate = stored?.outbox.cardUpdate;
  if (!stored || !cardUpdate || cardUpdate.notBefore > now) return;
  const { card } = stored.watch;
  const { state, fallback = {} } = cardUpdate;
  const { result, moment } = await attempted(
    (keep) => ports.notifier.notify({ kind: 'card', card, state, fallback, keep }),
    attempt('card', ports, (changes) =>
      ports.store.update([id], (current) => keptFallback(current, cardUpdate, changes.fallback)),
    ),
  );
  const after = await commit(
    stored,
    (current) => afterCardUpdate(current, cardUpdate, result, moment),
    ports,
  );
  if (after?.line && !after.stored.outbox.cardUpdate) ports.metrics?.counted({ what: 'card update dropped' });
}

/** Whether the next ones may be delivered: notifications of one watch stay in order. */
export async function deliverNotification(id: string, key: string, ports: NotifyPorts): Promise<boolean> {
  const { store, clock, notifier } = ports;
  let before: StoredNotification | undefined;
  const begunAt = clock();
  const [stored] = await store.update([id], (current) => {
    before = current.outbox.notifications.find((one) => one.key === key && isPending(one));
    return before ? changed(current, key, begun(begunAt)) : current;
  });
  if (!stored || !before) return true;
  const tried = before;
  const what = deliveryOf(stored, tried);
  const { result, moment } = await attempted(
    (keep) => notifier.notify({ ...what, keep }),
    attempt(what.kind, ports, (changes) => store.update([id], (current) => changed(current, key, changes))),
  );
  await commit(stored, (current) => afterNotification(current, tried, result, moment), ports);
  return result.kind === 'delivered' || result.kind === 'rejected';
}

function attempt(
  kind: Delivery['kind'],
  { clock, random, log }: NotifyPorts,
  change: Attempt['change'],
): Attempt {
  const onError = (err: unknown) => log.error({ err, kind }, 'unexpected error while delivering; retrying');
  return { change, onError, clock, random };
}

function deliveryOf({ watch }: StoredWatch, tried: StoredNotification) {
  const { queueArn, startedAt, card, watchers } = watch;
  const {
    key,
    notification,
    place,
    maybeDelivered: doubt,
    deliveredVersion,
    fallback = {},
    since,
    direct,
  } = tried;
  const facts = { queueArn, startedAt, card, watchers, key, notification, fallback, since };
  if (direct) return { kind: 'direct' as const, ...facts, user: direct.user, doubt };
  return deliveredVersion > 0 && place
    ? { kind: 'correction' as const, ...facts, message: place }
    : { kind: 'notification' as const, ...facts, doubt };
}

/** Logs only after the commit: the change may be retried. */
async function commit(
  { watch }: StoredWatch,
  how: (stored: StoredWatch) => AfterDelivery,
  { store, log, rules }: NotifyPorts,
): Promise<AfterDelivery | undefined> {
  let after: AfterDelivery | undefined;
  await store.update([watch.id], (current) => {
    after = how(current);
    return after.stored;
  });
  if (!after?.line) return after;
  const [level, facts, message] = after.line;
  const { id, queueArn: queue, card, watchers } = watch;
  const { alias } = rules.queueOf(queue) ?? {};
  const where = { watch: id, queue, ...(alias !== undefined && { alias }), channel: card.channel };
  log[level]({ ...where, ...(level === 'error' && { watchers }), ...facts }, message);
  return after;
}
