import { isFinished, type MoveTask, progressOf } from '../../domain/move-task.ts';
import type { QueueReport } from '../../operations/check-queue.ts';
import { isoTime } from './times.ts';

export type State = 'running' | 'ended' | 'failed' | 'none';

/** A status that SQS has not documented counts as running: it is not known to have ended. */
export function stateOf(task: MoveTask | undefined): State {
  if (!task) return 'none';
  if (!isFinished(task)) return 'running';
  return task.status === 'FAILED' ? 'failed' : 'ended';
}

export function statusJson({ queue, seenAt, tasks, depth, source, earlier }: QueueReport) {
  const { alias, name, arn, account, region } = queue;
  return {
    queue: { alias, name, arn, account: account.label, accountId: account.id, region },
    state: stateOf(tasks[0]),
    seenAt: isoTime(seenAt),
    depth: depth.ok ? depth.value : undefined,
    source,
    tasks: tasks.map((task) => taskJson(task, seenAt, earlier)),
  };
}

function taskJson(task: MoveTask, seenAt: number, earlier: QueueReport['earlier']) {
  const { statusText, startedAt, moved, toMove, destinationArn, customRate, failureReason } = task;
  const { share, rate, secondsLeft } = progressOf(task, seenAt, earlier);
  return {
    status: statusText,
    state: stateOf(task),
    startedAt: isoTime(startedAt),
    moved,
    toMove,
    share,
    messagesPerSecond: rate,
    secondsLeft,
    destinationArn,
    customRate,
    failureReason,
  };
}
