import { type StoreTrouble, troubleInWords } from '../../domain/store-trouble.ts';
import type { Message } from '../blocks.ts';
import { classOf } from '../error-codes.ts';
import type { SlackFailure } from '../slack-failure.ts';
import { codeSpan } from '../text.ts';
import { closedFor, refusalFor } from './only-you.ts';
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
    [`The card could not be brought up to date. ${reasonFor(failure, botName)}`],
    errorId,
  );
}

function reasonFor(failure: SlackFailure, botName: string): string {
  switch (failure.kind) {
    case 'rate-limited':
      return `Slack takes no more edits for ${failure.retryAfterSeconds === undefined ? 'a moment' : `${failure.retryAfterSeconds} s`}. Try again then.`;
    case 'in-doubt':
      return `Slack did not confirm the edit (${codeSpan(failure.code, 60)}). Try again.`;
    case 'refused':
      return closedFor(failure.code, botName) ?? refusedFor(failure.code, failure.missingScope);
  }
}

function refusedFor(code: string, missingScope: string | undefined): string {
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
