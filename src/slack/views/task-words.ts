import { isFinished, type MoveTask, type MoveTaskStatus } from '../../domain/move-task.ts';
import { type Progress, progressOf } from '../../domain/progress.ts';
import {
  countInWords,
  durationInWords,
  messagesInWords,
  percentInWords,
  rateInWords,
  timeInWords,
} from '../../domain/quantities.ts';
import { codeSpan } from '../text.ts';

const symbols: Record<MoveTaskStatus, string> = {
  RUNNING: '🔄',
  COMPLETED: '✅',
  CANCELLING: '⏳',
  CANCELLED: '🚫',
  FAILED: '❌',
  UNKNOWN: '❔',
};

const statusWords: Record<MoveTaskStatus, string> = {
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

export function statusInWords({ status, statusText }: MoveTask): string {
  return status === 'UNKNOWN' && statusText
    ? `${statusWords.UNKNOWN} ${codeSpan(statusText, 40)}`
    : statusWords[status];
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
      return isFinished(task) ? 'There was nothing to move' : 'SQS has counted no messages yet';
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

/** Slack shows it in the reader's own time zone. Its date token takes whole seconds of 1970 to 9999. */
export function slackTime(ms: number, format = '{date_short_pretty} {time}'): string {
  const isShowable = ms >= 0 && ms < 253_402_300_800_000;
  return isShowable
    ? `<!date^${Math.floor(ms / 1000)}^${format}|${timeInWords(ms)}>`
    : timeInWords(Number.NaN);
}

export function destinationInWords({ destinationArn }: MoveTask): string {
  if (destinationArn === undefined) return 'the original source queue(s)';
  const name = destinationArn.split(':').at(-1);
  return codeSpan(name || destinationArn, 100);
}

export function speedInWords({ customRate }: MoveTask): string {
  return customRate === undefined ? 'system optimised' : `custom, at most ${rateInWords(customRate)}`;
}
