import { findQueue } from '../operations/check-queue.ts';
import { historyOf } from '../operations/history.ts';
import { type HandlerDeps, type Reply, replyOf, toPerson } from './reply.ts';
import type { SlackRequest } from './request.ts';
import { historyAtMost, historyView } from './views/history.ts';
import { cannotWatchView } from './views/watching.ts';

/** What the bot remembers of a queue. A queue that is hidden here is answered as one that is not listed. */
export async function historyReply(
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
  const entries = await historyOf({ queueArn: queue.arn, atMost: historyAtMost + 1 }, history);
  const message = historyView({ queue, entries, workspaceUrl: identity.workspaceUrl });
  return toPerson(message, { outcome: 'history', queueArn: queue.arn });
}
