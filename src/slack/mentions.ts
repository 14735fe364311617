import type { WebClient } from '@slack/web-api';
import type { Log } from '../operations/log.ts';
import type { BotIdentity } from './bot-identity.ts';
import { leadingIntoThread } from './into-thread.ts';
import type { Handler } from './listener.ts';
import { mentionRequest } from './mention-request.ts';
import { findInThread, unlessUnreadable } from './notifier/find-message.ts';
import { parseCommand } from './parse-command.ts';
import { createRecently } from './recently.ts';
import type { SlackRequest } from './request.ts';
import { helpView } from './views/help.ts';
import { misunderstoodMentionView } from './views/misunderstanding.ts';

export type MentionDeps = {
  client: WebClient;
  identity: BotIdentity;
  log: Log;
  /** Absent where the bot cannot watch. */
  watches?: unknown;
  onCommand: Handler;
};

/** Slack repeats an event for some six minutes. */
const remembered = 5_000;

/**
 * What people ask by mentioning the bot. Slack delivers an event again until it hears of an acknowledgement, and a
 * message that is edited may bring a new one: each message is answered once. What this process has heard of it
 * remembers; of anything else that may have been answered before, by a process that is gone, it asks the thread, where
 * each answer carries its key. A private answer cannot be found there, and may come a second time.
 */
export function createMentions({ client, identity, log, watches, onCommand }: MentionDeps) {
  const canWatch = watches !== undefined;
  const heardOf = createRecently(remembered);

  const answer: Handler = async (request, errorId) => {
    const command = parseCommand(request.text);
    if ('wrong' in command) {
      const message = misunderstoodMentionView(command, { botName: identity.botName, canWatch });
      return { to: 'asker', message, outcome: command.wrong };
    }
    if (command.kind === 'overview' || command.kind === 'help') {
      return { to: 'asker', message: helpView(canWatch, identity.botName), outcome: 'help' };
    }
    return leadingIntoThread(await onCommand(request, errorId), request.threadTs);
  };

  const answerIfNew: Handler = async (request, errorId) => {
    if (!(await isAnswered(request))) return answer(request, errorId);
    return { to: 'nobody', message: { text: '', blocks: [] }, outcome: 'answered before' };
  };

  async function isAnswered({ answerKey, asker: { channelId }, threadTs }: SlackRequest): Promise<boolean> {
    if (answerKey === undefined || threadTs === undefined) return false;
    const search = findInThread({ key: answerKey }, { channel: channelId, threadTs }, { client, identity });
    return (await unlessUnreadable(search, answerKey, log)) !== undefined;
  }

  return {
    /** What to do about an event; nothing when it is none to answer. */
    take(
      body: object,
      retryNum: number | undefined,
    ): { request: SlackRequest; handler: Handler } | undefined {
      const mention = mentionRequest(body, identity);
      if (!mention) return undefined;
      const ids = [mention.eventId, mention.messageId];
      const isKnown = ids.some(heardOf.has);
      ids.forEach(heardOf.add);
      if (isKnown) return undefined;
      const mayBeAnswered = mention.isEdited || (retryNum ?? 0) > 0;
      return { request: mention.request, handler: mayBeAnswered ? answerIfNew : answer };
    },
  };
}
