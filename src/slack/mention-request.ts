import type { BotIdentity } from './bot-identity.ts';
import { type Origin, originByTeams } from './person-origin.ts';
import { askedBy, idIn, recordIn, type SlackRequest, textIn, tsIn } from './request.ts';
import { asTyped } from './typed-text.ts';

/** More than a person types to a bot. */
const longestText = 3_000;

export type Mention = {
  request: SlackRequest;
  /** The same for every delivery of the event. */
  eventId: string;
  /** The same for every event about the message. */
  messageId: string;
  isEdited: boolean;
};

/** Nothing when no person wrote it, so that bots do not answer each other, or when it does not say who and where. */
export function mentionRequest(body: object, identity: BotIdentity): Mention | undefined {
  const envelope: Record<string, unknown> = { ...body };
  const event = recordIn(envelope['event']) ?? {};
  const [userId, channelId, ts] = [idIn(event['user']), idIn(event['channel']), tsIn(event['ts'])];
  if (userId === undefined || channelId === undefined || ts === undefined) return undefined;
  if (isByABot(event, identity)) return undefined;
  const threadTs = tsIn(event['thread_ts']);
  const messageId = `${channelId}:${ts}`;
  return {
    request: {
      what: 'mention',
      ...askedBy({ userId, channelId }, originOfAuthor(event, envelope, identity)),
      text: asTyped((textIn(event['text']) ?? '').slice(0, longestText), identity.botUserId),
      threadTs: threadTs ?? ts,
      ...((threadTs === undefined || threadTs === ts) && { isInChannel: true }),
      answerKey: `mention:${messageId}`,
    },
    eventId: textIn(envelope['event_id']) ?? messageId,
    messageId,
    isEdited: event['edited'] !== undefined,
  };
}

function isByABot({ bot_id, subtype, user }: Record<string, unknown>, { botUserId }: BotIdentity): boolean {
  return bot_id !== undefined || subtype === 'bot_message' || user === botUserId || user === 'USLACKBOT';
}

/**
 * In a channel shared with other organizations an event may say in any of four places where the person comes from, or
 * in none. Elsewhere all are the bot's own people; but what names another workspace outside of any organization counts.
 */
function originOfAuthor(
  event: Record<string, unknown>,
  envelope: Record<string, unknown>,
  identity: BotIdentity,
): Origin {
  const { user_team, source_team, team } = event;
  const profile = recordIn(event['user_profile']);
  const teams = [user_team, source_team, team, profile?.['team']].flatMap((id) => idIn(id) ?? []);
  const isShared = envelope['is_ext_shared_channel'] !== false;
  const saysNothing = teams.length === 0 || identity.enterpriseId !== undefined;
  return !isShared && saysNothing ? { verdict: 'own', teams, isOpen: false } : originByTeams(identity, teams);
}
