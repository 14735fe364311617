import * as z from 'zod';
import type { Action } from './actions/action.ts';
import { stateInBrief } from './actions/lifecycle.ts';
import { CardPlace, nowhere } from './message-place.ts';
import { MoveTask } from './move-task.ts';
import { isFinished } from './move-task-status.ts';
import { nameInArn } from './queue.ts';
import { leftInWords, movedInWords, startInBrief, statusAndSymbol } from './task-words.ts';
import type { Watch } from './watch/watch.ts';
import {
  cut,
  durationInWords,
  messagesInWords,
  type Phrase,
  personOf,
  phrase,
  rateInWords,
  timeOf,
  visible,
  words,
} from './wording.ts';

export const StartedBy = z.object({
  requester: z.string(),
  /** Who approved it, or submitted it without approvers. */
  decider: z.string().exactOptional(),
  reason: z.string(),
});
export type StartedBy = z.infer<typeof StartedBy>;

/** A redrive that the bot saw end. Its identity is the queue's ARN and the start. Times are epoch milliseconds. */
export const PastRedrive = z.object({
  queueArn: z.string(),
  startedAt: z.number(),
  /** As last seen, and when that was. */
  task: MoveTask,
  seenAt: z.number(),
  /** The first poll that saw it ended. */
  endedBy: z.number(),
  /** Messages left in the DLQ, and the most that were counted there in the minutes after. */
  left: z.number().exactOptional(),
  highest: z.number().exactOptional(),
  startedHere: StartedBy.exactOptional(),
  /** Who started it elsewhere, as CloudTrail says. Untrusted. */
  startedElsewhere: z.string().exactOptional(),
  card: CardPlace.exactOptional(),
});
export type PastRedrive = z.infer<typeof PastRedrive>;

export type SeenRedrive = Pick<Watch, 'queueArn' | 'startedAt' | 'seen' | 'end' | 'card' | 'followed'>;

/** What a watch knows of a redrive that has ended. Undefined: the bot has not seen it end. */
export function pastRedriveOf(watch: SeenRedrive, startedHere?: StartedBy): PastRedrive | undefined {
  const { queueArn, startedAt, seen, end, card, followed } = watch;
  if (!seen || !isFinished(seen.task)) return undefined;
  return {
    queueArn,
    startedAt,
    task: seen.task,
    seenAt: seen.at,
    endedBy: end?.seenAt ?? seen.at,
    ...(end?.depth !== undefined && { left: end.depth }),
    ...(end?.highestDepthSaid !== undefined && { highest: end.highestDepthSaid }),
    ...(startedHere && { startedHere: StartedBy.parse(startedHere) }),
    ...(followed?.startedBy !== undefined && { startedElsewhere: followed.startedBy }),
    ...(card.channel !== nowhere.channel && { card }),
  };
}

/** Combines what two watches know of one redrive, or one watch at two times. Nothing known is lost. */
export function joinedRedrives(before: PastRedrive, next: PastRedrive): PastRedrive {
  const [older, newer] = next.seenAt < before.seenAt ? [next, before] : [before, next];
  return {
    ...older,
    ...newer,
    endedBy: Math.min(before.endedBy, next.endedBy),
    ...bound('left', Math.min, before, next),
    ...bound('highest', Math.max, before, next),
    ...(before.card && { card: before.card }),
  };
}

function bound(
  name: 'left' | 'highest',
  of: (...counts: number[]) => number,
  ...both: readonly PastRedrive[]
): Partial<Pick<PastRedrive, 'left' | 'highest'>> {
  const counts = both.flatMap((one) => one[name] ?? []);
  return counts.length === 0 ? {} : { [name]: of(...counts) };
}

/** How many more messages were in the DLQ some minutes after the end. */
export function cameBack({ left, highest }: PastRedrive): number {
  return left === undefined || highest === undefined ? 0 : Math.max(0, highest - left);
}

/** A reason has at most this many characters. */
const longestReason = 300;

export const nothingRemembered: Phrase = words(
  "Nothing is remembered of this queue yet. Redrives are recorded when the bot sees them end: those that it watches, that its channel follows, or that were started with it. What SQS still lists is older or wasn't watched.",
);

export function pastRedriveInWords(
  redrive: PastRedrive,
  { start, reasonAtMost = longestReason }: { start?: StartedBy; reasonAtMost?: number } = {},
): Phrase {
  const { task, startedAt, endedBy, startedElsewhere, left } = redrive;
  const startedHere = redrive.startedHere ?? start;
  const back = cameBack(redrive);
  return joined([
    statusAndSymbol(task),
    startInBrief({ ...task, startedAt }),
    words(`ended within ${durationInWords(endedBy - startedAt)}`),
    words(movedInWords(task)),
    ...(task.customRate === undefined ? [] : [words(`at most ${rateInWords(task.customRate)}`)]),
    ...(task.destinationArn === undefined ? [] : [phrase`to ${queueIn(task.destinationArn)}`]),
    ...(task.status === 'FAILED' ? [phrase`${cut(task.failureReason ?? 'no reason given', 80)}`] : []),
    ...leftInWords(left).map(words),
    ...(back > 0 ? [words(`↩️ ${messagesInWords(back)} came back or newly failed`)] : []),
    ...(startedHere ? [whoAndWhy(startedHere, reasonAtMost)] : []),
    ...(!startedHere && startedElsewhere !== undefined
      ? [phrase`started by ${cut(startedElsewhere, 100)}`]
      : []),
  ]);
}

function whoAndWhy({ requester, decider, reason }: StartedBy, atMost: number): Phrase {
  const who =
    decider === undefined || decider === requester
      ? phrase`started by ${personOf(requester)}`
      : phrase`requested by ${personOf(requester)}, approved by ${personOf(decider)}`;
  return reasoned(who, reason, atMost);
}

function reasoned(who: Phrase, reason: string, atMost: number): Phrase {
  return reason === '' ? who : phrase`${who}: ${cut(visible(reason), atMost)}`;
}

export function actionInHistory(action: Action, reasonAtMost = longestReason): Phrase {
  const { kind, state, requester, decider, requestedAt, rate, destinationArn, reason, result } = action;
  const other = decider === undefined || decider === requester ? undefined : decider;
  const decided = state === 'declined' ? 'by' : 'approved by';
  return joined([
    phrase`${words(kind === 'start' ? '▶️' : '⏹️')} ${words(kind === 'start' ? 'Start' : 'Cancel')}: ${words(stateInBrief[state])}${
      other === undefined ? [] : phrase` (${words(decided)} ${personOf(other)})`
    }`,
    phrase`${timeOf(requestedAt, 'requested ')}`,
    ...(rate === undefined ? [] : [words(rateInWords(rate))]),
    ...(destinationArn === undefined ? [] : [phrase`to ${queueIn(destinationArn)}`]),
    ...(result.code === undefined ? [] : [phrase`${cut(result.code, 80)}`]),
    reasoned(phrase`by ${personOf(requester)}`, reason, reasonAtMost),
  ]);
}

function queueIn(arn: string): string {
  return cut(nameInArn(arn), 80);
}

function joined(parts: readonly Phrase[]): Phrase {
  return parts.flatMap((part, i) => (i === 0 ? part : [' · ', ...part]));
}
