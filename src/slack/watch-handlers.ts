import { isFinished } from '../domain/move-task-status.ts';
import { mayBeSeenIn, type Queue, unlistedQueue } from '../domain/queue.ts';
import { parseQueueReference, queuesNamed } from '../domain/queue-reference.ts';
import { checkQueue, findQueue, newestOf } from '../operations/check-queue.ts';
import { withQueues } from '../operations/overview.ts';
import type { Watches } from '../operations/watching/watches.ts';
import { readButtonValue } from './button-values.ts';
import { actionIds } from './buttons.ts';
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
import { isAnsweredElsewhere, type SlackRequest } from './request.ts';
import { nothingRunsView, nothingToUnwatchHereView, watchAnswerView, watchesView } from './views/watching.ts';

type WatchHandlerDeps = HandlerDeps & { watches: Watches };

/** The queues that may be shown where the request was made. */
function queuesInSight({ person }: SlackRequest, queues: readonly Queue[]): Queue[] {
  return queues.filter((queue) => mayBeSeenIn(queue, person.channelId));
}

export function createWatchHandlers(deps: WatchHandlerDeps) {
  return { ...watching(deps), ...unwatching(deps) };
}

function watching(deps: WatchHandlerDeps) {
  const onWatch: Handler = async (request) => {
    const { text, clicked, person, responseUrl } = request;
    const value = readButtonValue(text);
    const queue = deps.queues.find(({ arn }) => arn === value?.q);
    const isHidden = queue !== undefined && !mayBeSeenIn(queue, person.channelId);
    if (!clicked || !queue || isHidden || value?.s === undefined) {
      return unknownButtonReply(isHidden ? queue : undefined);
    }
    const startedAt = value.s;
    const { kind } = await deps.watches.watch({ queue, startedAt, card: clicked, user: person.userId });
    const facts = { outcome: `watch: ${kind}`, queueArn: queue.arn };
    if (kind === 'already') return toPerson(watchAnswerView('watched already', queue), facts);
    deps.clickEdits.clicked(clicked, responseUrl);
    // Otherwise the edited card shows the rest.
    return kind === 'joined-after-end'
      ? toPerson(watchAnswerView('watched after the end', queue), facts)
      : noReply(facts);
  };

  /** Posts a card and watches it; if nothing is running, it says so and how the last redrive ended. */
  async function watchQueue(typed: string, request: SlackRequest): Promise<Reply> {
    const { channelId, userId: user } = request.person;
    const answer = await checkQueue({ typed, channelId, asked: 1 }, deps);
    if (answer.kind !== 'report') return replyOf(answer, 'channel', deps);
    const { queue, task } = newestOf(answer.report);
    if (!task || isFinished(task) || task.startedAt === undefined) {
      return toPerson(nothingRunsView(queue, task), { outcome: 'watch: nothing runs', queueArn: queue.arn });
    }
    const { startedAt } = task;
    return {
      ...replyOf(answer, 'channel', deps),
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

/** Unwatch, as a button and as a command: anyone can always unwatch themselves, whatever they are allowed to see. */
function unwatching(deps: WatchHandlerDeps) {
  const onUnwatch: Handler = async (request) => {
    const left = await leaveClicked(request, deps);
    if (left) return left;
    const value = readButtonValue(request.text);
    if (!request.clicked || !value) return unknownButtonReply();
    const seen = queuesInSight(request, deps.queues).find(({ arn }) => arn === value.q);
    const message = seen ? watchAnswerView('not watched', seen) : nothingToUnwatchHereView();
    return toPerson(message, { outcome: 'unwatch: 0' });
  };

  async function unwatchQueue(typed: string, request: SlackRequest): Promise<Reply> {
    const { channelId } = request.person;
    const found = findQueue({ typed, channelId, asked: 1 }, deps.queues);
    const left = await ('answer' in found
      ? leaveOutOfSight(typed, request, deps)
      : leaveQueue(found.queue, request, deps));
    if (left) return left;
    if ('answer' in found) return replyOf(found.answer, 'person', deps);
    const { queue } = found;
    return toPerson(watchAnswerView('not watched', queue), { outcome: 'unwatch: 0', queueArn: queue.arn });
  }

  /** For a person whom the access rules refuse: undefined, unless they were watching. */
  async function unwatchRefused(request: SlackRequest): Promise<Reply | undefined> {
    if (request.what === actionIds.unwatch) return leaveClicked(request, deps);
    if (request.what !== 'command' && request.what !== 'mention') return undefined;
    const command = parseCommand(request.text);
    if ('wrong' in command || command.kind !== 'unwatch') return undefined;
    return leaveOutOfSight(command.typed, request, deps);
  }

  return { onUnwatch, unwatchQueue, unwatchRefused };
}

/** Stops watching the clicked card. */
async function leaveClicked(
  { clicked, person, responseUrl }: SlackRequest,
  { watches, clickEdits }: WatchHandlerDeps,
): Promise<Reply | undefined> {
  if (!clicked) return undefined;
  const left = await watches.unwatch({ card: clicked, user: person.userId });
  const [one] = left;
  if (one) clickEdits.clicked(clicked, responseUrl);
  return one && noReply({ outcome: `unwatch: ${left.length}`, queueArn: one.queueArn });
}

async function leaveQueue(
  queue: Queue,
  request: SlackRequest,
  { watches }: WatchHandlerDeps,
): Promise<Reply | undefined> {
  // Otherwise another process that answers the same request would find no watch left.
  if (await isAnsweredElsewhere(request)) return undefined;
  const left = await watches.unwatch({ queueArn: queue.arn, user: request.person.userId });
  if (left.length === 0) return undefined;
  return toPerson(watchAnswerView('unwatched', queue), {
    outcome: `unwatch: ${left.length}`,
    queueArn: queue.arn,
  });
}

/** Only its watchers may learn about a queue that is hidden from this channel or no longer listed. */
async function leaveOutOfSight(
  typed: string,
  request: SlackRequest,
  deps: WatchHandlerDeps,
): Promise<Reply | undefined> {
  const reference = parseQueueReference(typed);
  const mine = await deps.watches.list({ user: request.person.userId });
  const arns = [...new Set(mine.map(({ queueArn }) => queueArn))];
  const watched = arns.map((arn) => deps.queues.find((queue) => queue.arn === arn) ?? unlistedQueue(arn));
  const [queue, ...others] = reference ? queuesNamed(reference, watched) : [];
  return queue && others.length === 0 ? leaveQueue(queue, request, deps) : undefined;
}
