import type { CardPlace } from '../domain/message-place.ts';
import { followedState } from '../domain/watch/card-state.ts';
import { observationOf } from '../domain/watch/observation.ts';
import { startOfTask } from './actions/started-here.ts';
import {
  type Answer,
  type CheckQueueDeps,
  checkQueue,
  findQueue,
  newestOf,
  type QueueQuestion,
} from './check-queue.ts';
import type { MoveTasks } from './move-tasks.ts';
import { pollQueue } from './watching/poll-queue.ts';
import type { Watches, WatchView } from './watching/watches.ts';

/** `watches` is absent where the bot can't watch. */
export type RefreshDeps = CheckQueueDeps & {
  moveTasks: MoveTasks;
  clock: () => number;
  watches?: Watches;
};

/** A card shows its queue's newest task, but a watched card stays with the task it watches. */
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

/** What was known about a task that has ended is still true. */
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
  const toFind = { startedAt: watch.startedAt, position: 0, phase: watch.phase };
  const poll = await pollQueue(queue, [toFind], deps, { withDepth: true });
  const observation = observationOf(poll, watch.startedAt);
  if (observation.kind === 'error') return { kind: 'awsError', queue, awsError: observation.awsError };
  await deps.watches?.observed({ queue, card: watch.card, poll });
  const task = observation.kind === 'seen' ? observation.task : watch.seen?.task;
  return {
    kind: 'watched',
    card: {
      queue,
      seenAt: poll.at,
      task,
      depth: poll.depth,
      source: observation.source,
      startedHere: await startOfTask(queue.arn, task?.startedAt, deps.startsOf, watch.card),
      earlier: (question.earlier ?? []).filter(({ startedAt }) => startedAt === watch.startedAt),
      asked: 1,
      watch: {
        watchers: watch.phase === 'running' ? watch.watchers : [],
        ...followedState(watch),
        notListed: observation.kind === 'absent',
        ...(observation.newer && { newer: observation.newer }),
      },
    },
  };
}
