import type { MoveTask } from '../../src/domain/move-task.ts';
import type { Queue } from '../../src/domain/queue.ts';
import { defaultWatchSettings } from '../../src/domain/watch/watch-settings.ts';
import { openLocalWatcher } from '../../src/watching/local-watcher.ts';
import { silentLog } from './watch-load.ts';

export type ToWatch = { queue: Queue; startedAt: number; card: { channel: string; ts: string } };

/** Clicks on Watch, each committed before the next; answers how many were taken a second. Nothing is looked at yet. */
export async function keepWatches(file: string, wanted: readonly ToWatch[]): Promise<number> {
  const never = () => Promise.reject(new Error('nothing is looked at or told yet'));
  const queues = new Map(wanted.map(({ queue }) => [queue.arn, queue]));
  const watcher = await openLocalWatcher({
    file,
    moveTasks: { list: never, depth: never },
    teller: { tell: never },
    settings: defaultWatchSettings,
    queueOf: (arn) => queues.get(arn),
    log: silentLog,
  });
  const startedAt = performance.now();
  for (const one of wanted) await watcher.watch({ ...one, user: 'UANN' });
  const perSecond = (wanted.length * 1000) / (performance.now() - startedAt);
  await watcher.stop();
  return perSecond;
}

/** As ListMessageMoveTasks puts it on the wire. */
export function wireTask({ status, moved, toMove, startedAt }: MoveTask): object {
  return {
    Status: status,
    ApproximateNumberOfMessagesMoved: moved,
    ApproximateNumberOfMessagesToMove: toMove,
    StartedTimestamp: startedAt,
    ...(status === 'RUNNING' && { TaskHandle: 'handle' }),
  };
}
