import { createActionHandlers } from './actions/action-handlers.ts';
import { submissionRequest } from './actions/submission.ts';
import { historyReply } from './history-handler.ts';
import {
  appHomeRequest,
  createOverviewHandlers,
  type SearchDeps,
  searchOptions,
} from './overview-handlers.ts';
import { createQueueHandlers } from './queue-handlers.ts';
import { type Handler, type HandlerDeps, toPerson } from './reply.ts';
import type { SlackRequest } from './request.ts';
import { cannotActView } from './views/actions/answers.ts';
import { cannotWatchView } from './views/watching.ts';
import { createWatchHandlers } from './watch-handlers.ts';

/** Every handler except those of commands that show queues or help. */
export function createLazyHandlers(deps: HandlerDeps & SearchDeps) {
  const { watches, actions } = deps;
  const watching = watches ? createWatchHandlers({ ...deps, watches }) : noWatchHandlers;
  const acting = actions ? createActionHandlers({ ...deps, actions }) : noActionHandlers;

  return {
    ...createQueueHandlers(deps),
    ...createOverviewHandlers(deps),
    ...watching,
    acting,
    appHomeRequest,
    submissionRequest,
    optionsFor: (search: object) => searchOptions(search, deps),
    showHistory: (typed: string, request: SlackRequest) => historyReply(typed, request, deps),
    onRefused: async (request: SlackRequest) =>
      (await watching.unwatchRefused(request)) ?? acting.evenIfRefused(request),
  };
}

const cannotWatch: Handler = async () => toPerson(cannotWatchView(), { outcome: 'cannot watch here' });

/** If the bot can't watch, it says so, however it is asked. */
const noWatchHandlers: ReturnType<typeof createWatchHandlers> = {
  onWatch: cannotWatch,
  onUnwatch: cannotWatch,
  watchQueue: async (_, request) => cannotWatch(request),
  unwatchQueue: async (_, request) => cannotWatch(request),
  unwatchRefused: async () => undefined,
  listWatches: cannotWatch,
};

const cannotAct: Handler = async ({ submitted }) =>
  toPerson(cannotActView(submitted?.form), { outcome: 'cannot act here' });

/** If the bot has no actions, older buttons and forms say so. */
const noActionHandlers: ReturnType<typeof createActionHandlers> = {
  onWord: (_, request) => cannotAct(request),
  onOpenForm: cannotAct,
  onStartAgain: cannotAct,
  faultsOf: () => undefined,
  onSubmit: cannotAct,
  onCancel: cannotAct,
  onApprove: cannotAct,
  onDecline: cannotAct,
  onWithdraw: cannotAct,
  evenIfRefused: async (request) => (request.submitted ? cannotAct(request) : undefined),
};
