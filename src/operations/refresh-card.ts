import { sightingOf } from '../domain/watch/sighting.ts';
import { followedState } from '../domain/watch/telling.ts';
import type { CardPlace } from '../domain/watch/watch.ts';
import { type Answer, newestOf } from './answer.ts';
import { type CheckQueueDeps, checkQueue, findQueue, type QueueQuestion } from './check-queue.ts';
import type { MoveTasks } from './move-tasks.ts';
import { lookAt } from './watching/look.ts';
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
  const sought = { startedAt: watch.startedAt, position: 0, phase: watch.phase };
  const look = await lookAt(queue, [sought], deps, { withDepth: true });
  const sighting = sightingOf(look, watch.startedAt);
  if (sighting.kind === 'not-seen') return { kind: 'problem', queue, problem: sighting.problem };
  await deps.watches?.sighted({ queue, card: watch.card, look });
  const task = sighting.kind === 'seen' ? sighting.task : watch.seen?.task;
  return {
    kind: 'watched',
    card: {
      queue,
      seenAt: look.at,
      ...(task && { task }),
      ...(look.depth && { depth: look.depth }),
      earlier: (question.earlier ?? []).filter(({ startedAt }) => startedAt === watch.startedAt),
      asked: 1,
      watch: {
        watchers: watch.phase === 'running' ? watch.watchers : [],
        ...followedState(watch),
        notListed: sighting.kind === 'absent',
        ...(sighting.newer && { newer: sighting.newer }),
      },
    },
  };
}
