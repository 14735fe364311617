import { isFinished } from '../domain/move-task.ts';
import { type Queue, unlistedQueue } from '../domain/queue.ts';
import { parseQueueReference, queuesNamed } from '../domain/queue-reference.ts';
import { mayBeSeenIn } from '../operations/access.ts';
import { newestOf } from '../operations/answer.ts';
import { checkQueue, findQueue } from '../operations/check-queue.ts';
import type { RefreshDeps } from '../operations/refresh-card.ts';
import type { Watches, WatchView } from '../operations/watching/watches.ts';
import type { BotIdentity } from './bot-identity.ts';
import { actionIds, readButtonValue } from './buttons.ts';
import type { Handler } from './listener.ts';
import type { ClickEdits } from './notifier/click-edits.ts';
import { parseCommand } from './parse-command.ts';
import type { Reply } from './reply.ts';
import { replyOf } from './reply-of.ts';
import { isAnsweredElsewhere, type SlackRequest } from './request.ts';
import { strangeButtonView } from './views/unexpected-error.ts';
import {
  nothingRunsView,
  nothingToUnwatchHereView,
  nothingToUnwatchView,
  unwatchedView,
  watchedAfterEndView,
  watchedAlreadyView,
  watchesView,
} from './views/watching.ts';

export type WatchHandlerDeps = RefreshDeps & {
  watches: Watches;
  identity: BotIdentity;
  clickEdits: ClickEdits;
};

