import type { WebClient } from '@slack/web-api';
import { offersRedrives, type Queue } from '../domain/queue.ts';
import type { Log } from '../operations/log.ts';
import type { BotIdentity } from './bot-identity.ts';
import type { Handler } from './listener.ts';
import { asTyped } from './message-texts.ts';
import { findInThread, unlessUnreadable } from './notifier/find-message.ts';
import { parseCommand } from './parse-command.ts';
import { type Origin, originByTeams } from './person-origin.ts';
import { RecentMap } from './recent-map.ts';
import { leadingIntoThread, noReply, toPerson } from './reply.ts';
import { askedBy, idIn, recordIn, type SlackRequest, textIn, tsIn } from './request.ts';
import { helpView, misunderstoodMentionView } from './views/help.ts';

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

/** undefined if no person wrote it, so that bots do not answer each other, or if it has no user or channel. */
function mentionRequest(body: object, identity: BotIdentity): Mention | undefined {
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
 * In a channel shared with other organizations, the event may contain the person's origin in any of four
 * fields, or in none. In other channels everyone is from the bot's own organization, unless the event names
 * another workspace outside of any organization.
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

export type MentionDeps = {
  client: WebClient;
  identity: BotIdentity;
  log: Log;
  /** Absent if the bot can't watch. */
  watches?: unknown;
  queues: readonly Queue[];
  knowsActionWords?: boolean;
  onCommand: Handler;
};

/** Slack repeats an event for about six minutes. */
const remembered = 5_000;

/**
 * Answers mentions of the bot. Slack delivers an event again until it is acknowledged, and an edited message
 * may cause a new one; each message is answered once. This process remembers what it has received. If another
 * process may have answered before, the bot searches the thread, where each answer carries its key. A private
 * answer can't be found there and may be sent twice.
 */
export function createMentions(deps: MentionDeps) {
  const { client, identity, log, onCommand } = deps;
  const { botName } = identity;
  const abilities = { botName, canWatch: deps.watches !== undefined, canAct: offersRedrives(deps.queues) };
  const recentIds = new RecentMap<true>(remembered);

  const answer: Handler = async (request, errorId) => {
    const command = parseCommand(request.text, deps.knowsActionWords);
    if ('wrong' in command) {
      return toPerson(misunderstoodMentionView(command, abilities), { outcome: command.wrong });
    }
    if (command.kind === 'overview' || command.kind === 'help') {
      return toPerson(helpView(abilities), { outcome: 'help' });
    }
    return leadingIntoThread(await onCommand(request, errorId), request.threadTs);
  };

  const answerIfNew: Handler = async (request, errorId) => {
    if (!(await isAnswered(request))) return answer(request, errorId);
    return noReply({ outcome: 'answered before' });
  };

  async function isAnswered({ answerKey, person: { channelId }, threadTs }: SlackRequest): Promise<boolean> {
    if (answerKey === undefined || threadTs === undefined) return false;
    const search = findInThread({ key: answerKey }, { channel: channelId, threadTs }, { client, identity });
    return (await unlessUnreadable(search, answerKey, log)) !== undefined;
  }

  return {
    /** What to do about an event; undefined if it needs no answer. */
    take(body: object, retryNum: number | undefined) {
      const mention = mentionRequest(body, identity);
      if (!mention) return undefined;
      const ids = [mention.eventId, mention.messageId];
      const isKnown = ids.some((id) => recentIds.has(id));
      for (const id of ids) recentIds.set(id, true);
      if (isKnown) return undefined;
      const mayBeAnswered = mention.isEdited || (retryNum ?? 0) > 0;
      return { request: mention.request, handler: mayBeAnswered ? answerIfNew : answer };
    },
  };
}
