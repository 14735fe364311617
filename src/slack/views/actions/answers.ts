import type { Action, Ignored } from '../../../domain/actions/action.ts';
import type { StartForm } from '../../../domain/actions/start-form.ts';
import type { MoveTask } from '../../../domain/move-task.ts';
import { isFinished } from '../../../domain/move-task-status.ts';
import type { Queue } from '../../../domain/queue.ts';
import { movedInWords, statusAndSymbol } from '../../../domain/task-words.ts';
import { countInWords, cut, messagesInWords } from '../../../domain/wording.ts';
import type { DecisionAnswer } from '../../../operations/actions/decide.ts';
import type { RequestAnswer } from '../../../operations/actions/request.ts';
import type { ActionRefusal } from '../../../operations/actions/who-may-act.ts';
import {
  actions,
  button,
  codeSpan,
  inviteOf,
  type Message,
  mrkdwn,
  personInWords,
  said,
  section,
  statusMrkdwn,
} from '../../block-kit.ts';
import type { FormValue } from '../../button-values.ts';
import { redriveIds } from '../../buttons.ts';
import { afterCancel } from '../card.ts';
import { privateMessage } from '../private-message.ts';
import {
  linkToRequest,
  openActionInWords,
  reasonInWords,
  refusalToActInWords,
  stateInWords,
  voidInWords,
} from './action-words.ts';
import { checkInWords } from './form.ts';

export type Bot = { botName: string; workspaceUrl: string };

/** Slack opens a form only right after a click. */
export function openFormView(queue: Queue, value: FormValue, why: string): Message {
  const words = `${why} Open the form to redrive ${codeSpan(queue.name)}.`;
  const open = button(redriveIds.openForm, 'Open the form…', value);
  return said(words, actions([open]));
}

/**
 * The answer to a submission; undefined if the channel shows it already. `form`: what was typed, which must
 * not be lost.
 */
export function requestAnswerView(
  answer: RequestAnswer,
  { form, queue, channel, bot }: { form: StartForm; queue: Queue; channel: string; bot: Bot },
): Message | undefined {
  const lines = requestLines(answer, channel, bot);
  if (!lines) return undefined;
  const isDone = answer.kind === 'requested' || answer.kind === 'starting';
  const message = privateMessage(lines);
  return isDone ? message : withTypedWords(message, form, queue.arn);
}

function requestLines(answer: RequestAnswer, channel: string, bot: Bot): string[] | undefined {
  switch (answer.kind) {
    case 'refused':
      return [refusalToActInWords(answer.refusal)];
    case 'input-error':
      return ['⚠️ Nothing was requested.', ...answer.faults.map(({ words }) => words)];
    case 'open':
      return ['⚠️ Nothing was requested.', openActionInWords(answer.action, bot.workspaceUrl)];
    case 'checks-failed':
      return ['⚠️ Nothing was requested.', ...answer.found.failed.map(checkInWords)];
    case 'cannot-post':
      return [
        `⚠️ Nothing was requested: the bot can't post in <#${answer.channel}>. Type ${inviteOf(bot.botName)} there, then try again.`,
      ];
    case 'not-posted':
      return [
        "⚠️ Nothing was started: Slack isn't accepting the bot's messages right now. Try again in a minute.",
      ];
    case 'requested':
      if (!answer.posted)
        return [
          "Your request is saved. Slack isn't accepting the bot's messages right now, but the bot keeps trying to post it.",
        ];
      return answer.unseen
        ? [
            ...(postedElsewhere(answer.action, channel, bot) ?? []),
            `⚠️ No one who can approve your request is in <#${answer.action.place.channel}>, so no approver will see it. Invite one, or withdraw it and request it elsewhere.`,
          ]
        : postedElsewhere(answer.action, channel, bot);
    case 'starting':
      return postedElsewhere(answer.action, channel, bot);
  }
}

function postedElsewhere(action: Action, channel: string, { workspaceUrl }: Bot): string[] | undefined {
  const { link } = linkToRequest(action, workspaceUrl);
  const { place } = action;
  return place.channel === channel || link === undefined
    ? undefined
    : [`Your request was posted in <#${place.channel}>. <${link}|Show it>`];
}

/** It must not reveal whether such a queue exists elsewhere. */
export function hiddenQueueView(form: StartForm): Message {
  return privateMessage([refusalToActInWords({ because: 'hidden' }), typedInWords(form)]);
}

/** For a bot without actions. `form`: what was typed, if a form was still open. */
export function cannotActView(form?: StartForm): Message {
  return privateMessage([
    "🔒 Redrives are off: this bot can't start or cancel them. Use the AWS console, or ask whoever runs the bot.",
    ...(form ? [typedInWords(form)] : []),
  ]);
}

