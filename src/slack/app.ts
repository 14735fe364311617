import { App, type BlockAction, type Receiver } from '@slack/bolt';
import type { FetchFunction, WebClient } from '@slack/web-api';
import type { AccessRules } from '../domain/access-rules.ts';
import type { Actions } from '../operations/actions/actions.ts';
import type { HistoryPorts } from '../operations/history/history.ts';
import type { Log } from '../operations/log.ts';
import type { Metrics } from '../operations/metrics.ts';
import { createPollAll } from '../operations/poll-all.ts';
import { createPollForPerson } from '../operations/poll-for-person.ts';
import type { RefreshDeps } from '../operations/refresh-card.ts';
import type { ActionHandlers } from './actions/action-handlers.ts';
import { openForm } from './actions/form-window.ts';
import type { BotIdentity } from './bot-identity.ts';
import { actionIds, redriveIds } from './buttons.ts';
import type { CardOrder } from './card-order.ts';
import { checkShortcut, commandName, startFormId } from './commands.ts';
import { createHandlers } from './handlers.ts';
import { createListener, type Handler, type Incoming, type Listen } from './listener.ts';
import type { ClickEdits } from './notifier/click-edits.ts';
import { appHomeRequest, type SuggestDeps, searchRequest, suggestedQueues } from './overview-handlers.ts';
import { createOriginResolver, slackGroupMembers } from './people.ts';
import { clickRequest, commandRequest, submissionRequest, triggerOfForm } from './request.ts';
import { boltLogger, promptClientOptions } from './slack-client.ts';
import { createMentions, createShortcutHandler, shortcutRequest } from './thread-handlers.ts';

export type SlackAppOptions = {
  receiver: Receiver;
  client: WebClient;
  botToken: string;
  apiUrl: string;
  identity: BotIdentity;
  access: AccessRules;
  log: Log;
  /** Sends requests to Slack; `fetch` by default. */
  fetch?: FetchFunction;
  metrics?: Metrics;
  newErrorId: () => string;
  /** Shared with everything else that edits cards. */
  cards: CardOrder;
  /** Shared with the notifier. */
  clickEdits: ClickEdits;
  version: string;
  /** Whether people can search for a queue: Slack waits 3 seconds for the options. */
  searchable?: boolean;
  /** When to tell a person who sees nothing yet that the answer is coming; 5 s by default. */
  stillWaitingAfterMs?: number;
  /** Aborts when an overview should stop waiting. */
  overviewPatience?: () => AbortSignal;
  clock: () => number;
  /** Absent: the bot changes nothing. */
  actions?: Actions;
  /** Otherwise `redrive` and `cancel` are not commands, but buttons of earlier requests still work. */
  knowsActionWords?: boolean;
  /** Absent: this bot remembers nothing. */
  history?: HistoryPorts;
} & Omit<RefreshDeps, 'pollForPerson'>;

/** The bot's side of Slack: which command and which button leads to which handler. */
export function createSlackApp(options: SlackAppOptions) {
  const { receiver, client, botToken, apiUrl, identity, log, overviewPatience } = options;
  const logger = boltLogger(log);
  const { botId, botUserId } = identity;
  const app = new App({
    receiver,
    logger,
    clientOptions: promptClientOptions({ botToken, apiUrl, logger }),
    authorize: async () => ({ botToken, botId, botUserId }),
    convoStore: false,
  });
  const people = {
    membersOf: slackGroupMembers(client, options.clock),
    resolveOrigin: createOriginResolver(options),
  };
  const pollAll = createPollAll({ ...options, ...(overviewPatience && { patience: overviewPatience }) });
  const polls = { pollAll, pollForPerson: createPollForPerson(options) };
  const handlers = createHandlers({ ...options, ...polls });
  const listener = createListener({ ...options, ...people, onRefused: handlers.onRefused });

  /** A request that cannot be answered is not acknowledged either: Slack then shows that it failed. */
  const listen: Listen = async (request, { isOurs, form }, rest) => {
    if (!request) return log.warn({}, 'ignored a request without a user or a channel');
    const trigger = options.knowsActionWords && !form ? triggerOfForm(request) : undefined;
    const opened = trigger === undefined ? form : openForm(trigger, options);
    await listener.listen({ ...rest, request: { ...request, isOurs, form: opened } });
  };
  const onShortcut = createShortcutHandler({ ...options, ...polls });
  const mentions = createMentions({ ...options, onCommand: handlers.onCommand });
  listenToMenus(app, listen, { onCommand: handlers.onCommand, onShortcut, identity });
  listenToClicks(app, listen, { ...handlers, identity });
  if (handlers.acting) listenToSubmissions(app, listen, { acting: handlers.acting, identity });
  listenToSearches(app, { ...options, ...people });
  listenToEvents(app, listen, { mentions, onOpenHome: handlers.onOpenHome, identity });
  return { settled: listener.settled };
}

