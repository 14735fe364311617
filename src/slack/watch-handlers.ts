import { isFinished } from '../domain/move-task.ts';
import { mayBeSeenIn, type Queue } from '../domain/queue.ts';
import { newestOf } from '../operations/answer.ts';
import { withQueues } from '../operations/app-home.ts';
import { checkQueue } from '../operations/check-queue.ts';
import type { RefreshDeps } from '../operations/refresh-card.ts';
import type { Watches } from '../operations/watching/watches.ts';
import type { BotIdentity } from './bot-identity.ts';
import { readButtonValue } from './buttons.ts';
import type { Handler } from './listener.ts';
import type { ClickEdits } from './notifier/click-edits.ts';
import { noReply, type Reply, replyOf, toPerson, unknownButtonReply } from './reply.ts';
import type { SlackRequest } from './request.ts';
import { nothingRunsView, watchedAfterEndView, watchedAlreadyView, watchesView } from './views/watching.ts';

export type WatchHandlerDeps = RefreshDeps & {
  watches: Watches;
  identity: BotIdentity;
  clickEdits: ClickEdits;
};

/** The queues that may be shown where the request was made. */
export function queuesInSight({ person }: SlackRequest, queues: readonly Queue[]): Queue[] {
  return queues.filter((queue) => mayBeSeenIn(queue, person.channelId));
}

export function createWatchHandlers(deps: WatchHandlerDeps) {
  const onWatch: Handler = async (request, errorId) => {
    const { text, clicked, person, responseUrl } = request;
    const value = readButtonValue(text);
    const queue = deps.queues.find(({ arn }) => arn === value?.q);
    const isHidden = queue !== undefined && !mayBeSeenIn(queue, person.channelId);
    if (!clicked || !queue || isHidden || value?.s === undefined) {
      return unknownButtonReply(errorId, isHidden ? queue : undefined);
    }
    const startedAt = value.s;
    const { kind } = await deps.watches.watch({ queue, startedAt, card: clicked, user: person.userId });
    const facts = { outcome: `watch: ${kind}`, queueArn: queue.arn };
    if (kind === 'already') return toPerson(watchedAlreadyView(queue), facts);
    deps.clickEdits.clicked(clicked, responseUrl);
    // Otherwise the edited card shows the rest.
    return kind === 'joined-after-end' ? toPerson(watchedAfterEndView(queue), facts) : noReply(facts);
  };

  /** Posts a card and watches it; if nothing is running, it says so and how the last redrive ended. */
  async function watchQueue(typed: string, request: SlackRequest, errorId: string): Promise<Reply> {
    const { channelId, userId: user } = request.person;
    const answer = await checkQueue({ typed, channelId, asked: 1 }, deps);
    if (answer.kind !== 'report') return replyOf(answer, 'channel', errorId);
    const { queue, task } = newestOf(answer.report);
    if (!task || isFinished(task) || task.startedAt === undefined) {
      return toPerson(nothingRunsView(queue, task), { outcome: 'watch: nothing runs', queueArn: queue.arn });
    }
    const { startedAt } = task;
    return {
      ...replyOf(answer, 'channel', errorId),
      notDoneInPrivate: 'Nothing is being watched: a watch needs a card that the channel can see.',
      whenPosted: async (card) => {
        await deps.watches.watch({ queue, startedAt, card, user });
      },
    };
  }

  async function listWatches(request: SlackRequest): Promise<Reply> {
    const { userId, channelId } = request.person;
    const mine = await deps.watches.list({ user: userId });
    const here = await deps.watches.list({ channel: channelId });
    const others = here.filter((watch) => !watch.watchers.includes(userId));
    const message = watchesView({
      mine: withQueues(mine, deps.queues),
      others: withQueues(others, queuesInSight(request, deps.queues)),
      workspaceUrl: deps.identity.workspaceUrl,
    });
    return toPerson(message, { outcome: 'watches' });
  }

  return { onWatch, watchQueue, listWatches };
}
