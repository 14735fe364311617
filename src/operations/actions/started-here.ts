import type { Action } from '../../domain/actions/action.ts';
import { isOpen } from '../../domain/actions/lifecycle.ts';
import { ownStartIn } from '../../domain/actions/own-start.ts';
import type { CardPlace } from '../../domain/message-place.ts';
import type { MoveTask } from '../../domain/move-task.ts';
import type { ActionStore } from './action-store.ts';

/**
 * The start that began a task; or, of one that began elsewhere, the cancel that ended it. `link`: to its request, unless
 * that message shows the task itself. `cancelledBy`: who ended what began here.
 */
export type StartedHere = Action & { link?: string; cancelledBy?: string };

/** The actions that began or ended these tasks, by their starts. Never rejects: a card does without them. */
export type StartsOf = (
  queueArn: string,
  startedAts: readonly number[],
  shownOn?: CardPlace,
) => Promise<ReadonlyMap<number, StartedHere>>;

export async function startOfTask(
  queueArn: string,
  startedAt: number | undefined,
  startsOf: StartsOf | undefined,
  shownOn?: CardPlace,
): Promise<StartedHere | undefined> {
  if (startedAt === undefined) return undefined;
  const starts = await startsOf?.(queueArn, [startedAt], shownOn);
  return starts?.get(startedAt);
}

type Recent = Pick<ActionStore, 'list'>;

/** SQS lists ten redrives of a queue. */
const recentActions = 20;

/**
 * One of these tasks, which SQS lists, may be its new redrive, and its card doesn't exist yet: Follow waits. Not while a
 * request waits, which may take hours.
 */
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

/** The actions that canceled tasks of this queue, by the tasks' starts. */
export async function cancelsOf(queueArn: string, store: Recent): Promise<ReadonlyMap<number, Action>> {
  const recent = await store.list({ queueArn, atMost: recentActions });
  return new Map(
    recent
      .toReversed()
      .flatMap((action) =>
        action.kind === 'cancel' && action.state === 'cancelled' && action.taskStartedAt !== undefined
          ? [[action.taskStartedAt, action] as const]
          : [],
      ),
  );
}

/**
 * What is asked of actions. `actions`: undefined where there are none, or not yet. `linkTo`: from another message than
 * its own.
 */
export function actionLookups(
  actions: () => Pick<ActionStore, 'startOf' | 'list'> | undefined,
  linkTo: (start: Action, shownOn?: CardPlace) => { link?: string },
) {
  const unlessLost = <T>(found: Promise<T> | undefined) => found?.catch(() => undefined);
  const startsOf: StartsOf = async (queueArn, startedAts, shownOn) => {
    const store = actions();
    const [cancels, ...starts] = await Promise.all([
      unlessLost(store && cancelsOf(queueArn, store)),
      ...startedAts.map((startedAt) => unlessLost(store?.startOf(queueArn, startedAt))),
    ]);
    const found = startedAts.flatMap((startedAt, i) => {
      const [start, cancel] = [starts[i], cancels?.get(startedAt)];
      if (!start) return cancel ? [[startedAt, cancel] as const] : [];
      const cancelled = cancel && { cancelledBy: cancel.requester };
      return [[startedAt, { ...start, ...cancelled, ...linkTo(start, shownOn) }] as const];
    });
    return new Map(found);
  };
  return {
    startsOf,
    /** Rejects where it can't be read. */
    startOf: async (queueArn: string, startedAt: number) => actions()?.startOf(queueArn, startedAt),
    isStartingHere: async (queueArn: string, tasks: readonly MoveTask[]) => {
      const store = actions();
      return store ? isStarting(queueArn, tasks, store).catch(() => true) : false;
    },
  };
}
