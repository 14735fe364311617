import type { Action } from '../domain/actions/action.ts';
import type { MoveTask } from '../domain/move-task.ts';
import type { Actions } from '../operations/actions/actions.ts';
import type { StartOf } from '../operations/actions/started-here.ts';
import type { BotIdentity } from '../slack/bot-identity.ts';
import { linkToRequest } from '../slack/views/notification.ts';

type Asked = Pick<Actions, 'startOf' | 'cancelOf' | 'isStarting'>;

/** What is asked of actions by those that are made before them. */
export function actionLookups({ workspaceUrl }: Pick<BotIdentity, 'workspaceUrl'>) {
  let actions: Asked | undefined;
  const startOf: StartOf = async (queueArn, startedAt, shownOn) => {
    const unlessLost = (found: Promise<Action | undefined> | undefined) => found?.catch(() => undefined);
    const [start, cancel] = await Promise.all([
      unlessLost(actions?.startOf(queueArn, startedAt)),
      unlessLost(actions?.cancelOf(queueArn, startedAt)),
    ]);
    if (!start) return cancel;
    const cancelled = cancel && { cancelledBy: cancel.requester };
    return { ...start, ...cancelled, ...linkToRequest(start, workspaceUrl, shownOn) };
  };
  return {
    startOf,
    isStartingHere: async (queueArn: string, tasks: readonly MoveTask[]) =>
      (await actions?.isStarting(queueArn, tasks).catch(() => true)) ?? false,
    are: (opened: Asked | undefined) => {
      actions = opened;
    },
  };
}
