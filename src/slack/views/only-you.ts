import { classOf } from '../error-codes.ts';
import type { SlackFailure } from '../slack-failure.ts';
import { codeSpan, cut } from '../text.ts';

/** Why an answer meant for the channel came to one person alone, and what to do. */
export function onlyYouSeeThis(failure: SlackFailure, botName: string): string {
  return `Only you can see this. ${reasonFor(failure, botName)}`;
}

function reasonFor(failure: SlackFailure, botName: string): string {
  switch (failure.kind) {
    case 'rate-limited':
      return 'Slack takes no more posts in this channel for a moment; try again then.';
    case 'in-doubt':
      return `Slack did not confirm the post (${codeSpan(failure.code, 60)}). If it is not in the channel, try again.`;
    case 'refused':
      return refusedFor(failure.code, botName, failure.missingScope);
  }
}

function refusedFor(code: string, botName: string, missingScope: string | undefined): string {
  return closedFor(code, botName) ?? `Slack refused the post: ${refusalFor(code, missingScope)}`;
}

const notMember = ['not_in_channel', 'channel_not_found', 'no_permission'];
const archived = ['is_archived', 'is_inactive'];

/** Why nothing of the bot's can stand in the channel or its thread; nothing when it is for another reason. */
export function closedFor(code: string, botName: string): string | undefined {
  if (archived.includes(code)) return 'This channel is archived.';
  if (notMember.includes(code))
    return `The bot is not in this channel: type ${codeSpan(`/invite @${cut(botName, 80)}`)} to have answers here.`;
  if (code.startsWith('restricted_action'))
    return `Only some may post here (${codeSpan(code, 80)}). Ask an admin of the channel or the workspace to let the bot post.`;
  if (classOf(code) === 'thread')
    return `Slack takes no replies in this thread (${codeSpan(code, 80)}). Ask in the channel.`;
  return undefined;
}

/** Slack's word, and whether to try again or to tell who can mend it. */
export function refusalFor(code: string, missingScope: string | undefined): string {
  const scope = missingScope === undefined ? '' : `; the bot lacks the scope ${codeSpan(missingScope, 80)}`;
  const who = classOf(code) === 'operator' ? 'Tell' : 'Try again in a minute. If it stays so, tell';
  return `${codeSpan(code, 80)}${scope}. ${who} whoever runs the bot.`;
}
