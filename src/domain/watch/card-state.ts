import { isFinished } from '../move-task-status.ts';
import type { CardState } from './notification.ts';
import type { ObservedTask, Watch } from './watch.ts';

/** The current card state; undefined if the card is gone, or if the task was not seen yet and the watch is not ending. */
export function cardStateOf(watch: Watch): CardState | undefined {
  const seen = watch.seen ?? (watch.forbidden && neverSeen(watch));
  if (!seen || watch.cardGone) return undefined;
  const { task, at, source } = seen;
  const depth = watch.end ? watch.end.depth : seen.depth;
  return {
    queueArn: watch.queueArn,
    task,
    seenAt: at,
    earlier: watch.counts.filter((count) => count.at < at),
    final: isFinished(task) || watch.forbidden === true,
    watchers: watch.phase === 'running' ? watch.watchers : [],
    ...followedState(watch),
    ...(watch.newer && { newer: watch.newer }),
    ...(watch.cannotPoll?.said && {
      cannotPoll: { since: watch.cannotPoll.since, awsError: watch.cannotPoll.awsError },
    }),
    notListed: watch.said.includes('not-listed') && watch.absences > 0,
    ...(watch.forbidden && { forbidden: watch.forbidden }),
    ...(depth !== undefined && { depth }),
    ...(source && { source }),
  };
}

function neverSeen({ startedAt, createdAt }: Watch): ObservedTask {
  return { task: { status: 'UNKNOWN', statusText: '', startedAt }, at: createdAt };
}

/** What a card says about the channel that follows its queue, and about who started the task. */
export function followedState({
  phase,
  followed,
}: Pick<Watch, 'phase' | 'followed'>): Pick<CardState, 'followed' | 'startedBy'> {
  if (!followed) return {};
  const { startedBy, endedUnseen } = followed;
  return {
    ...((phase === 'running' || endedUnseen) && { followed }),
    ...(startedBy !== undefined && { startedBy }),
  };
}
