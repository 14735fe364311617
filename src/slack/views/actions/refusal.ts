import type { ActionRefusal } from '../../../operations/actions/who-may-act.ts';
import { accessRefusalInWords } from '../private-message.ts';
import { peopleMentioned } from './people.ts';

/** Why somebody may not request, approve, decline or cancel. */
export function refusalToActInWords(refusal: ActionRefusal): string {
  switch (refusal.because) {
    case 'read-only':
      return '🔒 The bot is read-only now: it starts and cancels nothing.';
    case 'redrive-off':
      return '🔒 Redrives are off for this queue.';
    case 'hidden':
      return 'The settings list no such queue here.';
    case 'no-access':
      return `🔒 ${accessRefusalInWords(refusal.refusal)}`;
    case 'bot':
    case 'workflow':
      return '🔒 Only people may do this, not bots or workflows.';
    case 'external-person':
      return '🔒 People of other organizations may not do this.';
    case 'home-unknown':
      return '🔒 Slack did not say which organization you are from, so the answer is no for now. Type `/dlq-tasks help`, which tells it, then try again.';
    case 'groups-unknown':
      return '🔒 Slack did not say who is in the user groups that may do this, so the answer is no for now. Try again in a minute. If this continues, the bot needs the scope `usergroups:read`.';
    case 'not-listed':
      return `🔒 You may not do this for this queue. The settings allow ${peopleMentioned(refusal.people) || 'nobody'}.`;
  }
}
