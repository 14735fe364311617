import type { Outcome } from '../domain/problem.ts';
import type { Metrics } from './metrics.ts';
import type { MoveTasks } from './move-tasks.ts';

/** The same port, each call of it timed and each problem counted. */
export function measuredMoveTasks(moveTasks: MoveTasks, metrics: Metrics, clock: () => number): MoveTasks {
  async function measured<V>(action: string, call: Promise<Outcome<V>>): Promise<Outcome<V>> {
    const sentAt = clock();
    const answer = await call;
    const outcome = answer.ok ? 'ok' : answer.problem.kind;
    metrics.timed({ what: 'aws call', action, outcome }, clock() - sentAt);
    if (!answer.ok) metrics.counted({ what: 'problem', kind: answer.problem.kind });
    return answer;
  }

  return {
    list: (queue, atMost, signal) => measured('ListMessageMoveTasks', moveTasks.list(queue, atMost, signal)),
    depth: (queue, signal) => measured('GetQueueAttributes', moveTasks.depth(queue, signal)),
  };
}
