import type { MoveTask } from '../domain/move-task.ts';
import type { ActionStore } from '../operations/actions/action-store.ts';
import { cancelsOf, isStarting, type StartsOf } from '../operations/actions/started-here.ts';
import type { BotIdentity } from '../slack/bot-identity.ts';
import { linkToRequest } from '../slack/views/notification.ts';

type Asked = Pick<ActionStore, 'startOf' | 'list'>;

/** What is asked of actions by those that are made before them. */
export function actionLookups({ workspaceUrl }: Pick<BotIdentity, 'workspaceUrl'>) {
  let actions: Asked | undefined;
  const unlessLost = <T>(found: Promise<T> | undefined) => found?.catch(() => undefined);
  const startsOf: StartsOf = async (queueArn, startedAts, shownOn) => {
    const [cancels, ...starts] = await Promise.all([
      unlessLost(actions && cancelsOf(queueArn, actions)),
      ...startedAts.map((startedAt) => unlessLost(actions?.startOf(queueArn, startedAt))),
    ]);
    const found = startedAts.flatMap((startedAt, i) => {
      const [start, cancel] = [starts[i], cancels?.get(startedAt)];
      if (!start) return cancel ? [[startedAt, cancel] as const] : [];
      const cancelled = cancel && { cancelledBy: cancel.requester };
      const found = { ...start, ...cancelled, ...linkToRequest(start, workspaceUrl, shownOn) };
      return [[startedAt, found] as const];
    });
    return new Map(found);
  };
  return {
    startsOf,
    /** Rejects where it can't be read. */
    startOf: async (queueArn: string, startedAt: number) => actions?.startOf(queueArn, startedAt),
    isStartingHere: async (queueArn: string, tasks: readonly MoveTask[]) =>
      actions ? isStarting(queueArn, tasks, actions).catch(() => true) : false,
    are: (opened: Asked | undefined) => {
      actions = opened;
    },
  };
}
