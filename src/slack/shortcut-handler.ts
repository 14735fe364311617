import { checkMessage } from '../operations/check-message.ts';
import type { RefreshDeps } from '../operations/refresh-card.ts';
import type { BotIdentity } from './bot-identity.ts';
import { leadingIntoThread } from './into-thread.ts';
import type { Handler } from './listener.ts';
import type { Reply } from './reply.ts';
import { replyOf } from './reply-of.ts';
import { mentionedView, noneMentionedView } from './views/mentioned.ts';

/** "Check DLQ tasks" in a message's menu. */
export function createShortcutHandler(deps: RefreshDeps & { identity: BotIdentity }): Handler {
  const watchable = deps.watches !== undefined;
  return async ({ messageTexts = [], threadTs, asker: { channelId } }, errorId) => {
    const answer = await checkMessage({ texts: messageTexts, channelId }, deps);
    if (answer.kind !== 'mentioned') return replyOf(answer, 'channel', errorId, { watchable });
    const { queues } = answer;
    if (queues.length === 0) {
      return {
        to: 'asker',
        message: noneMentionedView(deps.identity.botName),
        outcome: 'no queue mentioned',
      };
    }
    const choice: Reply = {
      to: 'asker',
      message: mentionedView(queues),
      outcome: queues.length === 1 ? 'uncertain' : 'choice',
    };
    return leadingIntoThread(choice, threadTs);
  };
}
