import type { Action, ActionResult, ActionState, VoidReason } from '../../../domain/actions/action.ts';
import { isOpen, type Rejection, rejectionOf } from '../../../domain/actions/lifecycle.ts';
import type { ActionRefusal } from '../../../operations/actions/who-may-act.ts';
import { codeSpan, personInWords } from '../../block-kit.ts';
import { linkToRequest } from '../notification.ts';
import { accessRefusalInWords } from '../private-message.ts';
import { peopleMentioned, reasonInWords } from './people.ts';

export function stateInWords({ state, decider, requester, kind, result, needsApproval }: Action): string {
  const by = decider === undefined || decider === requester ? '' : ` by ${personInWords(decider)}`;
  const undone = `not ${kind === 'start' ? 'started' : 'canceled'}`;
  const isUnasked = kind === 'cancel' && result.code === undefined;
  const why = rejectionOf(result) === 'aws' ? 'refused by AWS' : `${undone}: ${rejectionInWords(result)}`;
  const words: Record<ActionState, string> = {
    requested: needsApproval ? 'waiting for approval' : 'about to start',
    declined: `declined${by}`,
    withdrawn: 'withdrawn',
    expired: 'expired',
    void: 'no longer valid',
    starting: by === '' ? 'starting' : `approved${by}, starting`,
    started: 'started',
    rejected: isUnasked ? undone : why,
    unsure: 'no clear answer from AWS, checking',
    'not-started': 'not started',
    cancelling: 'canceling',
    cancelled: 'canceled',
    'had-ended': 'it had already ended',
    unknown: "in a state that this version of the bot doesn't know",
  };
  return words[state];
}

const rejections: Record<Rejection, string> = {
  aws: 'AWS refused it',
  'not-reached': "AWS couldn't be reached",
  'aws-in-trouble': "AWS couldn't answer",
  'own-credentials': "the bot's own AWS credentials don't work",
  settings: 'the settings no longer allow it',
};

/** Why it did not happen, to follow a colon. */
export function rejectionInWords(result: ActionResult): string {
  return rejections[rejectionOf(result)];
}

const voidBecause: Record<VoidReason, string> = {
  'queue-not-listed': 'The settings no longer list the queue.',
  'redrive-off': 'The settings no longer allow redrives of this queue.',
  'read-only': 'The bot is read-only now.',
  'channel-not-allowed': 'The settings no longer allow this queue in this channel.',
  'destination-not-allowed': 'The settings no longer list its destination.',
  'rate-not-allowed': 'The settings no longer allow its rate.',
  'no-approvers': 'The settings no longer name approvers. Request it again.',
  'requester-not-allowed': 'The requester is no longer allowed to request redrives.',
  'cannot-post': "The bot can't post it there. Invite the bot, then request it again.",
  'message-gone': "Its message was deleted twice. Request it again if it's still needed.",
  interrupted: 'The bot was interrupted before it could start the redrive. Request it again.',
  other: 'It can no longer be started.',
};

export function voidInWords(because: VoidReason = 'other'): string {
  return voidBecause[because];
}

/** Another action of the queue, for whoever asks while it is open. */
export function openActionInWords(action: Action, workspaceUrl: string): string {
  const { kind, requester } = action;
  if (action.state === 'unknown')
    return `The bot can't read the record of an earlier action for this queue, so it doesn't know whether that action is over. Whoever runs the bot can look up ${codeSpan(action.id, 100)} in its log or with ${codeSpan('dlq-tasks actions')}.`;
  const what = kind === 'start' ? 'Redrive' : 'Cancel';
  const reason = action.reason === '' ? '' : `: ${reasonInWords(action)}`;
  const { link } = linkToRequest(action, workspaceUrl);
  const show = link === undefined ? '' : ` · <${link}|show it>`;
  const already = isOpen(action) ? 'Already open' : 'This form was already submitted';
  return `${already}: ${what} requested by ${personInWords(requester)} · ${stateInWords(action)}${reason}${show}`;
}

export function refusalToActInWords(refusal: ActionRefusal): string {
  switch (refusal.because) {
    case 'read-only':
      return "🔒 The bot is read-only right now (`DLQ_TASKS_READ_ONLY`): it can't start or cancel redrives. Use the AWS console, or ask whoever runs the bot.";
    case 'redrive-off':
      return offInWords(refusal.why);
    case 'direct-message':
      return "🔒 No one could approve a request made here, because only you see this conversation. Ask in a channel that the approvers are in. (If the bot's settings have a `redrive.channel`, requests are posted there instead.)";
    case 'hidden':
      return "The settings don't list such a queue for this channel.";
    case 'no-access':
      return `🔒 ${accessRefusalInWords(refusal.refusal)}`;
    case 'bot':
    case 'workflow':
      return '🔒 Only people can do this, not bots or workflows.';
    case 'external-person':
      return "🔒 People from other organizations can't do this.";
    case 'home-unknown':
      return "🔒 Slack didn't say which organization you're from, so the bot can't answer you yet. Type `/dlq-tasks help` so that Slack tells the bot, then try again.";
    case 'groups-unknown':
      return "🔒 Slack didn't say who is in the user groups that may do this, so the bot can't do it yet. Try again in a minute. If this keeps happening, a group in the settings no longer exists, or the bot needs the scope `usergroups:read`.";
    case 'not-listed':
      return `🔒 You can't do this for this queue. The settings allow ${peopleMentioned(refusal.people) || 'no one'}.`;
  }
}

function offInWords(why: Extract<ActionRefusal, { because: 'redrive-off' }>['why']): string {
  switch (why) {
    case 'off':
      return "🔒 Redrives are off for this queue: the bot's settings say `redrive: off`. Use the AWS console, or ask whoever runs the bot to change that.";
    case 'no-role':
      return "🔒 Redrives are off for this queue: the bot's settings name no `redriveRoleArn` for it or its account. Ask whoever runs the bot to add one.";
    case undefined:
      return "🔒 Redrives are off: the bot's settings have no `redrive` section. Use the AWS console, or ask whoever runs the bot.";
  }
}
