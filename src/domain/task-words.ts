import type { Outcome } from './aws-error.ts';
import type { Depth } from './depth.ts';
import { awsErrorInBrief } from './explain-aws-error.ts';
import { isFinished, type MoveTask, type MoveTaskStatus } from './move-task.ts';
import { type Phrase, phrase, timeOf, words } from './phrase.ts';
import { type Progress, progressOf } from './progress.ts';
import { countInWords, durationInWords, messagesInWords, percentInWords, rateInWords } from './quantities.ts';

const symbols: Record<MoveTaskStatus, string> = {
  RUNNING: '🔄',
  COMPLETED: '✅',
  CANCELLING: '⏳',
  CANCELLED: '🚫',
  FAILED: '❌',
  UNKNOWN: '❔',
};

const names: Record<MoveTaskStatus, string> = {
  RUNNING: 'Running',
  COMPLETED: 'Completed',
  CANCELLING: 'Cancelling',
  CANCELLED: 'Cancelled',
  FAILED: 'Failed',
  UNKNOWN: 'Unknown status',
};

export function statusSymbol({ status }: MoveTask): string {
  return symbols[status];
}

/** More of an unknown status would push all else out of sight. */
const statusAtMost = 40;

/** Our own word for the status. For an unknown one SQS's own word says more, and is untrusted. */
export function statusInWords({ status, statusText }: MoveTask): Phrase {
  const name = words(names[status]);
  return status === 'UNKNOWN' && statusText !== '' ? phrase`${name} ${shortened(statusText)}` : name;
}

function shortened(text: string): string {
  const points = [...text];
  return points.length <= statusAtMost ? text : `${points.slice(0, statusAtMost - 1).join('')}…`;
}

/** What an answer without any task means. */
export const noRedrive = { headline: 'No redrive', meaning: 'SQS lists no move task for this queue.' };

export const approximateCounts = "SQS's counts are approximate and some seconds late";

/** Where messages go when the redrive names no destination. */
export const originalSources = 'the original source queue(s)';

/** When it began, and for how long it has run. */
export function startInWords(task: MoveTask, seenAt: number): Phrase {
  if (task.startedAt === undefined) return words('SQS does not tell');
  const since = seenAt - task.startedAt;
  const runningFor = isFinished(task) || since < 0 ? '' : `, running for ${durationInWords(since)}`;
  return phrase`${timeOf(task.startedAt)}${words(runningFor)}`;
}

/** The same where there is little room. */
export function startInBrief({ startedAt }: MoveTask): Phrase {
  return startedAt === undefined ? words('start unknown') : phrase`started ${timeOf(startedAt)}`;
}

/** What was moved, in words that are true whatever SQS left out. */
export function movedInWords(task: MoveTask, progress: Progress = progressOf(task, 0)): string {
  const { moved = 0, toMove = 0 } = progress;
  switch (progress.oddity) {
    case 'no-counts-yet':
      return isFinished(task) ? 'SQS tells no counts' : 'SQS has not counted yet';
    case 'total-unknown':
      return `${messagesInWords(moved)} moved; SQS tells no total`;
    case 'moved-more-than-counted':
      return `${messagesInWords(moved)} moved; SQS counted ${countInWords(toMove)} at the start`;
    case 'nothing-to-move':
      return isFinished(task) ? 'SQS counted no messages to move' : 'SQS has counted no messages yet';
    default:
      return `${countInWords(moved)} of ${messagesInWords(toMove)} moved`;
  }
}

export function paceInWords({ rate, secondsLeft }: Progress): string[] {
  return [
    ...(rate ? [rateInWords(rate)] : []),
    ...(secondsLeft === undefined ? [] : [`about ${durationInWords(secondsLeft * 1000)} left`]),
  ];
}

export function percentOf({ share }: Progress): string[] {
  return share === undefined ? [] : [percentInWords(share)];
}

/** Fits beside a phone's margins. */
const barLength = 15;

export function barOf(share: number): string {
  const full = share >= 1 ? barLength : Math.min(barLength - 1, Math.ceil(share * barLength));
  return '▰'.repeat(full) + '▱'.repeat(barLength - full);
}

export function speedInWords({ customRate }: MoveTask): string {
  return customRate === undefined ? 'system optimised' : `custom, at most ${rateInWords(customRate)}`;
}

/** How many messages the DLQ holds, or why that is not known. */
export function depthInWords(depth: Outcome<Depth>): Phrase {
  return depth.ok ? words(countsInWords(depth.value)) : phrase`not known: ${awsErrorInBrief(depth.awsError)}`;
}

/** SQS calls all three counts approximate. */
function countsInWords(depth: Depth): string {
  const { waiting, inFlight, delayed } = depth;
  if (waiting + inFlight + delayed === 0) return 'no messages';
  return [
    waiting > 0 ? `about ${countInWords(waiting)} waiting` : 'none waiting',
    ...(inFlight > 0 ? [`${countInWords(inFlight)} in flight`] : []),
    ...(delayed > 0 ? [`${countInWords(delayed)} delayed`] : []),
  ].join(', ');
}

/** Of the DLQ, once a redrive is over; nothing when it is not known. */
export function leftInWords(depth: number | undefined): string[] {
  if (depth === undefined) return [];
  return [
    depth === 0
      ? "nothing left in the DLQ, by SQS's count"
      : `about ${messagesInWords(depth)} left in the DLQ`,
  ];
}
