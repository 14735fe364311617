import { checkMessage } from '../operations/check-queue.ts';
import type { RefreshDeps } from '../operations/refresh-card.ts';
import type { BotIdentity } from './bot-identity.ts';
import type { Handler } from './listener.ts';
import { messageTexts } from './message-texts.ts';
import { leadingIntoThread, replyOf, toPerson } from './reply.ts';
import { askedBy, idIn, originOfUser, recordIn, responseUrlIn, type SlackRequest, tsIn } from './request.ts';
import { mentionedView, noneMentionedView } from './views/private-message.ts';

/** undefined if it has no user or no message. The answer belongs in that message's thread. */
export function shortcutRequest(body: object, identity: BotIdentity): SlackRequest | undefined {
  const shortcut: Record<string, unknown> = { ...body };
  const [user, channel, message] = ['user', 'channel', 'message'].map((part) => recordIn(shortcut[part]));
  const [userId, channelId] = [idIn(user?.['id']), idIn(channel?.['id'])];
  const ts = tsIn(message?.['ts']) ?? tsIn(shortcut['message_ts']);
  if (userId === undefined || channelId === undefined || ts === undefined) return undefined;
  const threadTs = tsIn(message?.['thread_ts']) ?? ts;
  return {
    what: 'shortcut',
    ...askedBy({ userId, channelId }, originOfUser(identity, user)),
    text: '',
    messageTexts: messageTexts(message),
    ...responseUrlIn(shortcut),
    threadTs,
    ...(threadTs === ts && { isInChannel: true }),
  };
}

/** "Check DLQ tasks" in a message's menu. */
export function createShortcutHandler(deps: RefreshDeps & { identity: BotIdentity }): Handler {
  const watchable = deps.watches !== undefined;
  return async ({ messageTexts = [], threadTs, person: { channelId } }, errorId) => {
    const answer = await checkMessage({ texts: messageTexts, channelId }, deps);
    if (answer.kind !== 'mentioned') return replyOf(answer, 'channel', errorId, { watchable });
    const { queues } = answer;
    if (queues.length === 0) {
      return toPerson(noneMentionedView(deps.identity.botName), { outcome: 'no queue mentioned' });
    }
    const outcome = queues.length === 1 ? 'uncertain' : 'choice';
    return leadingIntoThread(toPerson(mentionedView(queues), { outcome }), threadTs);
  };
}
