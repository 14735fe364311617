import { isFinished, type MoveTask } from '../domain/move-task.ts';
import { followedState } from '../domain/watch/telling.ts';
import type { CardPlace } from '../domain/watch/watch.ts';
import { type Answer, newestOf } from './answer.ts';
import { type CheckQueueDeps, checkQueue, findQueue, type QueueQuestion } from './check-queue.ts';
import { type MoveTasks, tasksListedAtMost } from './move-tasks.ts';
import { messagesIn } from './watching/look.ts';
import type { Watches, WatchView } from './watching/watches.ts';

/** Without `watches` the bot runs where it cannot watch. */
export type RefreshDeps = CheckQueueDeps & {
  moveTasks: MoveTasks;
  clock: () => number;
  watches?: Watches;
};

/** A card shows its queue's newest task, but a watched one stays with the task it watches. */
export async function refreshCard(
  question: QueueQuestion,
  card: CardPlace | undefined,
  deps: RefreshDeps,
): Promise<Answer> {
  const watch = card && (await deps.watches?.ofCard(card));
  const isWatched = watch !== undefined && watch.phase !== 'over';
  return isWatched
    ? refreshWatched(question, watch, deps)
    : withStarter(await checkQueue(question, deps), watch);
}

/** What was known of a task that is over is still true of it. */
function withStarter(answer: Answer, watch: WatchView | undefined): Answer {
  if (answer.kind !== 'report' || answer.report.asked > 1 || watch?.followed?.startedBy === undefined)
    return answer;
  const card = newestOf(answer.report);
  if (card.task?.startedAt !== watch.startedAt) return answer;
  return {
    kind: 'watched',
    card: { ...card, watch: { watchers: [], ...followedState(watch), notListed: false } },
  };
}

async function refreshWatched(question: QueueQuestion, watch: WatchView, deps: RefreshDeps): Promise<Answer> {
  const found = findQueue({ ...question, typed: watch.queueArn }, deps.queues);
  if ('answer' in found) return found.answer;
  const { queue } = found;
  const seenAt = deps.clock();
  const [newest, depth] = await Promise.all([deps.moveTasks.list(queue, 1), deps.moveTasks.depth(queue)]);
  const listed =
    newest.ok && !ofWatch(newest.value, watch) ? await deps.moveTasks.list(queue, tasksListedAtMost) : newest;
  if (!listed.ok) return { kind: 'problem', queue, problem: listed.problem };
  const task = ofWatch(listed.value, watch) ?? watch.seen?.task;
  const [first] = listed.value;
  const look = {
    at: seenAt,
    calls: 1,
    found: { ok: true as const, tasks: listed.value },
    ...messagesIn(depth),
  };
  await deps.watches?.sighted({ queue, card: watch.card, look });
  return {
    kind: 'watched',
    card: {
      queue,
      seenAt,
      ...(task && { task }),
      depth,
      earlier: (question.earlier ?? []).filter(({ startedAt }) => startedAt === watch.startedAt),
      asked: 1,
      watch: {
        watchers: watch.phase === 'running' ? watch.watchers : [],
        ...followedState(watch),
        notListed: ofWatch(listed.value, watch) === undefined,
        ...newerThan(watch, first),
      },
    },
  };
}

function ofWatch(tasks: readonly MoveTask[], { startedAt }: WatchView): MoveTask | undefined {
  return tasks.find((task) => task.startedAt === startedAt);
}

function newerThan({ startedAt }: WatchView, first: MoveTask | undefined) {
  return first?.startedAt !== undefined && first.startedAt > startedAt
    ? { newer: { startedAt: first.startedAt, finished: isFinished(first) } }
    : {};
}
