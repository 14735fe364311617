import type { Actions } from '../operations/actions/actions.ts';
import type { StartOf } from '../operations/actions/started-here.ts';
import type { BotIdentity } from '../slack/bot-identity.ts';
import { linkToRequest } from '../slack/views/notification.ts';

type Asked = Pick<Actions, 'startOf' | 'isStarting'>;

/** What is asked of actions by those that are made before them. */
export function askedLater({ workspaceUrl }: Pick<BotIdentity, 'workspaceUrl'>) {
  let actions: Asked | undefined;
  const startOf: StartOf = async (queueArn, startedAt, shownOn) => {
    const start = await actions?.startOf(queueArn, startedAt).catch(() => undefined);
    return start && { ...start, ...linkToRequest(start, workspaceUrl, shownOn) };
  };
  return {
    startOf,
    isStartingHere: async (queueArn: string) =>
      (await actions?.isStarting(queueArn).catch(() => true)) ?? false,
    are: (opened: Asked | undefined) => {
      actions = opened;
    },
  };
}
