import type { MoveTask } from '../../domain/move-task.ts';
import { originalSources, statusInWords } from '../../domain/task-words.ts';
import { codeSpan, mrkdwn } from '../text.ts';

export {
  barOf,
  movedInWords,
  paceInWords,
  percentOf,
  speedInWords,
  statusSymbol,
} from '../../domain/task-words.ts';

export function statusMrkdwn(task: MoveTask): string {
  return mrkdwn(statusInWords(task));
}

export function destinationInWords(task: MoveTask): string {
  const name = destinationOf(task);
  return name === undefined ? originalSources : codeSpan(name, 100);
}

/** The name of the queue the messages go to, as it is; nothing when none was named. */
export function destinationOf({ destinationArn }: MoveTask): string | undefined {
  return destinationArn?.split(':').at(-1) || destinationArn;
}
