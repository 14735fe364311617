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

const notMember = ['not_in_channel', 'channel_not_found', 'no_permission'];

function refusedFor(code: string, botName: string, missingScope: string | undefined): string {
  if (notMember.includes(code)) {
    return `The bot is not in this channel: type ${codeSpan(`/invite @${cut(botName, 80)}`)} to have answers here.`;
  }
  if (code === 'is_archived') return 'This channel is archived.';
  const scope = missingScope === undefined ? '' : `; the bot lacks the scope ${codeSpan(missingScope, 80)}`;
  return `Slack refused the post: ${codeSpan(code, 80)}${scope}.`;
}
