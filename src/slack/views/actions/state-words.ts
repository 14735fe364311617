import type { Action, ActionResult, VoidReason } from '../../../domain/actions/action.ts';
import { isOpen } from '../../../domain/actions/lifecycle.ts';
import { rejectionOf } from '../../../domain/actions/rejection.ts';
import { codeSpan, personInWords } from '../../block-kit.ts';
import { linkToRequest } from '../notification.ts';
import { reasonInWords } from './people.ts';

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
