import { offersRedrives } from '../domain/queue.ts';
import { checkQueue } from '../operations/check-queue.ts';
import { overviewOf } from '../operations/overview.ts';
import { parseCommand } from './parse-command.ts';
import { type Handler, type HandlerDeps, replyOf, toPerson, unknownButtonReply } from './reply.ts';
import type { SlackRequest } from './request.ts';
import { helpView, misunderstandingView } from './views/help.ts';
import { cannotWatchView } from './views/watching.ts';

/**
 * Commands, and who handles the rest. A new instance of the function on Lambda makes a person wait for all that it
 * loads, so what no card needs is loaded with the first request for it. (One process loads it at its start: see
 * entry/assemble.ts.)
 */
export function createHandlers(deps: HandlerDeps) {
  const { watches, actions } = deps;
  const clicks = once(async () => (await import('./click-handlers.ts')).createClickHandlers(deps));
  const overviews = once(async () => (await import('./overview-handlers.ts')).createOverviewHandlers(deps));
  const watching =
    watches &&
    once(async () => (await import('./watch-handlers.ts')).createWatchHandlers({ ...deps, watches }));
  const acting =
    actions &&
    once(async () =>
      (await import('./actions/action-handlers.ts')).createActionHandlers({ ...deps, actions }),
    );

  const onCommand: Handler = async (request) => {
    const { channelId } = request.person;
    const command = parseCommand(request.text, deps.knowsActionWords);
    if ('wrong' in command) {
      return toPerson(misunderstandingView(command), { outcome: command.wrong });
    }
    switch (command.kind) {
      case 'help':
        return toPerson(helpView({ canWatch: watches !== undefined, canAct: offersRedrives(deps.queues) }), {
          outcome: 'help',
        });
      case 'overview':
        return replyOf(await overviewOf({ channelId }, deps), 'channel', deps);
      case 'show':
        return replyOf(await checkQueue({ ...command, channelId }, deps), 'channel', deps);
      case 'watch':
        return watching ? (await watching()).watchQueue(command.typed, request) : cannotWatch(request);
      case 'unwatch':
        return watching ? (await watching()).unwatchQueue(command.typed, request) : cannotWatch(request);
      case 'watches':
        return watching ? (await watching()).listWatches(request) : cannotWatch(request);
      case 'history':
        return (await import('./history-handler.ts')).historyReply(command.typed, request, deps);
      case 'redrive':
      case 'cancel':
        return acting ? (await acting()).onWord(command, request) : unknownButtonReply();
    }
  };

  return {
    onCommand,
    onRefresh: by(clicks, 'onRefresh'),
    onShowQueue: by(clicks, 'onShowQueue'),
    onPage: by(overviews, 'onPage'),
    onOpenHome: by(overviews, 'onOpenHome'),
    onWatch: watching ? by(watching, 'onWatch') : cannotWatch,
    onUnwatch: watching ? by(watching, 'onUnwatch') : cannotWatch,
    acting,
    onRefused: async (request: SlackRequest) =>
      (await (await watching?.())?.unwatchRefused(request)) ?? (await acting?.())?.evenIfRefused(request),
  };
}

/** If the bot can't watch, it says so, however it is asked. */
const cannotWatch: Handler = async () => toPerson(cannotWatchView(), { outcome: 'cannot watch here' });

/** Loads it with the first call. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => (loaded ??= load());
}

/** A handler that is loaded with the first request for it. */
export function by<Name extends string>(load: () => Promise<Record<Name, Handler>>, name: Name): Handler {
  return async (request) => (await load())[name](request);
}
