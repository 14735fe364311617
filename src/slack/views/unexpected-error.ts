import { type StoreTrouble, troubleInWords } from '../../domain/store-trouble.ts';
import type { Message } from '../blocks.ts';
import { classOf } from '../error-codes.ts';
import type { SlackFailure } from '../slack-failure.ts';
import { codeSpan, cut } from '../text.ts';
import { privateMessage } from './private-message.ts';

/** Something in the bot itself went wrong. */
export function unexpectedErrorView(errorId: string): Message {
  return privateMessage(
    [
      '⚠️ *Something went wrong in the bot itself.*',
      'Try again. If it stays so, show the error id to whoever runs the bot.',
    ],
    errorId,
  );
}

/** What was asked for cannot be kept, and nothing was changed. */
export function nothingStoredView(trouble: StoreTrouble): Message {
  return privateMessage([
    `⚠️ *Nothing was changed:* ${troubleInWords(trouble)}.`,
    'The bot cannot save anything until that is fixed: tell whoever runs it, and try again then. Checking a queue still works.',
  ]);
}

/** A click on a button that carries nothing the bot has written. */
export function unknownButtonView(errorId: string): Message {
  return privateMessage(
    ['This button does not work any more.', 'Ask for the queue again, for a new card.'],
    errorId,
  );
}

/** Slack did not take an edit of the card that was clicked. */
export function couldNotEditView(failure: SlackFailure, botName: string, errorId: string): Message {
  return privateMessage(
    [`The card could not be brought up to date. ${whyNotEdited(failure, botName)}`],
    errorId,
  );
}

function whyNotEdited(failure: SlackFailure, botName: string): string {
  switch (failure.kind) {
    case 'rate-limited':
      return `Slack takes no more edits for ${failure.retryAfterSeconds === undefined ? 'a moment' : `${failure.retryAfterSeconds} s`}. Try again then.`;
    case 'in-doubt':
      return `Slack did not confirm the edit (${codeSpan(failure.code, 60)}). Try again.`;
    case 'refused':
      return closedFor(failure.code, botName) ?? editRefused(failure.code, failure.missingScope);
  }
}

function editRefused(code: string, missingScope: string | undefined): string {
  if (code === 'message_not_found') return 'It was deleted. Ask for the queue again, for a new card.';
  if (classOf(code) === 'message-gone')
    return 'Slack lets nobody edit it any more. Ask for the queue again, for a new card.';
  return `Slack refused the edit: ${refusalFor(code, missingScope)}`;
}

/** To somebody who has waited for a while and sees nothing. */
export function stillWaitingView(): Message {
  return privateMessage([
    '⏳ *This takes longer than usual.*',
    'The answer, or the reason why there is none, comes within about half a minute. There is no need to ask again.',
  ]);
}

/** Why an answer meant for the channel came to one person alone, and what to do. */
export function onlyYouSeeThis(failure: SlackFailure, botName: string): string {
  return `Only you can see this. ${whyInPrivate(failure, botName)}`;
}

function whyInPrivate(failure: SlackFailure, botName: string): string {
  switch (failure.kind) {
    case 'rate-limited':
      return 'Slack takes no more posts in this channel for a moment; try again then.';
    case 'in-doubt':
      return `Slack did not confirm the post (${codeSpan(failure.code, 60)}). If it is not in the channel, try again.`;
    case 'refused':
      return postRefused(failure.code, botName, failure.missingScope);
  }
}

function postRefused(code: string, botName: string, missingScope: string | undefined): string {
  return closedFor(code, botName) ?? `Slack refused the post: ${refusalFor(code, missingScope)}`;
}

const notMember = ['not_in_channel', 'channel_not_found', 'no_permission'];
const archived = ['is_archived', 'is_inactive'];

/** Why nothing of the bot's can stand in the channel or its thread; nothing when it is for another reason. */
function closedFor(code: string, botName: string): string | undefined {
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
function refusalFor(code: string, missingScope: string | undefined): string {
  const scope = missingScope === undefined ? '' : `; the bot lacks the scope ${codeSpan(missingScope, 80)}`;
  const who = classOf(code) === 'operator' ? 'Tell' : 'Try again in a minute. If it stays so, tell';
  return `${codeSpan(code, 80)}${scope}. ${who} whoever runs the bot.`;
}
