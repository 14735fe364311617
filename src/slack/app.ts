import { App, type BlockAction, type Context, type Receiver } from '@slack/bolt';
import { createPollForPerson } from '../operations/move-tasks.ts';
import { createPollAll } from '../operations/overview.ts';
import type { createActionHandlers } from './actions/action-handlers.ts';
import { openForm } from './actions/form-window.ts';
import type { BotIdentity } from './bot-identity.ts';
import { actionIds, redriveIds } from './buttons.ts';
import { checkShortcut, commandName, startFormId } from './commands.ts';
import { by, createHandlers } from './handlers.ts';
import { createListener, type Incoming, type ListenerDeps } from './listener.ts';
import type { SuggestDeps } from './overview-handlers.ts';
import { createOriginResolver, slackGroupMembers } from './people.ts';
import type { Handler, HandlerDeps } from './reply.ts';
import { clickRequest, commandRequest, type SlackRequest, triggerOfForm } from './request.ts';
import { boltLogger, promptClientOptions } from './slack-client.ts';
import { createMentions, createShortcutHandler, shortcutRequest } from './thread-handlers.ts';

export type SlackAppOptions = Omit<HandlerDeps, 'pollAll' | 'pollForPerson'> &
  Omit<ListenerDeps, 'membersOf' | 'resolveOrigin' | 'onRefused'> & {
    receiver: Receiver;
    botToken: string;
    /** Aborts when an overview should stop waiting. */
    overviewPatience?: () => AbortSignal;
  };

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
  const deps = { ...options, pollAll, pollForPerson: createPollForPerson(options) };
  const handlers = createHandlers(deps);
  const listener = createListener({ ...options, ...people, onRefused: handlers.onRefused });

  /** A request that cannot be answered is not acknowledged either: Slack then shows that it failed. */
  async function listen(
    request: SlackRequest | undefined,
    { isOurs, form }: Context,
    rest: Omit<Incoming, 'request'>,
  ): Promise<void> {
    if (!request) return log.warn({}, 'ignored a request without a user or a channel');
    const trigger = options.knowsActionWords && !form ? triggerOfForm(request) : undefined;
    const opened = trigger === undefined ? form : openForm(trigger, options);
    await listener.listen({ ...rest, request: { ...request, isOurs, form: opened } });
  }
  const to: To =
    (requestOf, handler, when = 'at once') =>
    ({ body, ack, context }) =>
      listen(requestOf(body, identity), context, { acknowledge: () => ack(), when, handler });

  app.command(commandName, to(commandRequest, handlers.onCommand));
  const onShortcut = createShortcutHandler(deps);
  app.shortcut(
    { type: 'message_action', callback_id: checkShortcut.callbackId },
    to(shortcutRequest, onShortcut),
  );
  listenToClicks(app, to, handlers);
  if (handlers.acting) listenToSubmissions(app, to, handlers.acting, identity);
  listenToSearches(app, { ...options, ...people });
  const mentions = createMentions({ ...options, onCommand: handlers.onCommand });
  // Bolt acknowledges events itself.
  const event = { acknowledge: async () => {}, when: 'at once' } as const;
  app.event('app_mention', async ({ body, context }) => {
    const mention = mentions.take(body, context.retryNum);
    if (mention) await listen(mention.request, context, { ...event, handler: mention.handler });
  });
  app.event('app_home_opened', async ({ body, context }) => {
    const { appHomeRequest } = await import('./overview-handlers.ts');
    const request = appHomeRequest(body, identity);
    if (request) await listen(request, context, { ...event, handler: handlers.onOpenHome });
  });
  return { settled: listener.settled };
}

/** Leads requests of one kind, as one function reads them, to a handler. */
type To = (
  requestOf: (body: object, identity: BotIdentity) => SlackRequest | undefined,
  handler: Handler,
  when?: Incoming['when'],
) => (given: { body: object; ack: () => Promise<void>; context: Context }) => Promise<void>;

function listenToClicks(app: App, to: To, handlers: ReturnType<typeof createHandlers>): void {
  const onClick = (id: string | RegExp, handler: Handler, when?: Incoming['when']) =>
    app.action<BlockAction>({ type: 'block_actions', action_id: id }, to(clickRequest, handler, when));
  onClick(actionIds.refresh, handlers.onRefresh);
  onClick(actionIds.refreshOverview, handlers.onPage);
  onClick(new RegExp(`^${actionIds.turnPage}:`), handlers.onPage);
  onClick(new RegExp(`^(?:${actionIds.showQueue}|${actionIds.pickQueue}):`), handlers.onShowQueue);
  onClick(actionIds.watch, handlers.onWatch, 'once handled');
  onClick(actionIds.unwatch, handlers.onUnwatch, 'once handled');
  for (const link of [actionIds.openConsole, actionIds.openRunbook]) app.action(link, ({ ack }) => ack());
  const { acting } = handlers;
  if (!acting) return;
  onClick(redriveIds.openForm, by(acting, 'onOpenForm'));
  onClick(redriveIds.startAgain, by(acting, 'onStartAgain'));
  onClick(redriveIds.approve, by(acting, 'onApprove'));
  onClick(redriveIds.decline, by(acting, 'onDecline'));
  onClick(redriveIds.withdraw, by(acting, 'onWithdraw'));
  onClick(redriveIds.cancel, by(acting, 'onCancel'));
}

/** The form to start a redrive. */
function listenToSubmissions(
  app: App,
  to: To,
  acting: () => Promise<ReturnType<typeof createActionHandlers>>,
  identity: BotIdentity,
): void {
  app.view(startFormId, async ({ body, ack, context }) => {
    const { submissionRequest } = await import('./actions/submission.ts');
    const { faultsOf, onSubmit } = await acting();
    const request = submissionRequest(body, identity);
    // Otherwise it is too late to show errors beside the fields.
    const errors = request && !context['isAcknowledged'] && faultsOf(request);
    if (errors) return ack({ response_action: 'errors', errors });
    await to(() => request, onSubmit)({ body, ack: () => ack(), context });
  });
}

function listenToSearches(app: App, deps: SuggestDeps & { identity: BotIdentity }): void {
  const searches = { type: 'block_suggestion', action_id: new RegExp(`^${actionIds.pickQueue}:`) } as const;
  app.options<'block_suggestion'>(searches, async ({ body, ack }) => {
    const { searchRequest, suggestedQueues } = await import('./overview-handlers.ts');
    const search = searchRequest(body, deps.identity);
    await ack({ options: search ? await suggestedQueues(search, deps) : [] });
  });
}
