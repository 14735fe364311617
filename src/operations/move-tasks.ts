import type { Outcome } from '../domain/aws-error.ts';
import type { Depth, MoveTask, SourceDepth } from '../domain/move-task.ts';
import type { Queue } from '../domain/queue.ts';
import type { StartCalls } from './following/ask-who-started.ts';
import type { Metrics } from './metrics.ts';

/**
 * Port: what the bot asks SQS. Neither call throws because of AWS or the network. A call whose signal is aborted
 * returns an AWS error.
 */
export type MoveTasks = {
  /** The newest tasks of the queue, newest first, at most `atMost` (1 to 10). One ListMessageMoveTasks call. */
  list(queue: Queue, atMost: number, signal?: AbortSignal): Promise<Outcome<MoveTask[]>>;
  /** How many messages are in the queue now. One GetQueueAttributes call. */
  depth(queue: Queue, signal?: AbortSignal): Promise<Outcome<Depth>>;
  /**
   * How many messages wait where those of a running task go. Undefined where that is not known, not allowed, or more
   * than one queue. Absent: never asked.
   */
  source?(queue: Queue, task: MoveTask): Promise<SourceDepth | undefined>;
};

/** The same port with each call timed and each AWS error counted. */
export function measuredMoveTasks(moveTasks: MoveTasks, metrics: Metrics, clock: () => number): MoveTasks {
  const measured = measuring(metrics, clock);
  return {
    list: (queue, atMost, signal) => measured('ListMessageMoveTasks', moveTasks.list(queue, atMost, signal)),
    depth: (queue, signal) => measured('GetQueueAttributes', moveTasks.depth(queue, signal)),
  };
}

/** The same for CloudTrail. */
export function measuredStartCalls(
  startCalls: StartCalls,
  metrics: Metrics,
  clock: () => number,
): StartCalls {
  const measured = measuring(metrics, clock);
  return { find: (queue, span) => measured('LookupEvents', startCalls.find(queue, span)) };
}

function measuring(metrics: Metrics, clock: () => number) {
  return async <V>(action: string, call: Promise<Outcome<V>>): Promise<Outcome<V>> => {
    const sentAt = clock();
    const answer = await call;
    const outcome = answer.ok ? 'ok' : answer.awsError.kind;
    metrics.timed({ what: 'aws call', action, outcome }, clock() - sentAt);
    if (!answer.ok) metrics.counted({ what: 'aws error', kind: answer.awsError.kind });
    return answer;
  };
}
