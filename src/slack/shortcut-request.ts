import type { BotIdentity } from './bot-identity.ts';
import { messageTexts } from './message-texts.ts';
import { askedBy, idIn, originOfUser, recordIn, responseUrlIn, type SlackRequest, tsIn } from './request.ts';

/** Nothing when it does not say who asks, and about which message. The answer belongs in that message's thread. */
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
