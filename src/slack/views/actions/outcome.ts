import type { Action, ActionState } from '../../../domain/actions/action.ts';
import { type Rejection, rejectionOf } from '../../../domain/actions/lifecycle.ts';
import type { Queue } from '../../../domain/queue.ts';
import { actions, button, codeSpan, type Message, personInWords, said, slackTime } from '../../block-kit.ts';
import { redriveIds } from '../../buttons.ts';
import { peopleMentioned, rejectionInWords, voidInWords } from './action-words.ts';

export function outcomeView(action: Action, queue: Queue): Message {
  const lines = action.kind === 'start' ? startLines(action) : cancelLines(action, queue);
  const text = lines.join('\n');
  return said(text, ...againButton(action, queue));
}

/**
 * The same as a direct message, so it must say what it is about. It has no button, because a click there
 * belongs to no channel.
 */
export function directOutcomeView(action: Action, queue: Queue): Message {
  const about = `About the redrive of ${codeSpan(queue.name)} in <#${action.place.channel}>, where the bot can't post now:`;
  return said([about, outcomeView(action, queue).text].join('\n'));
}

function startLines(action: Action): string[] {
  const { state, result } = action;
  const who = personInWords(action.requester);
  if (state === 'rejected') {
    const why = rejectionOf(result);
    const said =
      why === 'aws'
        ? 'AWS refused to start it. Nothing was started.'
        : `nothing was started: ${rejectionInWords(result)}. ${whatToDo[why]}`;
    return [`❌ ${who}, ${said}`, ...saidByAws(action)];
  }
  const decider = action.decider === undefined ? 'someone' : personInWords(action.decider);
  const words: { [state in ActionState]?: string } = {
    declined: `🚫 ${who}, ${decider} declined your request.`,
    expired: `⌛ ${who}, no one approved your request in time. Request it again if it's still needed.`,
    void: `🛑 ${who}, your request is no longer valid. ${voidInWords(action.voidBecause)}`,
    unsure: `❔ ${who}, AWS gave no clear answer, so the redrive may have started. The bot won't start it again. It's checking with SQS and will tell you here.`,
    'not-started': result.unresolved
      ? `❌ ${who}, the bot couldn't find out whether the redrive started. Check the queue in the console before you start it again.`
      : `❌ ${who}, the redrive didn't start: SQS doesn't list it.`,
  };
  return [words[state] ?? `${who}, your request has changed.`];
}

const whatToDo: Record<Rejection, string> = {
  aws: '',
  'not-reached': 'Start it again once the network works.',
  'aws-in-trouble': 'Start it again in a minute.',
  'own-credentials': 'Ask whoever runs the bot to renew them, then start it again.',
  settings: 'Ask whoever runs the bot.',
};

function cancelLines(action: Action, queue: Queue): string[] {
  const who = personInWords(action.requester);
  const name = codeSpan(queue.name);
  const { state, result } = action;
  const why = rejectionOf(result) === 'aws' ? '' : `: ${rejectionInWords(result)}`;
  if (state === 'rejected' && !result.unresolved)
    return [`❌ ${who}, the redrive of ${name} was not canceled${why}.`, ...saidByAws(action)];
  const words: { [state in ActionState]?: string } = {
    cancelled: `🛑 ${who} canceled the redrive of ${name}. A few more messages may still move.`,
    'had-ended': `ℹ️ ${who}, the redrive of ${name} had already ended or been canceled. There was nothing left to cancel.`,
    rejected: `❔ ${who}, the bot couldn't find out whether the redrive of ${name} was canceled. Check the queue in the console.`,
    unsure: `❔ ${who}, AWS gave no clear answer when the bot canceled the redrive of ${name}. The bot is checking with SQS and will tell you here.`,
  };
  return [words[state] ?? `${who}, your request to cancel the redrive of ${name} has changed.`];
}

/** The action, the role, and the words of AWS, or of the network. */
function saidByAws({ result }: Action): string[] {
  const { code, detail, awsAction, roleArn } = result;
  const who = rejectionOf(result);
  if (who === 'settings') return [];
  const said = detail || code;
  return [
    ...(awsAction === undefined || roleArn === undefined
      ? []
      : [`The bot called ${codeSpan(awsAction, 80)} with the role ${codeSpan(roleArn, 150)}.`]),
    ...(said ? [`${who === 'aws' ? 'AWS said' : 'The error'}: ${codeSpan(said, 600)}`] : []),
  ];
}

/** The form comes back with what was typed. */
function againButton({ id, kind, state, result }: Action, { redrive }: Queue) {
  const isToRepeat = kind === 'start' && (state === 'rejected' || state === 'not-started');
  if (!isToRepeat || !redrive) return [];
  const isRefused = state === 'rejected' && rejectionOf(result) === 'aws';
  const words = isRefused ? 'Open the form again…' : 'Start again…';
  return [actions([button(redriveIds.startAgain, words, { id })])];
}

/** Sent halfway to the expiry. */
export function reminderView({ requester, expiresAt }: Action, { redrive }: Queue): Message {
  const who = redrive?.approvers ? `${peopleMentioned(redrive.approvers, requester)}: this` : 'This';
  const text = `⏰ ${who} request is still waiting for approval. It ${slackTime(expiresAt, 'expires ')}.`;
  return said(text);
}
