import { App, type BlockAction, type Receiver } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { AccessRules } from '../operations/access.ts';
import type { Log } from '../operations/log.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { RefreshDeps } from '../operations/refresh-card.ts';
import { actionIds } from './action-ids.ts';
import { boltLogger } from './bolt-logger.ts';
import type { CardOrder } from './card-order.ts';
import { commandName } from './commands.ts';
import { createHandlers } from './handlers.ts';
import type { Home } from './home.ts';
import { createListener, type Handler, type Incoming } from './listener.ts';
import { clickRequest, commandRequest, type SlackRequest } from './request.ts';
import { promptClientOptions } from './slack-client.ts';
import { slackGroupMembers } from './user-groups.ts';

export type SlackAppOptions = {
  receiver: Receiver;
  /** The client that answers people. */
  client: WebClient;
  botToken: string;
  apiUrl: string;
  home: Home;
  access: AccessRules;
  log: Log;
  metrics?: Metrics;
  newErrorId: () => string;
  /** Shared with whatever else edits cards. */
  cards: CardOrder;
} & RefreshDeps;

/** The bot as Slack sees it: which command and which button leads where. */
export function createSlackApp(options: SlackAppOptions) {
  const { receiver, client, botToken, apiUrl, home, log } = options;
  const logger = boltLogger(log);
  const { botId, botUserId } = home;
  const app = new App({
    receiver,
    logger,
    clientOptions: promptClientOptions({ botToken, apiUrl, logger }),
    authorize: async () => ({ botToken, botId, botUserId }),
    convoStore: false,
  });
  const membersOf = slackGroupMembers(client, options.clock);
  const listener = createListener({ ...options, membersOf });
  const handlers = createHandlers(options);

  /** Who cannot be answered is not acknowledged either: Slack says then that it did not work. */
  async function listen(request: SlackRequest | undefined, rest: Omit<Incoming, 'request'>): Promise<void> {
    if (request) await listener.listen({ request, ...rest });
    else log.warn({}, 'a request that does not say who asks and where was passed over');
  }

  app.command(commandName, ({ body, ack }) =>
    listen(commandRequest(body, home), {
      acknowledge: () => ack(),
      when: 'at once',
      handler: handlers.onCommand,
    }),
  );
  const onClick = (id: string | RegExp, handler: Handler, when: Incoming['when'] = 'at once') =>
    app.action<BlockAction>({ type: 'block_actions', action_id: id }, ({ body, ack }) =>
      listen(clickRequest(body, home), { acknowledge: () => ack(), when, handler }),
    );
  onClick(actionIds.refresh, handlers.onRefresh);
  onClick(actionIds.refreshOverview, handlers.onRefreshOverview);
  onClick(new RegExp(`^${actionIds.showQueue}:`), handlers.onShowQueue);
  onClick(actionIds.watch, handlers.onWatch, 'once handled');
  onClick(actionIds.unwatch, handlers.onUnwatch, 'once handled');
  for (const link of [actionIds.openConsole, actionIds.openRunbook]) app.action(link, ({ ack }) => ack());

  return { settled: listener.settled };
}
