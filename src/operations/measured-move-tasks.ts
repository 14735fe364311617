import type { Outcome } from '../domain/aws-error.ts';
import type { StartCalls } from './following/start-calls.ts';
import type { Metrics } from './metrics.ts';
import type { MoveTasks } from './move-tasks.ts';

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
