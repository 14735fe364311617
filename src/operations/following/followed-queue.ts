import type { Outcome } from '../../domain/aws-error.ts';
import { allMessagesKnown } from '../../domain/depth.ts';
import {
  type Following,
  newsIn,
  nextAnnouncementAt,
  withNews,
  withQuestions,
} from '../../domain/following/following.ts';
import { isKnown, justBefore, type StartCall, startBy } from '../../domain/following/start-call.ts';
import type { MoveTask } from '../../domain/move-task.ts';
import type { Queue } from '../../domain/queue.ts';
import { tasksListedAtMost } from '../../domain/sqs-limits.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { MoveTasks } from '../move-tasks.ts';
import { type AnnouncePorts, announcePending, type FollowedQueue } from './announce-pending.ts';
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

export type AnnounceStartPorts = AnnouncePorts &
  PollFollowedPorts & {
    /** Epoch milliseconds: what is not done by then is left to another attempt. */
    deadline: number;
    pause: (ms: number) => Promise<unknown>;
  };

/** Not possible yet; retry later. */
export class NotYet extends Error {
  override name = 'NotYet';
}

/**
 * Someone has started a task of a followed queue: its card is posted and watched before this resolves. Repeated calls
 * for the same start, one at a time, make one card. Rejects if it should be retried.
 */
export async function announceStart(
  queue: FollowedQueue,
  call: StartCall,
  ports: AnnounceStartPorts,
): Promise<void> {
  const { store } = ports;
  // For a queue that is new to the bot, older tasks are not news.
  await store.update(queue.arn, (following) =>
    following.knownUpTo === undefined ? { ...following, knownUpTo: justBefore(call) } : following,
  );
  const polled = await pollFollowedQueue(queue, ports);
  if (!polled.ok) throw new NotYet(`polling the queue failed: ${polled.awsError.kind}`);
  const { knownUpTo } = await store.read(queue.arn);
  if (!isKnown(call, knownUpTo)) throw new NotYet('SQS does not list the task yet');
  const startedAt = startBy(call, polled.value);
  if (startedAt !== undefined && call.by !== undefined) await store.answered(queue.arn, startedAt, call.by);
  await announceAll(queue, ports);
}

async function announceAll(queue: FollowedQueue, ports: AnnounceStartPorts): Promise<void> {
  const { store, clock, deadline, pause } = ports;
  for (;;) {
    await announcePending(queue, ports);
    const next = nextAnnouncementAt(await store.read(queue.arn));
    if (next === undefined) return;
    if (next > deadline) throw new NotYet('the card could not be posted yet');
    await pause(Math.max(next - clock(), 100));
  }
}
