import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { offersRedrives } from '../domain/queue.ts';
import { checkMessage } from '../operations/check-queue.ts';
import { RecentMap } from '../operations/expiring.ts';
import type { Log } from '../operations/log.ts';
import type { BotIdentity } from './bot-identity.ts';
import { blockIdInto } from './buttons.ts';
import { asTyped, messageTexts } from './message-texts.ts';
import { findPosted } from './notifier/find-message.ts';
import { parseCommand } from './parse-command.ts';
import { type Origin, originByTeams } from './people.ts';
import { type Handler, type HandlerDeps, noReply, type Reply, replyOf, toPerson } from './reply.ts';
import {
  askedBy,
  idIn,
  originOfUser,
  responseUrlIn,
  type SlackRequest,
  textIn,
  tsIn,
  typedIn,
} from './request.ts';
import { valueAt } from './signed-request.ts';
import { helpView, misunderstoodMentionView } from './views/help.ts';
import { mentionedView, noneMentionedView } from './views/private-message.ts';

/** undefined if it has no user or no message. The answer belongs in that message's thread. */
export function shortcutRequest(body: object, identity: BotIdentity): SlackRequest | undefined {
  const [userId, channelId] = [idIn(body, 'user', 'id'), idIn(body, 'channel', 'id')];
  const ts = tsIn(body, 'message', 'ts') ?? tsIn(body, 'message_ts');
  if (userId === undefined || channelId === undefined || ts === undefined) return undefined;
  const threadTs = tsIn(body, 'message', 'thread_ts') ?? ts;
  return {
    what: 'shortcut',
    ...askedBy({ userId, channelId }, originOfUser(identity, body)),
    text: '',
    messageTexts: messageTexts(valueAt(body, 'message')),
    responseUrl: responseUrlIn(body),
    threadTs,
    isInChannel: threadTs === ts,
  };
}

/** "Check DLQ tasks" in a message's menu. */
export function createShortcutHandler(deps: HandlerDeps): Handler {
  return async ({ messageTexts = [], threadTs, person: { channelId } }) => {
    const answer = await checkMessage({ texts: messageTexts, channelId }, deps);
    if (answer.kind !== 'mentioned') return replyOf(answer, 'channel', deps);
    const { queues } = answer;
    if (queues.length === 0) {
      return toPerson(noneMentionedView(deps.identity.botName), { outcome: 'no queue mentioned' });
    }
    const outcome = queues.length === 1 ? 'uncertain' : 'choice';
    return leadingIntoThread(toPerson(mentionedView(queues), { outcome }), threadTs);
  };
}

/**
 * A private choice may be shown outside of the thread that it is about, where Slack would not show it. The
 * ids of its blocks contain the thread, because Slack reports the block of whatever is clicked or picked.
 */
function leadingIntoThread(reply: Reply, threadTs: string | undefined): Reply {
  if (reply.to !== 'person' || threadTs === undefined) return reply;
  const { text, blocks } = reply.message;
  const marked = blocks.map(
    (block, i): KnownBlock =>
      block.type === 'actions' ? { ...block, block_id: blockIdInto(threadTs, i) } : block,
  );
  return { ...reply, message: { text, blocks: marked } };
}

/**
 * What a mention asks, and the ids of its event and its message; undefined if no person wrote it, so that bots do not
 * answer each other, or if it has no user or channel.
 */
function mentionRequest(body: object, identity: BotIdentity) {
  const event = valueAt(body, 'event');
  const [userId, channelId, ts] = [idIn(event, 'user'), idIn(event, 'channel'), tsIn(event, 'ts')];
  if (userId === undefined || channelId === undefined || ts === undefined) return undefined;
  if (isByABot(event, identity)) return undefined;
  const threadTs = tsIn(event, 'thread_ts');
  const messageId = `${channelId}:${ts}`;
  const request: SlackRequest = {
    what: 'mention',
    ...askedBy({ userId, channelId }, originOfAuthor(body, identity)),
    text: asTyped(typedIn(textIn(event, 'text')), identity.botUserId),
    threadTs: threadTs ?? ts,
    isInChannel: threadTs === undefined || threadTs === ts,
    answerKey: `mention:${messageId}`,
  };
  return {
    request,
    ids: [textIn(body, 'event_id') ?? messageId, messageId],
    isEdited: valueAt(event, 'edited') !== undefined,
  };
}

function isByABot(event: unknown, { botUserId }: BotIdentity): boolean {
  const isBots = valueAt(event, 'bot_id') !== undefined || valueAt(event, 'subtype') === 'bot_message';
  return isBots || [botUserId, 'USLACKBOT'].includes(textIn(event, 'user') ?? '');
}

/**
 * In a channel shared with other organizations, the event may contain the person's origin in any of four
 * fields, or in none. In other channels everyone is from the bot's own organization, unless the event names
 * another workspace outside of any organization.
 */
function originOfAuthor(body: object, identity: BotIdentity): Origin {
  const fields = [['user_team'], ['source_team'], ['team'], ['user_profile', 'team']];
  const teams = fields.flatMap((field) => idIn(body, 'event', ...field) ?? []);
  const isShared = valueAt(body, 'is_ext_shared_channel') !== false;
  const saysNothing = teams.length === 0 || identity.enterpriseId !== undefined;
  return !isShared && saysNothing ? { verdict: 'own', teams, isOpen: false } : originByTeams(identity, teams);
}

type MentionDeps = Pick<HandlerDeps, 'identity' | 'watches' | 'queues' | 'knowsActionWords'> & {
  client: WebClient;
  log: Log;
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

  const answer: Handler = async (request) => {
    const command = parseCommand(request.text, deps.knowsActionWords);
    if ('wrong' in command) {
      return toPerson(misunderstoodMentionView(command, abilities), { outcome: command.wrong });
    }
    if (command.kind === 'overview' || command.kind === 'help') {
      return toPerson(helpView(abilities), { outcome: 'help' });
    }
    return leadingIntoThread(await onCommand(request), request.threadTs);
  };

  const answerIfNew: Handler = async (request) =>
    (await isAnswered(request)) ? noReply({ outcome: 'answered before' }) : answer(request);

  async function isAnswered({ answerKey, person: { channelId }, threadTs }: SlackRequest): Promise<boolean> {
    if (answerKey === undefined || threadTs === undefined) return false;
    const thread = { channel: channelId, threadTs };
    return (await findPosted({ key: answerKey }, thread, { client, identity, log })) !== undefined;
  }

  return {
    /** What to do about an event; undefined if it needs no answer. */
    take(body: object, retryNum: number | undefined) {
      const mention = mentionRequest(body, identity);
      if (!mention) return undefined;
      const { request, ids, isEdited } = mention;
      const isKnown = ids.some((id) => recentIds.has(id));
      for (const id of ids) recentIds.set(id, true);
      if (isKnown) return undefined;
      const mayBeAnswered = isEdited || (retryNum ?? 0) > 0;
      return { request, handler: mayBeAnswered ? answerIfNew : answer };
    },
  };
}