/** Watch and Unwatch, as buttons and as commands. */
export function createWatchHandlers(deps: WatchHandlerDeps) {
  /** The queue and the task that a button names, when they may be watched from here. */
  function target({ text, clicked, asker }: SlackRequest, errorId: string) {
    const value = readButtonValue(text);
    const queue = deps.queues.find(({ arn }) => arn === value?.q);
    const isHidden = queue && !mayBeSeenIn(queue, asker.channelId);
    if (!clicked || !queue || isHidden || value?.s === undefined) {
      const message = strangeButtonView(errorId);
      const hidden = isHidden ? { queueArn: queue.arn } : {};
      return {
        reply: { to: 'asker', message, outcome: 'strange button', errorId, ...hidden } satisfies Reply,
      };
    }
    return { queue, startedAt: value.s, clicked };
  }

  const onWatch: Handler = async (request, errorId) => {
    const found = target(request, errorId);
    if ('reply' in found) return found.reply;
    const { queue, startedAt, clicked } = found;
    const user = request.asker.userId;
    const { kind } = await deps.watches.watch({ queue, startedAt, card: clicked, user });
    const facts = { outcome: `watch: ${kind}`, queueArn: found.queue.arn };
    if (kind === 'already') return { to: 'asker', message: watchedAlreadyView(found.queue), ...facts };
    deps.clickEdits.clicked(clicked, request.responseUrl);
    if (kind === 'joined-after-end') {
      return { to: 'asker', message: watchedAfterEndView(found.queue), ...facts };
    }
    return nobody(facts);
  };

  /** Leaves the card that was clicked. Whether its queue may be seen is not asked: anyone can always unwatch themselves. */
  async function leaveClicked({ clicked, asker, responseUrl }: SlackRequest): Promise<Reply | undefined> {
    if (!clicked) return undefined;
    const left = await deps.watches.unwatch({ card: clicked, user: asker.userId });
    const [one] = left;
    if (one) deps.clickEdits.clicked(clicked, responseUrl);
    return one && nobody({ outcome: `unwatch: ${left.length}`, queueArn: one.queueArn });
  }

  const onUnwatch: Handler = async (request, errorId) => {
    const left = await leaveClicked(request);
    if (left) return left;
    const value = readButtonValue(request.text);
    if (!request.clicked || !value) {
      return { to: 'asker', message: strangeButtonView(errorId), outcome: 'strange button', errorId };
    }
    const seen = inSightOf(request).find(({ arn }) => arn === value.q);
    const message = seen ? nothingToUnwatchView(seen) : nothingToUnwatchHereView();
    return { to: 'asker', message, outcome: 'unwatch: 0' };
  };

  /** Posts a card and watches it; with nothing running it says so, with how the last one ended. */
  async function watchQueue(typed: string, request: SlackRequest, errorId: string): Promise<Reply> {
    const { channelId, userId } = request.asker;
    const answer = await checkQueue({ typed, channelId, asked: 1 }, deps);
    if (answer.kind !== 'report') return replyOf(answer, 'channel', errorId);
    const { queue, task } = newestOf(answer.report);
    if (!task || isFinished(task) || task.startedAt === undefined) {
      const message = nothingRunsView(queue, task);
      return { to: 'asker', message, outcome: 'watch: nothing runs', queueArn: queue.arn };
    }
    const { startedAt } = task;
    return {
      ...replyOf(answer, 'channel', errorId),
      lostInPrivate: 'Nothing is watched: a watch needs a card that the channel sees.',
      whenPosted: async (card) => {
        await deps.watches.watch({ queue, startedAt, card, user: userId });
      },
    };
  }

  async function unwatchQueue(typed: string, request: SlackRequest, errorId: string): Promise<Reply> {
    const { channelId } = request.asker;
    const found = findQueue({ typed, channelId, asked: 1 }, deps.queues);
    const left = await ('answer' in found
      ? leaveOutOfSight(typed, request)
      : leaveQueue(found.queue, request));
    if (left) return left;
    if ('answer' in found) return replyOf(found.answer, 'asker', errorId);
    const { queue } = found;
    const message = nothingToUnwatchView(queue);
    return { to: 'asker', message, outcome: 'unwatch: 0', queueArn: queue.arn };
  }

  async function leaveQueue(queue: Queue, request: SlackRequest): Promise<Reply | undefined> {
    // Else whoever answers would find nothing left to leave.
    if (await isAnsweredElsewhere(request)) return undefined;
    const { userId: user } = request.asker;
    const left = await deps.watches.unwatch({ queueArn: queue.arn, user });
    if (left.length === 0) return undefined;
    const outcome = `unwatch: ${left.length}`;
    return { to: 'asker', message: unwatchedView(queue), outcome, queueArn: queue.arn };
  }

  /** A queue that is kept from this channel, or not listed any more, is known to who watches it, and to nobody else. */
  async function leaveOutOfSight(typed: string, request: SlackRequest): Promise<Reply | undefined> {
    const reference = parseQueueReference(typed);
    const mine = await deps.watches.list({ user: request.asker.userId });
    const arns = [...new Set(mine.map(({ queueArn }) => queueArn))];
    const watched = arns.map((arn) => deps.queues.find((queue) => queue.arn === arn) ?? unlistedQueue(arn));
    const [queue, ...others] = reference ? queuesNamed(reference, watched) : [];
    return queue && others.length === 0 ? leaveQueue(queue, request) : undefined;
  }

  /** For somebody whom the access rules refuse: nothing, unless they watched. */
  async function unwatchAnyway(request: SlackRequest): Promise<Reply | undefined> {
    if (request.what === actionIds.unwatch) return leaveClicked(request);
    if (request.what !== 'command' && request.what !== 'mention') return undefined;
    const command = parseCommand(request.text);
    if ('wrong' in command || command.kind !== 'unwatch') return undefined;
    return leaveOutOfSight(command.typed, request);
  }

  const inSightOf = ({ asker }: SlackRequest) =>
    deps.queues.filter((queue) => mayBeSeenIn(queue, asker.channelId));

  async function listWatches(request: SlackRequest): Promise<Reply> {
    const { userId, channelId } = request.asker;
    const mine = await deps.watches.list({ user: userId });
    const here = await deps.watches.list({ channel: channelId });
    const others = here.filter((watch) => !watch.watchers.includes(userId));
    const message = watchesView({
      mine: withQueues(mine, deps.queues),
      others: withQueues(others, inSightOf(request)),
      workspaceUrl: deps.identity.workspaceUrl,
    });
    return { to: 'asker', message, outcome: 'watches' };
  }

  return { onWatch, onUnwatch, watchQueue, unwatchQueue, unwatchAnyway, listWatches };
}

/** The card says the rest as soon as it has been looked at. */
function nobody(facts: { outcome: string; queueArn: string }): Reply {
  return { to: 'nobody', message: { text: '', blocks: [] }, ...facts };
}

function withQueues(watches: readonly WatchView[], queues: readonly Queue[]) {
  return watches.flatMap((watch) => {
    const queue = queues.find(({ arn }) => arn === watch.queueArn);
    return queue ? [{ watch, queue }] : [];
  });
}
