import { type StoreTrouble, troubleInWords } from '../../domain/store-trouble.ts';
import { codeSpan, inviteOf, type Message } from '../block-kit.ts';
import { classOf } from '../error-codes.ts';
import type { SlackFailure } from '../slack-failure.ts';
import { privateMessage } from './private-message.ts';

export function unexpectedErrorView(): Message {
  return privateMessage([
    '⚠️ *Something went wrong in the bot itself.*',
    'Try again. If this keeps happening, give the error ID to whoever runs the bot.',
  ]);
}

export function interruptedView(): Message {
  return privateMessage([
    '⚠️ *The bot was interrupted while it worked on this.*',
    "It may or may not be done. Check, and try again if it isn't. If this keeps happening, give the error ID to whoever runs the bot.",
  ]);
}

/** The request cannot be saved, and nothing was changed. */
export function nothingStoredView(trouble: StoreTrouble): Message {
  return privateMessage([
    `⚠️ *Nothing was changed:* ${troubleInWords(trouble)}.`,
    "The bot can't save anything until that's fixed. Tell whoever runs it, then try again. You can still check queues.",
  ]);
}

/** A click on a button whose value the bot did not write. */
export function unknownButtonView(): Message {
  return privateMessage(['This button no longer works.', 'Ask for the queue again to get a new card.']);
}

export function couldNotEditView(failure: SlackFailure, botName: string): Message {
  return privateMessage([`Couldn't update the card. ${whyNotEdited(failure, botName)}`]);
}

function whyNotEdited(failure: SlackFailure, botName: string): string {
  if (failure.kind === 'rate-limited')
    return `Slack is rate-limiting edits. Try again in ${failure.retryAfterSeconds === undefined ? 'a moment' : `${failure.retryAfterSeconds} s`}.`;
  const { kind, code } = failure;
  if (kind === 'in-doubt') return `Slack didn't confirm the edit (${codeSpan(code, 60)}). Try again.`;
  const closed = closedFor(code, botName);
  if (closed !== undefined) return closed;
  if (code === 'message_not_found') return 'It was deleted. Ask for the queue again to get a new card.';
  if (classOf(code) === 'message-gone')
    return 'Slack no longer allows edits to it. Ask for the queue again to get a new card.';
  return `Slack refused the edit: ${refusalFor(failure)}`;
}

/** For a person who has waited a while without seeing anything. */
export function stillWaitingView(): Message {
  return privateMessage([
    '⏳ *This is taking longer than usual.*',
    "You'll get an answer, or the reason there isn't one, within about 30 seconds. No need to ask again.",
  ]);
}

/** Why only one person sees an answer meant for the channel, and what to do. */
export function onlyYouSeeThis(failure: SlackFailure, botName: string): string {
  return `Only you can see this. ${whyInPrivate(failure, botName)}`;
}

function whyInPrivate(failure: SlackFailure, botName: string): string {
  if (failure.kind === 'rate-limited')
    return 'Slack is rate-limiting posts in this channel. Try again in a moment.';
  const { kind, code } = failure;
  return kind === 'in-doubt'
    ? `Slack didn't confirm the post (${codeSpan(code, 60)}). If it isn't in the channel, try again.`
    : (closedFor(code, botName) ?? `Slack refused the post: ${refusalFor(failure)}`);
}

const notMember = ['not_in_channel', 'channel_not_found', 'no_permission'];
const archived = ['is_archived', 'is_inactive'];

/** Why the bot can't post in the channel or its thread; undefined for any other reason. */
function closedFor(code: string, botName: string): string | undefined {
  if (archived.includes(code)) return 'This channel is archived.';
  if (notMember.includes(code))
    return `The bot isn't in this channel. Type ${inviteOf(botName)} to get answers here.`;
  if (code.startsWith('restricted_action'))
    return `Posting here is restricted (${codeSpan(code, 80)}). Ask a channel or workspace admin to let the bot post.`;
  if (classOf(code) === 'thread')
    return `Slack doesn't allow replies in this thread (${codeSpan(code, 80)}). Ask in the channel.`;
  return undefined;
}

/** Slack's error code, and whether to try again or to tell whoever runs the bot. */
function refusalFor({ code, missingScope }: { code: string; missingScope?: string }): string {
  const scope = missingScope === undefined ? '' : `; the bot needs the scope ${codeSpan(missingScope, 80)}`;
  const who = classOf(code) === 'operator' ? 'Tell' : 'Try again in a minute. If this keeps happening, tell';
  return `${codeSpan(code, 80)}${scope}. ${who} whoever runs the bot.`;
}
