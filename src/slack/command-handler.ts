import { offersRedrives } from '../domain/queue.ts';
import { checkQueue } from '../operations/check-queue.ts';
import { overviewOf } from '../operations/overview.ts';
import type { createLazyHandlers } from './lazy-handlers.ts';
import { parseCommand } from './parse-command.ts';
import { type Handler, type HandlerDeps, replyOf, toPerson } from './reply.ts';
import { helpView, misunderstandingView } from './views/help.ts';

/** Answers `/dlq-tasks …`. `others`: loads the handlers of the other commands. */
export function createCommandHandler(
  deps: HandlerDeps,
  others: () => Promise<ReturnType<typeof createLazyHandlers>>,
): Handler {
  return async (request) => {
    const { channelId } = request.person;
    const command = parseCommand(request.text, deps.knowsActionWords);
    if ('wrong' in command) {
      return toPerson(misunderstandingView(command), { outcome: command.wrong });
    }
    switch (command.kind) {
      case 'help': {
        const abilities = { canWatch: deps.watches !== undefined, canAct: offersRedrives(deps.queues) };
        return toPerson(helpView(abilities), { outcome: 'help' });
      }
      case 'overview':
        return replyOf(await overviewOf({ channelId }, deps), 'channel', deps);
      case 'show':
        return replyOf(await checkQueue({ ...command, channelId }, deps), 'channel', deps);
      case 'watch':
        return (await others()).watchQueue(command.typed, request);
      case 'unwatch':
        return (await others()).unwatchQueue(command.typed, request);
      case 'watches':
        return (await others()).listWatches(request);
      case 'history':
        return (await others()).showHistory(command.typed, request);
      case 'redrive':
      case 'cancel':
        return (await others()).acting.onWord(command, request);
    }
  };
}
