import type { Outcome } from '../../domain/aws-error.ts';
import { type Following, newsIn, withNews, withQuestions } from '../../domain/following/following.ts';
import { allMessagesKnown, type MoveTask } from '../../domain/move-task.ts';
import { type Queue, tasksListedAtMost } from '../../domain/queue.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { MoveTasks } from '../move-tasks.ts';
import type { FollowStore } from './follow-store.ts';

export type PollFollowedPorts = {
  store: FollowStore;
  moveTasks: MoveTasks;
  clock: () => number;
  log: Log;
  metrics?: Metrics;
  /** Whether to ask later who started the new tasks. */
  asksWho?: boolean;
  /** A redrive of the queue is being started here: what is new may be it. */
  isStartingHere?: (queueArn: string, tasks: readonly MoveTask[]) => Promise<boolean>;
};

/**
 * One poll of a followed queue: tasks that began since the last one are committed as announcements. One call to SQS, and
 * a second one for the depth if there is news. Resolves with all tasks that it has seen.
 */
export async function pollFollowedQueue(
  queue: Queue,
  ports: PollFollowedPorts,
): Promise<Outcome<readonly MoveTask[]>> {
  const { store, moveTasks, clock, log, metrics, asksWho } = ports;
  const at = clock();
  const listed = await moveTasks.list(queue, tasksListedAtMost);
  const outcome = listed.ok ? 'seen' : listed.awsError.kind;
  metrics?.counted({ what: 'poll', by: 'follow', outcome });
  if (!listed.ok) return listed;
  // Asked after the list: what it does not know by now, the next poll finds.
  if (await ports.isStartingHere?.(queue.arn, listed.value)) return { ok: true, value: listed.value };
  const before = await store.read(queue.arn);
  const tasks = listed.value;
  const news = newsIn(before, { at, tasks });
  const poll = { at, tasks, ...allMessagesKnown(news.length > 0 ? await moveTasks.depth(queue) : undefined) };
  const after = withNews(before, poll, clock());
  const isChanged = after.knownUpTo !== before.knownUpTo || after.announcements.length > 0;
  const asked = (following: Following) => (asksWho ? withQuestions(following, poll, clock()) : following);
  if (isChanged) await store.update(queue.arn, (following) => withNews(asked(following), poll, clock()));
  for (const { startedAt } of news)
    log.info({ queue: queue.arn, startedAt }, 'new redrive in a followed queue');
  return { ok: true, value: tasks };
}
