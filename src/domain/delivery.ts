import * as z from 'zod';
import type { MessagePlace } from './message-place.ts';

export type NotTaken =
  /** No answer, a server error, or an HTML page. */
  | 'trouble'
  | 'rate-limited'
  /** Slack rejected it for any other reason. */
  | 'refused'
  /** Slack rejected it because the bot can't post in the channel. */
  | 'channel-closed';

/**
 * What became of a post. `message`: its place, to edit it later. `found`: it was already there, with its first text.
 * `wait`: not attempted yet, because of Slack's rate limits.
 */
export type PostResult =
  | { kind: 'delivered'; message: MessagePlace; found?: true }
  | { kind: 'wait'; afterMs: number }
  | RetryLater;
/** The same of any delivery. */
export type DeliveryResult =
  | PostResult
  | { kind: 'delivered'; message?: never; found?: true }
  /**
   * The message to edit was deleted or can never be edited again, or no one can see what would be posted: no other
   * attempt is made.
   */
  | { kind: 'rejected'; because: 'message-gone' | 'cannot-post'; why: string };
/**
 * Not delivered; retry. `afterMs`: how long Slack asks to wait. `maybeDelivered`: it may have been delivered after all
 * (a reset connection, a timeout), so the next attempt searches for it first. `why`: Slack's error code.
 */
export type RetryLater = {
  kind: 'retry-later';
  because: NotTaken;
  afterMs?: number;
  maybeDelivered: boolean;
  why: string;
};

/** Consecutive failures of one kind: `trouble`, `refusal`, or a newer version's kind. `since`: epoch milliseconds. */
const Failing = z.object({ as: z.string(), since: z.number(), times: z.number() });
type Failing = z.infer<typeof Failing>;

/** A reduced variant of a message that Slack may accept if it rejects the full one. */
const Fallback = z.object({
  /** Text only, without blocks. */
  plain: z.boolean().exactOptional(),
  /** Also without the buttons that a plain message may keep. */
  textOnly: z.boolean().exactOptional(),
  /** Without metadata: its exact text, to find it again. */
  bare: z.string().exactOptional(),
  /** In the channel instead of the thread. */
  inChannel: z.boolean().exactOptional(),
});
export type Fallback = z.infer<typeof Fallback>;

/** The state of a pending delivery. Times are epoch milliseconds. */
export const deliveryFields = {
  since: z.number(),
  notBefore: z.number(),
  failures: z.number(),
  failing: Failing.exactOptional(),
  /** Absent: the full message, in its place. */
  fallback: Fallback.exactOptional(),
};
const Delivery = z.object(deliveryFields);
export type Delivery = z.infer<typeof Delivery>;

/** Of a message that is posted once. */
export const postFields = {
  /** An attempt has begun and its result is not known: the message may already be there. */
  maybeDelivered: z.boolean(),
  ...deliveryFields,
};

export function undelivered(now: number) {
  return { maybeDelivered: false, since: now, notBefore: now, failures: 0 };
}

/** Corrects one that was stored while the clock was ahead: it was not decided later than now, and waits no longer. */
export function deliveryWithTimesClamped<D extends Pick<Delivery, 'since' | 'notBefore'>>(
  pending: D,
  now: number,
  latest: number,
): D {
  const { since, notBefore } = pending;
  return { ...pending, since: Math.min(since, now), notBefore: Math.min(notBefore, latest) };
}

/** A post whose connection broke may still reach Slack this much later; searching earlier could miss it. */
const onItsWayMs = 3_000;

/** Committed before a message is posted, so that after a crash the next attempt searches for it first. */
export function begun(at: number) {
  return { maybeDelivered: true, notBefore: at + onItsWayMs };
}

export type Failure = Pick<RetryLater, 'because' | 'afterMs'>;

/** `begunAt`: when the failed attempt began. `random`: 0 to 1. */
export type Moment = { now: number; begunAt: number; random: number };

const second = 1000;
const minute = 60 * second;
export const retriedForMs = 24 * 60 * minute;
/** Attempts before giving up, so that a clock step or a suspension of the process does not expire anything too early. */
const fewestTries = 20;

const troubledWait = { first: second, longest: 15 * second, forMs: 10 * minute, afterwards: minute };
const refusedWait = { first: 5 * second, longest: 5 * minute };
/** The minimum distance of attempts when kinds of failures alternate for hours. */
const afterManyTries = { tries: 50, atLeast: 15 * second };
/** Slack has never asked for a longer wait. */
const longestObeyed = 60 * minute;

/**
 * What changes after an attempt that did not succeed. `tried`: as it was before. `isEdit`: it may come twice. Undefined:
 * give up.
 */
export function putOff(
  tried: Delivery & { maybeDelivered: boolean },
  result: Exclude<PostResult, { kind: 'delivered' }>,
  moment: Moment,
  isEdit = false,
) {
  const { maybeDelivered } = tried;
  if (result.kind === 'wait') return { maybeDelivered, notBefore: moment.now + result.afterMs };
  const next = nextTry(tried, result, moment);
  if (!next || !result.maybeDelivered) return next && { ...next, maybeDelivered };
  const arrivedBy = isEdit ? 0 : moment.begunAt + onItsWayMs;
  return { ...next, maybeDelivered: true, notBefore: Math.max(next.notBefore, arrivedBy) };
}

/** When to retry; undefined: it has been retried for a day, so give up. */
export function nextTry(
  before: Delivery,
  failure: Failure,
  moment: Moment,
): Required<Pick<Delivery, 'notBefore' | 'failures' | 'failing'>> | undefined {
  const failures = before.failures + 1;
  if (moment.now - before.since >= retriedForMs && failures > fewestTries) return undefined;
  const failing = failingStill(before.failing, failure, moment.now);
  return { notBefore: notBefore({ failing, failures }, failure, moment), failures, failing };
}

function failingStill(before: Failing | undefined, { because }: Failure, now: number): Failing {
  const as = because === 'trouble' || because === 'rate-limited' ? 'trouble' : 'refusal';
  return before?.as === as ? { ...before, times: before.times + 1 } : { as, since: now, times: 1 };
}

/** Counted from the beginning of the attempt, because an attempt may take long to fail. */
function notBefore(
  { failing, failures }: { failing: Failing; failures: number },
  { afterMs }: Failure,
  { now, begunAt, random }: Moment,
): number {
  if (afterMs !== undefined) return now + Math.min(Math.max(afterMs, second), longestObeyed);
  const atLeast = failures > afterManyTries.tries ? afterManyTries.atLeast : 0;
  const wait = Math.max(waitFor(failing, now), atLeast);
  return Math.max(now + second, begunAt + wait * (0.8 + random / 5));
}

function waitFor({ as, since, times }: Failing, now: number): number {
  if (as === 'refusal') return doubled(refusedWait, times);
  return now - since < troubledWait.forMs ? doubled(troubledWait, times) : troubledWait.afterwards;
}

function doubled({ first, longest }: { first: number; longest: number }, times: number): number {
  return Math.min(longest, first * 2 ** Math.min(times - 1, 20));
}
