import {
  type DeliveryResult,
  type Fallback,
  type Moment,
  nextTry,
  putOff,
  type RetryLater,
} from '../../domain/delivery.ts';
import {
  changeNotification,
  isEndNotification,
  isFinalUpdate,
  isPending,
  keepNotifications,
  overtakenBy,
  type StoredCardUpdate,
  type StoredNotification,
  type StoredWatch,
  withDirects,
} from '../../domain/watch/outbox.ts';

/** `line`: for the log, after the commit. */
export type AfterDelivery = {
  stored: StoredWatch;
  line?: readonly [level: 'warn' | 'error', facts: Record<string, unknown>, message: string];
};

/** The outbox after the delivery result of a notification. Pure, because a commit may be retried. */
export function afterNotification(
  stored: StoredWatch,
  tried: StoredNotification,
  result: DeliveryResult,
  moment: Moment,
): AfterDelivery {
  if (result.kind === 'delivered') return afterDelivered(stored, tried, result, moment.now);
  const later = result.kind === 'rejected' ? undefined : putOff(tried, result, moment);
  if (result.kind === 'wait') return { stored: changed(stored, tried.key, later) };
  if (!later || result.kind === 'rejected') return dropped(stored, tried, result.why);
  const put = changed(stored, tried.key, later);
  const isForWatchers = result.because === 'channel-closed' && tried.deliveredVersion === 0 && !tried.direct;
  const outbox = isForWatchers
    ? withDirects(put.outbox, tried, stored.watch.watchers, moment.now)
    : put.outbox;
  // Rate limits are routine.
  const isNews = (tried.failures === 0 && result.because !== 'rate-limited') || outbox !== put.outbox;
  return {
    stored: { ...put, outbox },
    ...(isNews && {
      line: ['warn', factsOf(tried, result.why), 'could not deliver a notification; retrying'],
    }),
  };
}

function factsOf({ key, direct }: StoredNotification, why: string) {
  return { key, ...(direct && { person: direct.user }), why };
}

function afterDelivered(
  stored: StoredWatch,
  tried: StoredNotification,
  { found, message }: Extract<DeliveryResult, { kind: 'delivered' }>,
  now: number,
): AfterDelivery {
  const { key, version } = tried;
  const result = changeNotification(stored.outbox, key, ({ failing: _, ...one }) => ({
    ...one,
    // Found after a crash, it may be older than the latest text: then it is corrected next.
    deliveredVersion: found && message ? 1 : version,
    maybeDelivered: false,
    notBefore: now,
    failures: 0,
    ...(message && { place: message }),
  }));
  const overtaken = isEndNotification(tried) && !tried.direct ? overtakenBy(result, key) : [];
  const keys = overtaken.map((one) => one.key);
  // Once it is in the channel, no one needs it as a direct message.
  const outbox = keepNotifications(result, (one) => one.direct?.of !== key && !keys.includes(one.key));
  const said = 'dropped older notifications: the final one was delivered first';
  return {
    stored: tidied({ ...stored, outbox }, key),
    ...(keys.length > 0 && { line: ['warn', { keys }, said] }),
  };
}

/**
 * Only the end and what comes back can be corrected later, and only if its place is known. A direct message is
 * remembered as long as it might be sent again.
 */
function tidied(stored: StoredWatch, key: string): StoredWatch {
  const { watch, outbox } = stored;
  const done = outbox.notifications.find((one) => one.key === key);
  const isInPlace = done?.place !== undefined && !done.direct;
  const keep =
    (isInPlace && isCorrectedLater(done.notification) && watch.phase !== 'over') ||
    (isInPlace && isPending(done)) ||
    outbox.notifications.some((one) => one.key === done?.direct?.of && isPending(one));
  return keep ? stored : { ...stored, outbox: keepNotifications(outbox, (one) => one !== done) };
}

function isCorrectedLater({ kind }: StoredNotification['notification']): boolean {
  return kind === 'ended' || kind === 'coming-back';
}

