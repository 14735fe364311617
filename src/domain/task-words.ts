import type { Outcome } from './aws-error.ts';
import { awsErrorInBrief } from './explain-aws-error.ts';
import type { Depth, MoveTask } from './move-task.ts';
import { isFinished, type MoveTaskStatus } from './move-task-status.ts';
import { type Progress, progressOf } from './progress.ts';
import {
  countInWords,
  cut,
  durationInWords,
  type Explanation,
  estimateInWords,
  messagesInWords,
  type Phrase,
  percentInWords,
  phrase,
  rateInWords,
  strong,
  timeOf,
  words,
} from './wording.ts';

const statuses: Record<MoveTaskStatus, { symbol: string; name: string }> = {
  RUNNING: { symbol: '🔄', name: 'Running' },
  COMPLETED: { symbol: '✅', name: 'Completed' },
  CANCELLING: { symbol: '⏳', name: 'Canceling' },
  CANCELLED: { symbol: '🚫', name: 'Canceled' },
  FAILED: { symbol: '❌', name: 'Failed' },
  UNKNOWN: { symbol: '❔', name: 'Unknown status' },
};

export function statusSymbol({ status }: MoveTask): string {
  return statuses[status].symbol;
}

/** A longer unknown status would push everything else out of sight. */
const statusAtMost = 40;

/** Our word for the status. For an unknown one, show SQS's word, too; it is untrusted. */
export function statusInWords({ status, statusText }: MoveTask): Phrase {
  const name = words(statuses[status].name);
  return status === 'UNKNOWN' && statusText !== '' ? phrase`${name} ${cut(statusText, statusAtMost)}` : name;
}

/** `✅ Completed` */
export function statusAndSymbol(task: MoveTask): Phrase {
  return phrase`${words(statusSymbol(task))} ${statusInWords(task)}`;
}

export const noRedrive = { headline: 'No redrive', meaning: 'SQS lists no redrives for this queue.' };

export const approximateCounts = "SQS's counts are approximate and a few seconds behind";

export const originalSources = 'the original source queues';

/** The queue to which the task's messages go. */
export function sourceLabel({ destinationArn }: MoveTask): string {
  return destinationArn === undefined ? 'Source queue' : 'Destination queue';
}

export function startInWords(task: MoveTask, seenAt: number): Phrase {
  if (task.startedAt === undefined) return words('not reported by SQS');
  const since = seenAt - task.startedAt;
  const runningFor = isFinished(task) || since < 0 ? '' : `, running for ${durationInWords(since)}`;
  return phrase`${timeOf(task.startedAt)}${words(runningFor)}`;
}

export function startInBrief({ startedAt }: MoveTask): Phrase {
  return startedAt === undefined ? words('start time unknown') : timeOf(startedAt, 'started ');
}

/** What was moved. It claims no more than SQS said. */
export function movedInWords(task: MoveTask, progress: Progress = progressOf(task, 0)): string {
  const { moved = 0, toMove = 0 } = progress;
  switch (progress.oddity) {
    case 'no-counts-yet':
      return isFinished(task) ? 'SQS reports no counts' : "SQS hasn't counted the messages yet";
    case 'total-unknown':
      return `${messagesInWords(moved)} moved; SQS reports no total`;
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
    ...(secondsLeft === undefined ? [] : [`${estimateInWords(secondsLeft * 1000)} left`]),
  ];
}

export function percentOf({ share }: Progress): string[] {
  return share === undefined ? [] : [percentInWords(share)];
}

/** Fits on one line of a phone. */
const barLength = 15;

export function barOf(share: number): string {
  const full = share >= 1 ? barLength : Math.min(barLength - 1, Math.ceil(share * barLength));
  return '▰'.repeat(full) + '▱'.repeat(barLength - full);
}

/** The bar with its percentage; empty if there is no honest share. */
export function barAndPercent({ share }: Progress): string[] {
  return share === undefined ? [] : [`${barOf(share)} ${percentInWords(share)}`];
}

export function speedInWords({ customRate }: MoveTask): string {
  return customRate === undefined ? 'system optimized' : `custom, at most ${rateInWords(customRate)}`;
}

