import type { Action } from '../actions/action.ts';
import { stateInBrief } from '../actions/state-in-brief.ts';
import { nameInArn } from '../queue.ts';
import { leftInWords, movedInWords, startInBrief, statusAndSymbol } from '../task-words.ts';
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
} from '../wording.ts';
import { cameBack, type PastRedrive, type StartedBy } from './past-redrive.ts';

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
