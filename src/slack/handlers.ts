import { checkQueue } from '../operations/check-queue.ts';
import { overviewOf } from '../operations/overview.ts';
import { refreshCard } from '../operations/refresh-card.ts';
import { readButtonValue } from './button-value.ts';
import type { Handler } from './listener.ts';
import { parseCommand } from './parse-command.ts';
import type { Reply } from './reply.ts';
import { replyOf } from './reply-of.ts';
import { helpView } from './views/help.ts';
import { strangeButtonView } from './views/mishap.ts';
import { misunderstandingView } from './views/misunderstanding.ts';
import { createWatchHandlers, type WatchHandlerDeps } from './watch-handlers.ts';

/** What each command and each button does. */
export function createHandlers(deps: WatchHandlerDeps) {
  const watching = createWatchHandlers(deps);

  const onCommand: Handler = async (request, errorId) => {
    const { channelId } = request.asker;
    const command = parseCommand(request.text);
    if ('wrong' in command) {
      const message = misunderstandingView(command, errorId);
      return { to: 'asker', message, outcome: command.wrong, errorId };
    }
    switch (command.kind) {
      case 'help':
        return { to: 'asker', message: helpView(), outcome: 'help' };
      case 'overview':
        return replyOf(await overviewOf(channelId, deps), 'channel', errorId);
      case 'show':
        return replyOf(await checkQueue({ ...command, channelId }, deps), 'channel', errorId);
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
        return { ...replyOf(await checkQueue(question, deps), to, errorId), removesClicked: true };
      }
      const card = clicked && { ...clicked, channel: clicked.channelId };
      return replyOf(await refreshCard(question, card, deps), to, errorId);
    };

  const onRefreshOverview: Handler = async ({ asker: { channelId } }, errorId) =>
    replyOf(await overviewOf(channelId, deps), 'clicked', errorId);

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
