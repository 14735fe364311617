import type { Outcome } from '../aws-error.ts';
import { allMessages, type Depth, isFinished, type MoveTask } from '../move-task.ts';
import type { Action } from './action.ts';

/** ✓, ✗ and –. Any ✗ prevents a start; – could not be checked. */
type Mark = 'ok' | 'no' | 'unknown';

type CheckName = 'no-open-action' | 'nothing-active' | 'messages-wait' | 'is-a-dlq' | 'source-is-known';
export type Check = { name: CheckName; mark: Mark; words: string };

export type Found = {
  tasks: Outcome<readonly MoveTask[]>;
  depth: Outcome<Depth>;
  /** Names or ARNs of the queues that use it as their dead-letter queue. */
  sources: Outcome<readonly string[]>;
  open?: Action;
  /** Absent: back to the original source queues. */
  destinationArn?: string;
};

export function checksOf(found: Found): Check[] {
  return [openCheck(found), activeCheck(found), depthCheck(found), dlqCheck(found), ...sourceCheck(found)];
}

function openCheck({ open }: Found): Check {
  const words = open ? 'Another action is open' : 'No other action is open';
  return { name: 'no-open-action', mark: open ? 'no' : 'ok', words };
}

/** Without the list of tasks nothing is started. A CANCELLING task blocks a start, too. */
function activeCheck({ tasks }: Found): Check {
  const name = 'nothing-active';
  if (!tasks.ok) return { name, mark: 'no', words: "Couldn't check whether a redrive is active" };
  const active = tasks.value.find((task) => !isFinished(task));
  if (!active) return { name, mark: 'ok', words: 'No redrive is active' };
  const words = active.status === 'CANCELLING' ? 'A redrive is still being canceled' : 'A redrive is active';
  return { name, mark: 'no', words };
}

function depthCheck({ depth }: Found): Check {
  const name = 'messages-wait';
  if (!depth.ok) return { name, mark: 'unknown', words: "Couldn't count the messages in the queue" };
  if (depth.value.waiting > 0) return { name, mark: 'ok', words: 'Messages are waiting' };
  if (allMessages(depth.value) === 0) return { name, mark: 'no', words: 'The queue is empty' };
  return { name, mark: 'unknown', words: 'Messages are in flight or delayed; none are waiting' };
}

function dlqCheck({ sources }: Found): Check {
  const name = 'is-a-dlq';
  if (!sources.ok) return { name, mark: 'unknown', words: "Couldn't list the source queues" };
  if (sources.value.length === 0)
    return { name, mark: 'no', words: 'No queue uses this one as its dead-letter queue' };
  return { name, mark: 'ok', words: 'It is a dead-letter queue' };
}

/** Only if the last redrive failed because SQS did not know where its messages came from. */
function sourceCheck({ tasks, destinationArn }: Found): Check[] {
  if (!tasks.ok || !needsDestination(tasks.value)) return [];
  const name = 'source-is-known';
  return destinationArn === undefined
    ? [{ name, mark: 'no', words: "SQS doesn't know where the messages came from. Choose a destination" }]
    : [{ name, mark: 'ok', words: 'A destination is chosen' }];
}

/** The newest redrive failed for this reason, and the next one to the original queues would, too. */
function needsDestination([newest]: readonly MoveTask[]): boolean {
  return newest?.status === 'FAILED' && /CouldNotDetermineMessageSource/i.test(newest.failureReason ?? '');
}

/** StartedTimestamp of the newest task; 0 if there is none. */
export function newestKnownOf(tasks: readonly MoveTask[]): number {
  return Math.max(0, ...tasks.map(({ startedAt }) => startedAt ?? 0));
}
