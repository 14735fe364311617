import type { Action } from '../../../domain/actions/action.ts';
import { type Rejection, rejectionOf } from '../../../domain/actions/rejection.ts';
import type { Queue } from '../../../domain/queue.ts';
import {
  actions,
  button,
  codeSpan,
  type Message,
  personInWords,
  section,
  slackTime,
} from '../../block-kit.ts';
import { redriveIds } from '../../buttons.ts';
import { rejectionInWords, voidInWords } from './action-words.ts';
import { peopleMentioned } from './people.ts';

export function outcomeView(action: Action, queue: Queue): Message {
  const text = [...(action.kind === 'start' ? startLines(action) : cancelLines(action, queue))].join('\n');
  return { text, blocks: [section(text), ...againButton(action, queue)] };
}

/**
 * The same as a direct message, so it must say what it is about. It has no button, because a click there
 * belongs to no channel.
 */
export function directOutcomeView(action: Action, queue: Queue): Message {
  const about = `About the redrive of ${codeSpan(queue.name)} in <#${action.place.channel}>, where the bot can't post now:`;
  const text = [about, outcomeView(action, queue).text].join('\n');
  return { text, blocks: [section(text)] };
}

function startLines(action: Action): string[] {
  const who = personInWords(action.requester);
  const decider = action.decider === undefined ? 'someone' : personInWords(action.decider);
  switch (action.state) {
    case 'declined':
      return [`🚫 ${who}, ${decider} declined your request.`];
    case 'expired':
      return [`⌛ ${who}, no one approved your request in time. Request it again if it's still needed.`];
    case 'void':
      return [`🛑 ${who}, your request is no longer valid. ${voidInWords(action.voidBecause)}`];
    case 'rejected':
      return [...rejectedLines(action), ...saidByAws(action)];
    case 'unsure':
      return [
        `❔ ${who}, AWS gave no clear answer, so the redrive may have started. The bot won't start it again. It's checking with SQS and will tell you here.`,
      ];
    case 'not-started':
      return [
        action.result.unresolved
          ? `❌ ${who}, the bot couldn't find out whether the redrive started. Check the queue in the console before you start it again.`
          : `❌ ${who}, the redrive didn't start: SQS doesn't list it.`,
      ];
    default:
      return [`${who}, your request has changed.`];
  }
}

function rejectedLines({ requester, result }: Action): string[] {
  const who = personInWords(requester);
  return rejectionOf(result) === 'aws'
    ? [`❌ ${who}, AWS refused to start it. Nothing was started.`]
    : [`❌ ${who}, nothing was started: ${rejectionInWords(result)}. ${whatToDo[rejectionOf(result)]}`];
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
  switch (action.state) {
    case 'cancelled':
      return [`🛑 ${who} canceled the redrive of ${name}. A few more messages may still move.`];
    case 'had-ended':
      return [`ℹ️ ${who}, the redrive of ${name} had already ended. There was nothing to cancel.`];
    case 'rejected':
      return action.result.unresolved
        ? [
            `❔ ${who}, the bot couldn't find out whether the redrive of ${name} was canceled. Check the queue in the console.`,
          ]
        : [`❌ ${who}, the redrive of ${name} was not canceled${why(action)}.`, ...saidByAws(action)];
    case 'unsure':
      return [
        `❔ ${who}, AWS gave no clear answer when the bot canceled the redrive of ${name}. The bot is checking with SQS and will tell you here.`,
      ];
    default:
      return [`${who}, your request to cancel the redrive of ${name} has changed.`];
  }
}

function why({ result }: Action): string {
  return rejectionOf(result) === 'aws' ? '' : `: ${rejectionInWords(result)}`;
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
  return { text, blocks: [section(text)] };
}