function dropped(stored: StoredWatch, tried: StoredNotification, why: string): AfterDelivery {
  const { key, deliveredVersion } = tried;
  const outbox = keepNotifications(
    stored.outbox,
    (one) => one.key !== key && (one.direct?.of !== key || isPending(one)),
  );
  return {
    stored: { ...stored, outbox },
    line:
      deliveredVersion > 0
        ? [
            'warn',
            factsOf(tried, why),
            'could not correct a notification; giving up and leaving its first text',
          ]
        : ['error', factsOf(tried, why), 'could not deliver a notification; giving up'],
  };
}

export function changed(
  stored: StoredWatch,
  key: string,
  changes: Partial<StoredNotification> | undefined,
): StoredWatch {
  return { ...stored, outbox: changeNotification(stored.outbox, key, (one) => ({ ...one, ...changes })) };
}

/** A progress update that has been waiting this long is useless: the next poll brings a newer one. */
const progressOutlives = 10 * 60_000;

/** The outbox after the delivery result of a card update. Pure, too. */
export function afterCardUpdate(
  stored: StoredWatch,
  tried: StoredCardUpdate,
  result: DeliveryResult,
  moment: Moment,
): AfterDelivery {
  const { cardUpdate } = stored.outbox;
  if (!cardUpdate) return { stored };
  const withCardUpdate = (next: StoredCardUpdate | undefined) => ({
    ...stored,
    outbox: { ...stored.outbox, cardUpdate: next },
  });
  const newer = cardUpdate.version === tried.version ? undefined : cardUpdate;
  switch (result.kind) {
    case 'delivered':
      return { stored: withCardUpdate(newer && withoutFailures(newer)) };
    case 'wait':
      return { stored: withCardUpdate({ ...cardUpdate, notBefore: moment.now + result.afterMs }) };
    case 'retry-later':
      return cardUpdatePutOff(withCardUpdate, tried, result, { cardUpdate, newer, moment });
    case 'rejected':
      return {
        stored: { ...withCardUpdate(undefined), watch: { ...stored.watch, cardGone: true } },
        line: ['warn', { why: result.why }, 'card was deleted; the watch continues without it'],
      };
  }
}

function cardUpdatePutOff(
  withCardUpdate: (next: StoredCardUpdate | undefined) => StoredWatch,
  tried: StoredCardUpdate,
  result: RetryLater,
  now: { cardUpdate: StoredCardUpdate; newer: StoredCardUpdate | undefined; moment: Moment },
): AfterDelivery {
  const { cardUpdate, newer, moment } = now;
  // The redrive ended during this attempt: a final update does not wait as long as one that shows progress.
  if (newer && isFinalUpdate(newer) && !isFinalUpdate(tried)) return { stored: withCardUpdate(newer) };
  const next = nextTry({ ...tried, since: cardUpdate.since }, result, moment);
  const isUseless = !isFinalUpdate(cardUpdate) && moment.now - cardUpdate.since > progressOutlives;
  const facts = { why: result.why };
  if (!next || isUseless)
    return {
      stored: withCardUpdate(undefined),
      line: ['error', facts, 'could not update a card; giving up and leaving it as is'],
    };
  const isNews = tried.failures === 0 && result.because !== 'rate-limited';
  return {
    stored: withCardUpdate({ ...cardUpdate, ...next }),
    ...(isNews && { line: ['warn', facts, 'could not update a card; retrying'] }),
  };
}

/** A newer update is tried in full. */
export function keptFallback(stored: StoredWatch, tried: StoredCardUpdate, fallback: Fallback): StoredWatch {
  const { cardUpdate } = stored.outbox;
  if (cardUpdate?.version !== tried.version) return stored;
  return { ...stored, outbox: { ...stored.outbox, cardUpdate: { ...cardUpdate, fallback } } };
}

function withoutFailures({ failing: _, ...cardUpdate }: StoredCardUpdate): StoredCardUpdate {
  return { ...cardUpdate, failures: 0 };
}
