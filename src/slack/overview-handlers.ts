import { type AppHomeDeps, appHomeOf } from '../operations/app-home.ts';
import { type OverviewDeps, overviewOf } from '../operations/overview.ts';
import type { BotIdentity } from './bot-identity.ts';
import type { Handler } from './listener.ts';
import { readPageValue } from './page-value.ts';
import type { Reply } from './reply.ts';
import { replyOf } from './reply-of.ts';
import type { SlackRequest } from './request.ts';
import { appHomeView } from './views/app-home.ts';
import { strangeButtonView } from './views/unexpected-error.ts';

export type OverviewHandlerDeps = OverviewDeps & AppHomeDeps & { identity: BotIdentity; version: string };

/** The overview in a channel and in the app's Home, and the buttons that look again. */
export function createOverviewHandlers(deps: OverviewHandlerDeps) {
  const { version } = deps;
  const { workspaceUrl } = deps.identity;

  async function appHome({ asker: { userId } }: SlackRequest, page: number): Promise<Reply> {
    const appHome = await appHomeOf({ userId, page }, deps);
    const shown = { seenAt: appHome.overview.seenAt, isFinal: false };
    const message = appHomeView(appHome, { workspaceUrl, version });
    return { to: 'asker', message, shown, outcome: 'app home' };
  }

  const onOpenHome: Handler = (request) => appHome(request, 0);

  /** Refresh, Previous and Next. */
  const onPage: Handler = async (request, errorId) => {
    const page = readPageValue(request.text);
    if (page === undefined) {
      return { to: 'asker', message: strangeButtonView(errorId), outcome: 'strange button', errorId };
    }
    if (request.isAppHome) return appHome(request, page);
    const { channelId } = request.asker;
    return replyOf(await overviewOf({ channelId, page }, deps), 'clicked', errorId);
  };

  return { onOpenHome, onPage };
}
