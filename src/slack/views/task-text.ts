import type { MoveTask } from '../../domain/move-task.ts';
import { timeInWords } from '../../domain/quantities.ts';
import { statusName } from '../../domain/task-words.ts';
import { codeSpan } from '../text.ts';

export {
  barOf,
  movedInWords,
  paceInWords,
  percentOf,
  speedInWords,
  statusSymbol,
} from '../../domain/task-words.ts';

export function statusMrkdwn(task: MoveTask): string {
  const { status, statusText } = task;
  return status === 'UNKNOWN' && statusText
    ? `${statusName(task)} ${codeSpan(statusText, 40)}`
    : statusName(task);
}

/** Slack shows it in the reader's own time zone. Its date token takes whole seconds of 1970 to 9999. */
export function slackTime(ms: number, format = '{date_short_pretty} {time}'): string {
  const isShowable = ms >= 0 && ms < 253_402_300_800_000;
  return isShowable
    ? `<!date^${Math.floor(ms / 1000)}^${format}|${timeInWords(ms)}>`
    : timeInWords(Number.NaN);
}

export function destinationInWords(task: MoveTask): string {
  const name = destinationOf(task);
  return name === undefined ? 'the original source queue(s)' : codeSpan(name, 100);
}

/** The name of the queue the messages go to, as it is; nothing when none was named. */
export function destinationOf({ destinationArn }: MoveTask): string | undefined {
  return destinationArn?.split(':').at(-1) || destinationArn;
}