function typedInWords({ rate, reason }: StartForm): string {
  return `You typed: rate ${codeSpan(String(rate), 20)}, reason ${reasonInWords({ reason }) || codeSpan('')}`;
}

/** What was typed is not lost: it is repeated, and comes back in the form. */
export function withTypedWords({ text, blocks }: Message, form: StartForm, queueArn: string): Message {
  const { rate, reason, destinationArn } = form;
  const typed = typedInWords(form);
  const value = {
    q: queueArn,
    r: String(rate).slice(0, 20),
    w: cut(reason, 300),
    d: destinationArn?.slice(0, 300),
  };
  const again = button(redriveIds.openForm, 'Open the form again…', value);
  return { text: `${text}\n${typed}`, blocks: [...blocks, section(typed), actions([again])] };
}

/** The answer to a click on Approve, Decline or Withdraw; undefined if the message itself shows it. */
export function decisionAnswerView(answer: DecisionAnswer): Message | undefined {
  const lines = decisionLines(answer);
  return lines && privateMessage(lines);
}

function decisionLines(answer: DecisionAnswer): string[] | undefined {
  switch (answer.kind) {
    case 'refused':
      return [refusalToActInWords(answer.refusal)];
    case 'unknown':
      return ["This button no longer works because the bot can't find the request."];
    case 'ignored':
      return [ignoredInWords(answer.why, answer.action)];
    case 'checks-failed':
      return ['⚠️ Not started.', ...answer.found.failed.map(checkInWords), 'The request stays open.'];
    case 'ask-again':
      return [
        `⚠️ The queue now has about ${messagesInWords(answer.depth)} (it had ${countInWords(answer.before)} before). To start the redrive anyway, click Approve again within 5 minutes.`,
      ];
    case 'starting':
      return undefined;
    case 'decided': {
      // The message shows that it was declined or withdrawn, but not that a click came too late.
      const { state, voidBecause } = answer.action;
      if (state === 'expired') return ['⌛ Too late: the request has expired.'];
      return state === 'void'
        ? [`🛑 The request is no longer valid. ${voidInWords(voidBecause)}`]
        : undefined;
    }
  }
}

const ignored: Record<Exclude<Ignored['because'], 'decided-already'>, string> = {
  'own-request': "You can't approve or decline your own request. Ask another approver, or withdraw it.",
  'not-an-approver': "You can't approve or decline this request. Ask one of its approvers.",
  'not-the-requester': 'Only the requester can withdraw it.',
  'depth-unknown': "⚠️ Not started: the bot couldn't count the messages in the queue. Try again in a minute.",
  'nothing-new': 'Nothing has changed.',
};

function ignoredInWords(why: Ignored, action: Action): string {
  if (why.because !== 'decided-already') return ignored[why.because];
  const { decider, state } = why;
  const by = !decider || state === 'withdrawn' ? '' : ` ${personInWords(decider)} got there first.`;
  const past =
    action.state === 'unsure' ? "approved, but AWS hasn't given a clear answer yet" : stateInWords(action);
  return `This request is already ${past}.${by}`;
}

export function refusalToActView(refusal: ActionRefusal): Message {
  return privateMessage([refusalToActInWords(refusal)]);
}

export function openActionView(action: Action, bot: Bot): Message {
  return privateMessage(['⚠️ Nothing was canceled.', openActionInWords(action, bot.workspaceUrl)]);
}

export function cancelQuestionView(queue: Queue, task: MoveTask | undefined): Message {
  const name = codeSpan(queue.name);
  if (!task || isFinished(task) || task.startedAt === undefined) {
    const last = task ? ` The last one: ${mrkdwn(statusAndSymbol(task))}.` : '';
    return privateMessage([`No redrive of ${name} is running, so there is nothing to cancel.${last}`]);
  }
  if (task.status !== 'RUNNING')
    return privateMessage([`The redrive of ${name} is ${statusMrkdwn(task)}: it can't be canceled now.`]);
  const words = `*Cancel the redrive of ${name}?* ${movedInWords(task)}. ${afterCancel}`;
  const value = { q: queue.arn, n: 1, s: task.startedAt };
  const cancel = { ...button(redriveIds.cancel, 'Cancel redrive', value), style: 'danger' as const };
  return said(words, actions([cancel]));
}

export function cancellingView(queue: Queue): Message {
  return privateMessage([`🛑 Canceling the redrive of ${codeSpan(queue.name)}…`]);
}

/** For a name that several queues share: one command for each of them. */
export function whichQueueView(typed: string, queues: readonly Queue[], word: 'redrive' | 'cancel'): Message {
  const lines = queues.slice(0, 6).map((queue) => `• ${codeSpan(`/dlq-tasks ${word} ${queue.arn}`)}`);
  return privateMessage([`${codeSpan(typed, 100)} matches ${queues.length} queues. Which one?`, ...lines]);
}
