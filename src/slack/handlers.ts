import { offersRedrives } from '../domain/queue.ts';
import { checkQueue, findQueue } from '../operations/check-queue.ts';
import { RecentMap } from '../operations/expiring.ts';
import { historyOf } from '../operations/history.ts';
import { overviewOf } from '../operations/overview.ts';
import { refreshCard } from '../operations/refresh-card.ts';
import { createActionHandlers } from './actions/action-handlers.ts';
import { type ButtonValue, readButtonValue } from './buttons.ts';
import { createOverviewHandlers } from './overview-handlers.ts';
import { parseCommand } from './parse-command.ts';
import {
  type Handler,
  type HandlerDeps,
  noReply,
  type Reply,
  replyOf,
  toPerson,
  unknownButtonReply,
} from './reply.ts';
import type { SlackRequest } from './request.ts';
import { helpView, misunderstandingView } from './views/help.ts';
import { rememberedAtMost, rememberedView } from './views/history.ts';
import { cannotWatchView } from './views/watching.ts';
import { createWatchHandlers } from './watch-handlers.ts';

export function createHandlers(deps: HandlerDeps) {
  const { watches } = deps;
  const acting = deps.actions && createActionHandlers({ ...deps, actions: deps.actions });
  const watching = watches ? createWatchHandlers({ ...deps, watches }) : noWatchHandlers;

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
        return watching.watchQueue(command.typed, request);
      case 'unwatch':
        return watching.unwatchQueue(command.typed, request);
      case 'history':
        return historyReply(command.typed, request, deps);
      case 'watches':
        return watching.listWatches(request);
      case 'redrive':
      case 'cancel':
        return acting ? acting.onWord(command, request) : unknownButtonReply();
    }
  };

  const onRefresh: Handler = async ({ text, person: { channelId }, clicked }) => {
    const value = readButtonValue(text);
    if (!value) return unknownButtonReply();
    const { q, n, at, m, s } = value;
    const earlier =
      at !== undefined && m !== undefined && s !== undefined ? [{ at, moved: m, startedAt: s }] : [];
    const answer = await refreshCard({ typed: q, channelId, asked: n, earlier }, clicked, deps);
    return { ...replyOf(answer, 'clicked', deps), ...shownBefore(value, deps.clock()) };
  };

  const isDoubleClick = doubleClicks(deps.clock);

  const onShowQueue: Handler = async ({ text, person: { userId, channelId } }) => {
    const value = readButtonValue(text);
    if (!value) return unknownButtonReply();
    if (isDoubleClick([userId, channelId, value.q].join(' '))) return noReply({ outcome: 'double click' });
    const answer = await checkQueue({ typed: value.q, channelId, asked: value.n }, deps);
    return { ...replyOf(answer, 'channel', deps), removesClicked: true };
  };

  return {
    onCommand,
    onRefresh,
    onShowQueue,
    ...createOverviewHandlers(deps),
    ...watching,
    acting,
    onRefused: async (request: SlackRequest) =>
      (await watching.unwatchRefused(request)) ?? acting?.evenIfRefused(request),
  };
}

const doubleClickMs = 2_000;

/** The second click of a double click posts no second card. */
function doubleClicks(clock: () => number): (click: string) => boolean {
  const lately = new RecentMap<number>(1_000);
  return (click) => {
    const isAgain = clock() - (lately.get(click) ?? Number.NEGATIVE_INFINITY) < doubleClickMs;
    if (!isAgain) lately.set(click, clock());
    return isAgain;
  };
}

/** The button says what its card shows; this process may have been started since. */
function shownBefore({ at, s, end }: ButtonValue, now: number): Pick<Reply, 'shownBefore'> {
  if (at === undefined || at > now) return {};
  const task = s === undefined ? {} : { startedAt: s };
  return { shownBefore: { seenAt: at, ...task, isFinal: end === 1 } };
}

const cannotWatch = async (): Promise<Reply> => toPerson(cannotWatchView(), { outcome: 'cannot watch here' });

/** If the bot can't watch, it says so, however it is asked. */
const noWatchHandlers: ReturnType<typeof createWatchHandlers> = {
  onWatch: cannotWatch,
  onUnwatch: cannotWatch,
  watchQueue: cannotWatch,
  unwatchQueue: cannotWatch,
  unwatchRefused: async () => undefined,
  listWatches: cannotWatch,
};

/** What the bot remembers of a queue. A queue that is hidden here is answered as one that is not listed. */
async function historyReply(
  typed: string,
  { person: { channelId } }: SlackRequest,
  deps: HandlerDeps,
): Promise<Reply> {
  const { history, queues, identity } = deps;
  if (!history) return toPerson(cannotWatchView(), { outcome: 'no history here' });
  const found = findQueue({ typed, channelId, asked: 1 }, queues);
  if ('answer' in found) return replyOf(found.answer, 'person', deps);
  const { queue } = found;
  // One more than is shown: whether there are more.
  const entries = await historyOf({ queueArn: queue.arn, atMost: rememberedAtMost + 1 }, history);
  const message = rememberedView({ queue, entries, workspaceUrl: identity.workspaceUrl });
  return toPerson(message, { outcome: 'history', queueArn: queue.arn });
}
