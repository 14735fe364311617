import { type Queue, unlistedQueue } from '../domain/queue.ts';
import { parseQueueReference, queuesNamed } from '../domain/queue-reference.ts';
import { findQueue } from '../operations/check-queue.ts';
import { actionIds, readButtonValue } from './buttons.ts';
import type { Handler } from './listener.ts';
import { parseCommand } from './parse-command.ts';
import { noReply, type Reply, replyOf, toPerson, unknownButtonReply } from './reply.ts';
import { isAnsweredElsewhere, type SlackRequest } from './request.ts';
import { nothingToUnwatchHereView, nothingToUnwatchView, unwatchedView } from './views/watching.ts';
import { queuesInSight, type WatchHandlerDeps } from './watch-handlers.ts';

type UnwatchHandlerDeps = Pick<WatchHandlerDeps, 'watches' | 'queues' | 'clickEdits'>;

/** Unwatch, as a button and as a command: anyone can always unwatch themselves, whatever they are allowed to see. */
export function createUnwatchHandlers(deps: UnwatchHandlerDeps) {
  const onUnwatch: Handler = async (request, errorId) => {
    const left = await leaveClicked(request, deps);
    if (left) return left;
    const value = readButtonValue(request.text);
    if (!request.clicked || !value) return unknownButtonReply(errorId);
    const seen = queuesInSight(request, deps.queues).find(({ arn }) => arn === value.q);
    const message = seen ? nothingToUnwatchView(seen) : nothingToUnwatchHereView();
    return toPerson(message, { outcome: 'unwatch: 0' });
  };

  async function unwatchQueue(typed: string, request: SlackRequest, errorId: string): Promise<Reply> {
    const { channelId } = request.person;
    const found = findQueue({ typed, channelId, asked: 1 }, deps.queues);
    const left = await ('answer' in found
      ? leaveOutOfSight(typed, request, deps)
      : leaveQueue(found.queue, request, deps));
    if (left) return left;
    if ('answer' in found) return replyOf(found.answer, 'person', errorId);
    const { queue } = found;
    return toPerson(nothingToUnwatchView(queue), { outcome: 'unwatch: 0', queueArn: queue.arn });
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
  { watches, clickEdits }: UnwatchHandlerDeps,
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
  { watches }: UnwatchHandlerDeps,
): Promise<Reply | undefined> {
  // Otherwise another process that answers the same request would find no watch left.
  if (await isAnsweredElsewhere(request)) return undefined;
  const left = await watches.unwatch({ queueArn: queue.arn, user: request.person.userId });
  if (left.length === 0) return undefined;
  return toPerson(unwatchedView(queue), { outcome: `unwatch: ${left.length}`, queueArn: queue.arn });
}

/** Only its watchers may learn about a queue that is hidden from this channel or no longer listed. */
async function leaveOutOfSight(
  typed: string,
  request: SlackRequest,
  deps: UnwatchHandlerDeps,
): Promise<Reply | undefined> {
  const reference = parseQueueReference(typed);
  const mine = await deps.watches.list({ user: request.person.userId });
  const arns = [...new Set(mine.map(({ queueArn }) => queueArn))];
  const watched = arns.map((arn) => deps.queues.find((queue) => queue.arn === arn) ?? unlistedQueue(arn));
  const [queue, ...others] = reference ? queuesNamed(reference, watched) : [];
  return queue && others.length === 0 ? leaveQueue(queue, request, deps) : undefined;
}