type WithIdentity = { identity: BotIdentity };
type Handlers = ReturnType<typeof createHandlers>;

/** The slash command, and the shortcut in a message's menu. */
function listenToMenus(
  app: App,
  listen: Listen,
  { onCommand, onShortcut, identity }: { onCommand: Handler; onShortcut: Handler } & WithIdentity,
): void {
  app.command(commandName, ({ body, ack, context }) =>
    listen(commandRequest(body, identity), context, {
      acknowledge: () => ack(),
      when: 'at once',
      handler: onCommand,
    }),
  );
  app.shortcut({ type: 'message_action', callback_id: checkShortcut.callbackId }, ({ body, ack, context }) =>
    listen(shortcutRequest(body, identity), context, {
      acknowledge: () => ack(),
      when: 'at once',
      handler: onShortcut,
    }),
  );
}

function listenToClicks(app: App, listen: Listen, handlers: Handlers & WithIdentity): void {
  const onClick = (id: string | RegExp, handler: Handler, when: Incoming['when'] = 'at once') =>
    app.action<BlockAction>({ type: 'block_actions', action_id: id }, ({ body, ack, context }) =>
      listen(clickRequest(body, handlers.identity), context, { acknowledge: () => ack(), when, handler }),
    );
  onClick(actionIds.refresh, handlers.onRefresh);
  onClick(actionIds.refreshOverview, handlers.onPage);
  onClick(new RegExp(`^${actionIds.turnPage}:`), handlers.onPage);
  onClick(new RegExp(`^(?:${actionIds.showQueue}|${actionIds.pickQueue}):`), handlers.onShowQueue);
  onClick(actionIds.watch, handlers.onWatch, 'once handled');
  onClick(actionIds.unwatch, handlers.onUnwatch, 'once handled');
  for (const link of [actionIds.openConsole, actionIds.openRunbook]) app.action(link, ({ ack }) => ack());
  const { acting } = handlers;
  if (!acting) return;
  onClick(redriveIds.openForm, acting.onOpenForm);
  onClick(redriveIds.startAgain, acting.onStartAgain);
  onClick(redriveIds.approve, acting.onApprove);
  onClick(redriveIds.decline, acting.onDecline);
  onClick(redriveIds.withdraw, acting.onWithdraw);
  onClick(redriveIds.cancel, acting.onCancel);
}

/** The form to start a redrive. */
function listenToSubmissions(
  app: App,
  listen: Listen,
  { acting, identity }: { acting: ActionHandlers } & WithIdentity,
): void {
  app.view(startFormId, async ({ body, ack, context }) => {
    const request = submissionRequest(body, identity);
    // Otherwise it is too late to show errors beside the fields.
    const errors = request && !context['isAcknowledged'] && acting.faultsOf(request);
    if (errors) return ack({ response_action: 'errors', errors });
    await listen(request, context, { acknowledge: () => ack(), when: 'at once', handler: acting.onSubmit });
  });
}

function listenToSearches(app: App, deps: SuggestDeps & WithIdentity): void {
  const searches = { type: 'block_suggestion', action_id: new RegExp(`^${actionIds.pickQueue}:`) } as const;
  app.options<'block_suggestion'>(searches, async ({ body, ack }) => {
    const search = searchRequest(body, deps.identity);
    await ack({ options: search ? await suggestedQueues(search, deps) : [] });
  });
}

/** Bolt acknowledges events itself. */
function listenToEvents(
  app: App,
  listen: Listen,
  given: { mentions: ReturnType<typeof createMentions>; onOpenHome: Handler } & WithIdentity,
): void {
  const { mentions, onOpenHome, identity } = given;
  const acknowledge = async () => {};
  app.event('app_mention', async ({ body, context }) => {
    const mention = mentions.take(body, context.retryNum);
    if (mention) await listen(mention.request, context, { ...mention, acknowledge, when: 'at once' });
  });
  app.event('app_home_opened', async ({ body, context }) => {
    const request = appHomeRequest(body, identity);
    if (request) await listen(request, context, { acknowledge, when: 'at once', handler: onOpenHome });
  });
}
