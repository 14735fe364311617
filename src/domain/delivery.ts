import * as z from 'zod';

/** Why Slack has not taken something that is to be delivered. */
export type NotTaken =
  /** No answer, a server error, a page instead of an answer. */
  | 'trouble'
  /** Too many calls. */
  | 'rate-limited'
  /** Slack refused it, for whatever reason. */
  | 'refused'
  /** Slack refused it because the bot cannot post in the channel. */
  | 'channel-closed';

/** A row of failures of one kind: `trouble` or `refusal`, or what a newer version calls one. `since`: epoch milliseconds. */
const Failing = z.object({ as: z.string(), since: z.number(), times: z.number() });
type Failing = z.infer<typeof Failing>;

/** What Slack takes of a message, where it does not take the whole of it. */
const Form = z.object({
  /** As text alone, without blocks. */
  plain: z.boolean().exactOptional(),
  /** Without metadata: this is its exact text, by which it is found again. */
  bare: z.string().exactOptional(),
  /** In the channel, because not in the thread. */
  inChannel: z.boolean().exactOptional(),
});
export type Form = z.infer<typeof Form>;

/** How far something has come that is to be delivered. Times are epoch milliseconds. */
export const deliveryFields = {
  since: z.number(),
  notBefore: z.number(),
  /** Tries that failed. */
  failures: z.number(),
  failing: Failing.exactOptional(),
  /** Absent: as a whole, in its place. */
  form: Form.exactOptional(),
};
const Delivery = z.object(deliveryFields);
export type Delivery = z.infer<typeof Delivery>;

export type Failure = { because: NotTaken /** As long as Slack asks to wait. */; afterMs?: number };

/** `begunAt`: when the try that failed began. `random`: 0 to 1. */
export type Moment = { now: number; begunAt: number; random: number };

const second = 1000;
const minute = 60 * second;
export const retriedForMs = 24 * 60 * minute;
/** A clock that is set forward, or a standstill of the process, makes nothing old that has hardly been tried. */
const fewestTries = 20;

const troubledWait = { first: second, longest: 15 * second, forMs: 10 * minute, afterwards: minute };
const refusedWait = { first: 5 * second, longest: 5 * minute };
/** When one kind of failure follows another for hours, tries shall not be closer together than this. */
const afterManyTries = { tries: 50, atLeast: 15 * second };
/** Slack has never asked for more. */
const longestObeyed = 60 * minute;

/** When to try again; nothing: it has been tried for a day, and is given up. */
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

/** Counted from the begin of a try, which may take long to fail: tries are what is so far apart. */
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
