import type { Action, ActionResult, VoidReason } from '../../../domain/actions/action.ts';
import { isOpen } from '../../../domain/actions/lifecycle.ts';
import { rejectionOf } from '../../../domain/actions/rejection.ts';
import type { ActionRefusal } from '../../../operations/actions/who-may-act.ts';
import { codeSpan, personInWords } from '../../block-kit.ts';
import { linkToRequest } from '../notification.ts';
import { accessRefusalInWords } from '../private-message.ts';
import { peopleMentioned, reasonInWords } from './people.ts';

export function stateInWords({ state, decider, requester, kind, result, needsApproval }: Action): string {
  const by = decider === undefined || decider === requester ? '' : ` by ${personInWords(decider)}`;
  switch (state) {
    case 'requested':
      return needsApproval ? 'waiting for approval' : 'about to start';
    case 'declined':
      return `declined${by}`;
    case 'withdrawn':
      return 'withdrawn';
    case 'expired':
      return 'expired';
    case 'void':
      return 'no longer valid';
    case 'starting':
      return by === '' ? 'starting' : `approved${by}, starting`;
    case 'started':
      return 'started';
    case 'rejected':
      if (kind === 'cancel' && result.code === undefined) return 'not canceled';
      return rejectionOf(result) === 'aws'
        ? 'refused by AWS'
        : `not ${kind === 'start' ? 'started' : 'canceled'}: ${rejectionInWords(result)}`;
    case 'unsure':
      return 'no clear answer from AWS, checking';
    case 'not-started':
      return 'not started';
    case 'cancelling':
      return 'canceling';
    case 'cancelled':
      return 'canceled';
    case 'had-ended':
      return 'it had already ended';
    case 'unknown':
      return "in a state that this version of the bot doesn't know";
  }
}

/** Why it did not happen, to follow a colon. */
export function rejectionInWords(result: ActionResult): string {
  switch (rejectionOf(result)) {
    case 'aws':
      return 'AWS refused it';
    case 'not-reached':
      return "AWS couldn't be reached";
    case 'aws-in-trouble':
      return "AWS couldn't answer";
    case 'own-credentials':
      return "the bot's own AWS credentials don't work";
    case 'settings':
      return 'the settings no longer allow it';
  }
}

export function voidInWords(because: VoidReason | undefined): string {
  switch (because) {
    case 'queue-not-listed':
      return 'The settings no longer list the queue.';
    case 'redrive-off':
      return 'The settings no longer allow redrives of this queue.';
    case 'read-only':
      return 'The bot is read-only now.';
    case 'channel-not-allowed':
      return 'The settings no longer allow this queue in this channel.';
    case 'destination-not-allowed':
      return 'The settings no longer list its destination.';
    case 'rate-not-allowed':
      return 'The settings no longer allow its rate.';
    case 'no-approvers':
      return 'The settings no longer name approvers. Request it again.';
    case 'requester-not-allowed':
      return 'The requester is no longer allowed to request redrives.';
    case 'cannot-post':
      return "The bot can't post it there. Invite the bot, then request it again.";
    case 'message-gone':
      return "Its message was deleted twice. Request it again if it's still needed.";
    case 'interrupted':
      return 'The bot was interrupted before it could start the redrive. Request it again.';
    default:
      return 'It can no longer be started.';
  }
}

/** Another action of the queue, for whoever asks while it is open. */
export function openActionInWords(action: Action, workspaceUrl: string): string {
  const { kind, requester } = action;
  if (action.state === 'unknown') return unreadableInWords(action);
  const what = kind === 'start' ? 'Redrive' : 'Cancel';
  const reason = action.reason === '' ? '' : `: ${reasonInWords(action)}`;
  const { link } = linkToRequest(action, workspaceUrl);
  const show = link === undefined ? '' : ` · <${link}|show it>`;
  const already = isOpen(action) ? 'Already open' : 'This form was already submitted';
  return `${already}: ${what} requested by ${personInWords(requester)} · ${stateInWords(action)}${reason}${show}`;
}

function unreadableInWords({ id }: Action): string {
  return `The bot can't read the record of an earlier action for this queue, so it doesn't know whether that action is over. Whoever runs the bot can look up ${codeSpan(id, 100)} in its log or with ${codeSpan('dlq-tasks actions')}.`;
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
