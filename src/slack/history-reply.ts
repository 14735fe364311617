import type { Queue } from '../domain/queue.ts';
import { findQueue } from '../operations/check-queue.ts';
import { type HistoryPorts, historyOf } from '../operations/history/history.ts';
import type { BotIdentity } from './bot-identity.ts';
import { type Reply, replyOf } from './reply.ts';
import type { SlackRequest } from './request.ts';
import { rememberedAtMost, rememberedView } from './views/remembered.ts';
import { cannotWatchView } from './views/watching.ts';

type Deps = {
  /** Absent: this bot cannot watch, so it has seen no redrive end. */
  history?: HistoryPorts;
  queues: readonly Queue[];
  identity: BotIdentity;
  searchable?: boolean;
  errorId: string;
};

/** What the bot remembers of a queue. A queue that is hidden here is answered as one that is not listed. */
export async function historyReply(
  typed: string,
  { person: { channelId } }: SlackRequest,
  { history, queues, identity, searchable = true, errorId }: Deps,
): Promise<Reply> {
  if (!history) return { to: 'person', message: cannotWatchView(), outcome: 'no history here' };
  const found = findQueue({ typed, channelId, asked: 1 }, queues);
  if ('answer' in found) return replyOf(found.answer, 'person', errorId, { searchable });
  const { queue } = found;
  // One more than is shown: whether there are more.
  const entries = await historyOf({ queueArn: queue.arn, atMost: rememberedAtMost + 1 }, history);
  const message = rememberedView({ queue, entries, workspaceUrl: identity.workspaceUrl });
  return { to: 'person', message, outcome: 'history', queueArn: queue.arn };
}
