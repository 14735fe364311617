import type { MoveTask } from '../move-task.ts';
import { isFinished } from '../move-task-status.ts';
import type { WatchSettings } from '../settings.ts';
import { type InputOf, notify, withChanges } from './decision.ts';
import { type Decision, keyOf, type Notification } from './notification.ts';
import type { ComingBack, CountedPoll, Watch } from './watch.ts';

const minute = 60_000;
/**
 * The depth lags by a minute or more. With `moved` as it was this much earlier, messages that have left and are still
 * counted never look as if they were back.
 */
const countsSettleWithin = 2 * minute;
const agreeAfter = minute;
const tooFewToSay = 5;
const tooSmallShare = 0.01;
/** An edit for every message would only use up Slack's limits. */
const worthAnEdit = 1.05;
/** Polls closer together than this add no information. */
const keptApart = 10_000;
/** For this long, a young watch is polled at least every minute, so that a loop is noticed early. */
const youngFor = 6 * minute;

/**
 * Messages that return to the DLQ while the redrive runs. What is said is a lower bound: nothing before two minutes have
 * passed, without a total, or unless two polls at least a minute apart agree.
 */
export function noteComingBack(decision: Decision, observation: InputOf<'seen'>['observation']): Decision {
  const { at, task, depth } = observation;
  const { moved, toMove } = task;
  if (moved === undefined) return decision;
  const before = decision.watch.comingBack ?? { polls: [] };
  const earlier = before.polls.filter((poll) => poll.at < at);
  const base = before.base ?? (depth === undefined ? undefined : depth + moved);
  const isKnown = base !== undefined && depth !== undefined && toMove;
  const settled = earlier.findLast((poll) => poll.at <= at - countsSettleWithin);
  const more = isKnown && settled ? depth + settled.moved - Math.max(toMove, base) : undefined;
  const poll = { at, moved, ...(more !== undefined && { more }) };
  const polls = [...thinned(earlier, at), poll];
  const comingBack = { ...before, ...(base !== undefined && { base }), polls };
  const noted = withChanges(decision, { comingBack });
  const atLeast = agreedBy(polls, poll);
  return toMove && atLeast !== undefined && isWorthSaying(atLeast, toMove)
    ? say(noted, comingBack, atLeast, task)
    : noted;
}

/** What is still needed: the latest count of two minutes ago, and those since. */
function thinned(polls: readonly CountedPoll[], at: number): readonly CountedPoll[] {
  const settled = polls.findLastIndex((poll) => poll.at <= at - countsSettleWithin);
  const needed = polls.slice(Math.max(settled, 0));
  const beforeLast = needed.at(-2);
  return beforeLast && at - beforeLast.at < keptApart ? needed.slice(0, -1) : needed;
}

/** The least of all polls since one that is at least a minute older. */
function agreedBy(polls: readonly CountedPoll[], { at, more }: CountedPoll): number | undefined {
  if (more === undefined) return undefined;
  const first = polls.findLastIndex((poll) => poll.more !== undefined && poll.at <= at - agreeAfter);
  if (first < 0) return undefined;
  return Math.min(...polls.slice(first).flatMap((poll) => (poll.more === undefined ? [] : [poll.more])));
}

function isWorthSaying(more: number, toMove: number): boolean {
  return more > tooFewToSay && more > toMove * tooSmallShare;
}

/** One message, edited as the number grows, and another one each time it has doubled. */
function say(decision: Decision, comingBack: ComingBack, atLeast: number, task: MoveTask): Decision {
  const { said } = comingBack;
  const notification: Notification = { kind: 'coming-back', atLeast, task };
  if (!said || atLeast >= said.posted * 2) {
    const times = (said?.times ?? 0) + 1;
    const now = { times, posted: atLeast, atLeast };
    return nowSaid(notify(decision, notification, times), { ...comingBack, said: now });
  }
  if (atLeast < said.atLeast * worthAnEdit) return decision;
  return nowSaid(corrected(decision, notification, said.times), {
    ...comingBack,
    said: { ...said, atLeast },
  });
}

/** The card is updated, too, so that its depth does not contradict what is said. */
function nowSaid(decision: Decision, comingBack: ComingBack): Decision {
  return withChanges(decision, { comingBack, shown: { ...decision.watch.shown, what: '' } });
}

function corrected(decision: Decision, notification: Notification, times: number): Decision {
  const key = keyOf(decision.watch, 'coming-back', times);
  return { ...decision, send: [...decision.send, { kind: 'correction', key, notification }] };
}

/** The redrive has ended: what the last message says is past, and there is nothing to cancel. */
export function comingBackEnded(decision: Decision, task: MoveTask): Decision {
  const said = decision.watch.comingBack?.said;
  if (!said || !isFinished(task)) return decision;
  return corrected(decision, { kind: 'coming-back', atLeast: said.atLeast, task }, said.times);
}

/** How soon the next poll is wanted: until something is said, while the watch is young or one poll waits for another. */
export function delayForComingBack({ comingBack, createdAt, seen }: Watch, settings: WatchSettings): number {
  if (!seen?.task.toMove || comingBack?.said) return Number.POSITIVE_INFINITY;
  const more = comingBack?.polls.at(-1)?.more ?? 0;
  const isWanted = seen.at - createdAt < youngFor || isWorthSaying(more, seen.task.toMove);
  return isWanted ? Math.max(minute, settings.minPollSeconds * 1000) : Number.POSITIVE_INFINITY;
}