/** How many messages the DLQ holds, or why that is not known. */
export function depthInWords(depth: Outcome<Depth>): Phrase {
  return depth.ok ? words(countsInWords(depth.value)) : phrase`unknown: ${awsErrorInBrief(depth.awsError)}`;
}

/** SQS calls all three counts approximate. */
export function countsInWords(depth: Depth): string {
  const { waiting, inFlight, delayed } = depth;
  if (waiting + inFlight + delayed === 0) return 'no messages';
  return [
    waiting > 0 ? `about ${countInWords(waiting)} waiting` : 'none waiting',
    ...(inFlight > 0 ? [`${countInWords(inFlight)} in flight`] : []),
    ...(delayed > 0 ? [`${countInWords(delayed)} delayed`] : []),
  ].join(', ');
}

/** What is left in the DLQ after a redrive. Empty when that is not known. */
export function leftInWords(depth: number | undefined): string[] {
  if (depth === undefined) return [];
  return [
    depth === 0
      ? 'nothing left in the DLQ, according to SQS'
      : `about ${messagesInWords(depth)} left in the DLQ`,
  ];
}

/** Source: "Troubleshoot dead-letter queue redrive issues" and "StartMessageMoveTask" in the SQS guide. */
const failures: (Explanation & { matches: RegExp })[] = [
  {
    matches: /CouldNotDetermineMessageSource/i,
    meaning: phrase`SQS doesn't know which queue some messages came from. This happens when they were sent to the DLQ directly, or by SNS or Lambda.`,
    remedy: phrase`Start the redrive again with a custom destination queue.`,
  },
  {
    matches: /NonExistentQueue|QueueDoesNotExist/i,
    meaning: phrase`The destination queue no longer exists.`,
    remedy: phrase`Create it again, or start the redrive with a custom destination queue.`,
  },
  {
    matches: /kms/i,
    meaning: phrase`A queue's encryption key couldn't be used.`,
    remedy: phrase`Whoever starts the redrive needs ${'kms:Decrypt'} on the DLQ's key, and ${'kms:GenerateDataKey'} and ${'kms:Decrypt'} on the destination's. Check that the keys are enabled.`,
  },
  {
    matches: /AccessDenied|NotAuthorized|Forbidden/i,
    meaning: phrase`Whoever started the redrive wasn't allowed to move the messages.`,
    remedy: phrase`They need ${'sqs:ReceiveMessage'}, ${'sqs:DeleteMessage'}, and ${'sqs:GetQueueAttributes'} on the DLQ, and ${'sqs:SendMessage'} on the destination. Check the queue policies, too.`,
  },
  {
    matches: /OverLimit|InflightLimit/i,
    meaning: phrase`Too many messages in the DLQ are in flight.`,
    remedy: phrase`Stop other consumers of the DLQ, wait for its visibility timeout, and start the redrive again.`,
  },
  {
    matches: /Throttl|TooManyRequests/i,
    meaning: phrase`SQS was throttled while it moved the messages.`,
    remedy: phrase`Start the redrive again at a lower rate.`,
  },
  {
    matches: /InvalidMessageContents|MessageTooLong|size/i,
    meaning: phrase`The destination rejected a message.`,
    remedy: phrase`Check the destination's maximum message size, then start the redrive again.`,
  },
];

const unknown: Explanation = {
  meaning: phrase`SQS gives no further explanation.`,
  remedy: phrase`Check that the destination exists and accepts messages of this type, and that whoever started the redrive is allowed to send to it. Then start it again.`,
};

export function explainFailure(reason: string | undefined): Explanation {
  if (!reason) {
    return { meaning: phrase`SQS gave no reason.`, remedy: unknown.remedy };
  }
  return failures.find(({ matches }) => matches.test(reason)) ?? unknown;
}

export function failureInWords(failureReason: string | undefined): Phrase[] {
  const { meaning, remedy } = explainFailure(failureReason);
  return [
    phrase`${strong('Reason:')} ${failureReason ?? 'none given'}`,
    meaning,
    phrase`${strong('What to do:')} ${remedy}`,
  ];
}
