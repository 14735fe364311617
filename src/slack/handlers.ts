import type { Answer } from '../operations/answer.ts';
import { checkQueue } from '../operations/check-queue.ts';
import { overviewOf } from '../operations/overview.ts';
import { type RefreshDeps, refreshCard } from '../operations/refresh-card.ts';
import { readButtonValue } from './button-value.ts';
import type { Home } from './home.ts';
import type { Handler } from './listener.ts';
import { noWatchHandlers } from './no-watch-handlers.ts';
import { parseCommand } from './parse-command.ts';
import type { Reply } from './reply.ts';
import { replyOf } from './reply-of.ts';
import { helpView } from './views/help.ts';
import { strangeButtonView } from './views/mishap.ts';
import { misunderstandingView } from './views/misunderstanding.ts';
import { createWatchHandlers } from './watch-handlers.ts';

/** What each command and each button does. */
export function createHandlers(deps: RefreshDeps & { home: Home }) {
  const { watches } = deps;
  const canWatch = watches !== undefined;
  const watching = canWatch ? createWatchHandlers({ ...deps, watches }) : noWatchHandlers;
  const answered = (answer: Answer, to: Reply['to'], errorId: string) =>
    replyOf(answer, to, errorId, canWatch);

  const onCommand: Handler = async (request, errorId) => {
    const { channelId } = request.asker;
    const command = parseCommand(request.text);
    if ('wrong' in command) {
      const message = misunderstandingView(command, errorId);
      return { to: 'asker', message, outcome: command.wrong, errorId };
    }
    switch (command.kind) {
      case 'help':
        return { to: 'asker', message: helpView(canWatch), outcome: 'help' };
      case 'overview':
        return answered(await overviewOf(channelId, deps), 'channel', errorId);
      case 'show':
        return answered(await checkQueue({ ...command, channelId }, deps), 'channel', errorId);
      case 'watch':
        return watching.watchQueue(command.typed, request, errorId);
      case 'unwatch':
        return watching.unwatchQueue(command.typed, request, errorId);
      case 'watches':
        return watching.listWatches(request);
    }
  };

  const onQueueButton =
    (to: Reply['to']): Handler =>
    async ({ text, asker: { channelId }, clicked }, errorId) => {
      const value = readButtonValue(text);
      if (!value) return strangeButton(errorId);
      const { q, n, at, m, s } = value;
      const earlier =
        at !== undefined && m !== undefined && s !== undefined ? [{ at, moved: m, startedAt: s }] : [];
      const question = { typed: q, channelId, asked: n, earlier };
      if (to === 'channel') {
        return { ...answered(await checkQueue(question, deps), to, errorId), removesClicked: true };
      }
      const card = clicked && { ...clicked, channel: clicked.channelId };
      return answered(await refreshCard(question, card, deps), to, errorId);
    };

  const onRefreshOverview: Handler = async ({ asker: { channelId } }, errorId) =>
    answered(await overviewOf(channelId, deps), 'clicked', errorId);

  return {
    onCommand,
    onRefresh: onQueueButton('clicked'),
    onShowQueue: onQueueButton('channel'),
    onRefreshOverview,
    onWatch: watching.onWatch,
    onUnwatch: watching.onUnwatch,
  };
}

function strangeButton(errorId: string): Reply {
  return { to: 'asker', message: strangeButtonView(errorId), outcome: 'strange button', errorId };
}
