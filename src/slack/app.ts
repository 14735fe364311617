import { App, type BlockAction, type Context, type Receiver } from '@slack/bolt';
import { createPollForPerson } from '../operations/move-tasks.ts';
import { once } from '../operations/once.ts';
import { createPollAll } from '../operations/overview.ts';
import { openForm } from './actions/form-window.ts';
import type { BotIdentity } from './bot-identity.ts';
import { actionIds, redriveIds } from './buttons.ts';
import { createCommandHandler } from './command-handler.ts';
import { checkShortcut, commandName, startFormId } from './commands.ts';
import type { createLazyHandlers } from './lazy-handlers.ts';
import { createListener, type Incoming, type ListenerDeps } from './listener.ts';
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

/**
 * The bot's side of Slack: which command and which button leads to which handler. On Lambda, people wait while a new
 * instance loads its code, so code that a card doesn't need is loaded on first use. (The server loads it at startup: see
 * entry/assemble.ts.)
 */
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
  const deps = { ...options, ...people, pollAll, pollForPerson: createPollForPerson(options) };
  const handlers = once(async () => (await import('./lazy-handlers.ts')).createLazyHandlers(deps));
  const onCommand = createCommandHandler(deps, handlers);
  const listener = createListener({
    ...deps,
    onRefused: async (request) => (await handlers()).onRefused(request),
  });

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

  app.command(commandName, to(commandRequest, onCommand));
  const onShortcut = createShortcutHandler(deps);
  app.shortcut(
    { type: 'message_action', callback_id: checkShortcut.callbackId },
    to(shortcutRequest, onShortcut),
  );
  listenToClicks(app, to, handlers);
  listenToSubmissions(app, to, handlers, identity);
  const searches = { type: 'block_suggestion', action_id: new RegExp(`^${actionIds.pickQueue}:`) } as const;
  app.options<'block_suggestion'>(searches, async ({ body, ack }) =>
    ack({ options: await (await handlers()).optionsFor(body) }),
  );
  const mentions = createMentions({ ...options, onCommand });
  // Bolt acknowledges events itself.
  const event = { acknowledge: async () => {}, when: 'at once' } as const;
  app.event('app_mention', async ({ body, context }) => {
    const mention = mentions.take(body, context.retryNum);
    if (mention) await listen(mention.request, context, { ...event, handler: mention.handler });
  });
  app.event('app_home_opened', async ({ body, context }) => {
    const { appHomeRequest, onOpenHome } = await handlers();
    const request = appHomeRequest(body, identity);
    if (request) await listen(request, context, { ...event, handler: onOpenHome });
  });
  return { settled: listener.settled };
}

/** Leads requests of one kind, as one function reads them, to a handler. */
type To = (
  requestOf: (body: object, identity: BotIdentity) => SlackRequest | undefined,
  handler: Handler,
  when?: Incoming['when'],
) => (given: { body: object; ack: () => Promise<void>; context: Context }) => Promise<void>;

type Handlers = ReturnType<typeof createLazyHandlers>;

function listenToClicks(app: App, to: To, handlers: () => Promise<Handlers>): void {
  const onClick = (id: string | RegExp, pick: (from: Handlers) => Handler, when?: Incoming['when']) => {
    const handler: Handler = async (request) => pick(await handlers())(request);
    app.action<BlockAction>({ type: 'block_actions', action_id: id }, to(clickRequest, handler, when));
  };
  onClick(actionIds.refresh, (from) => from.onRefresh);
  onClick(actionIds.refreshOverview, (from) => from.onPage);
  onClick(new RegExp(`^${actionIds.turnPage}:`), (from) => from.onPage);
  onClick(new RegExp(`^(?:${actionIds.showQueue}|${actionIds.pickQueue}):`), (from) => from.onShowQueue);
  onClick(actionIds.watch, (from) => from.onWatch, 'once handled');
  onClick(actionIds.unwatch, (from) => from.onUnwatch, 'once handled');
  for (const link of [actionIds.openConsole, actionIds.openRunbook]) app.action(link, ({ ack }) => ack());
  onClick(redriveIds.openForm, ({ acting }) => acting.onOpenForm);
  onClick(redriveIds.startAgain, ({ acting }) => acting.onStartAgain);
  onClick(redriveIds.approve, ({ acting }) => acting.onApprove);
  onClick(redriveIds.decline, ({ acting }) => acting.onDecline);
  onClick(redriveIds.withdraw, ({ acting }) => acting.onWithdraw);
  onClick(redriveIds.cancel, ({ acting }) => acting.onCancel);
}

/** The form to start a redrive. */
function listenToSubmissions(
  app: App,
  to: To,
  handlers: () => Promise<Handlers>,
  identity: BotIdentity,
): void {
  app.view(startFormId, async ({ body, ack, context }) => {
    const { acting, submissionRequest } = await handlers();
    const request = submissionRequest(body, identity);
    // Otherwise it is too late to show errors beside the fields.
    const errors = request && !context['isAcknowledged'] && acting.faultsOf(request);
    if (errors) return ack({ response_action: 'errors', errors });
    await to(() => request, acting.onSubmit)({ body, ack: () => ack(), context });
  });
}
