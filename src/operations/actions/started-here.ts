import { type Action, isOpen } from '../../domain/actions/action.ts';
import { ownStartIn } from '../../domain/actions/poll.ts';
import type { CardPlace } from '../../domain/message-place.ts';
import type { MoveTask } from '../../domain/move-task.ts';
import type { ActionStore } from './action-store.ts';

/**
 * The start that began a task; or, of one that began elsewhere, the cancel that ended it. `link`: to its request, unless
 * that message shows the task itself. `cancelledBy`: who ended what began here.
 */
export type StartedHere = Action & { link?: string; cancelledBy?: string };

/** The action that began or ended a task, if that was here. Never rejects: a card does without it. */
export type StartOf = (
  queueArn: string,
  startedAt: number,
  shownOn?: CardPlace,
) => Promise<StartedHere | undefined>;

export async function startsOf(
  queueArn: string,
  tasks: readonly MoveTask[],
  startOf: StartOf | undefined,
): Promise<{ starts?: ReadonlyMap<number, StartedHere> }> {
  if (!startOf) return {};
  const found = await Promise.all(
    tasks.map(async ({ startedAt }) => startedAt !== undefined && (await startOf(queueArn, startedAt))),
  );
  const starts = tasks.flatMap(({ startedAt = 0 }, i) => {
    const start = found[i];
    return start ? [[startedAt, start] as const] : [];
  });
  return starts.length === 0 ? {} : { starts: new Map(starts) };
}

export async function startOfTask(
  queueArn: string,
  startedAt: number | undefined,
  startOf: StartOf | undefined,
  shownOn?: CardPlace,
): Promise<{ startedHere?: StartedHere }> {
  const start = startedAt === undefined ? undefined : await startOf?.(queueArn, startedAt, shownOn);
  return start ? { startedHere: start } : {};
}

type Recent = Pick<ActionStore, 'list'>;

/** SQS lists ten redrives of a queue. */
const recentActions = 20;

/** One of these tasks may be its new redrive, and its card does not stand yet. */
export async function isStarting(
  queueArn: string,
  tasks: readonly MoveTask[],
  store: Recent,
): Promise<boolean> {
  const recent = await store.list({ queueArn, atMost: recentActions });
  const newest = recent.find(({ kind }) => kind === 'start');
  if (!newest || newest.state === 'requested') return false;
  const isLate = newest.state === 'not-started' && newest.pollAt !== undefined;
  if (isLate && ownStartIn(tasks, newest)) return true;
  return isOpen(newest) || newest.outbox.some(({ kind }) => kind === 'card');
}

/** The action that canceled this task. `startedAt`: the task's StartedTimestamp. */
export async function cancelOf(
  queueArn: string,
  startedAt: number,
  store: Recent,
): Promise<Action | undefined> {
  const recent = await store.list({ queueArn, atMost: recentActions });
  return recent.find(
    ({ kind, state, taskStartedAt }) =>
      kind === 'cancel' && state === 'cancelled' && taskStartedAt === startedAt,
  );
}
