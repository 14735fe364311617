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
  return closedFor(code, botName) ?? `Slack refused the post: ${refusalFor(code, missingScope)}`;
}

/** Why nothing of the bot's can stand in the channel; nothing when it is for another reason. */
export function closedFor(code: string, botName: string): string | undefined {
  if (code === 'is_archived') return 'This channel is archived.';
  if (!notMember.includes(code)) return undefined;
  return `The bot is not in this channel: type ${codeSpan(`/invite @${cut(botName, 80)}`)} to have answers here.`;
}

/** Slack's word for what only an operator can mend. */
export function refusalFor(code: string, missingScope: string | undefined): string {
  const scope = missingScope === undefined ? '' : `; the bot lacks the scope ${codeSpan(missingScope, 80)}`;
  return `${codeSpan(code, 80)}${scope}. Tell whoever runs the bot.`;
}
