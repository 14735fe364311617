import type { ActionRefusal } from '../../../operations/actions/who-may-act.ts';
import { accessRefusalInWords } from '../private-message.ts';
import { peopleMentioned } from './people.ts';

/** Why somebody may not request, approve, decline or cancel. */
export function refusalToActInWords(refusal: ActionRefusal): string {
  switch (refusal.because) {
    case 'read-only':
      return "🔒 The bot is read-only right now: it can't start or cancel redrives.";
    case 'redrive-off':
      return '🔒 Redrives are off for this queue.';
    case 'hidden':
      return 'The settings list no such queue here.';
    case 'no-access':
      return `🔒 ${accessRefusalInWords(refusal.refusal)}`;
    case 'bot':
    case 'workflow':
      return '🔒 Only people can do this, not bots or workflows.';
    case 'external-person':
      return "🔒 People from other organizations can't do this.";
    case 'home-unknown':
      return "🔒 Slack didn't say which organization you're from, so the bot can't answer you yet. Type `/dlq-tasks help`, which tells the bot, then try again.";
    case 'groups-unknown':
      return "🔒 Slack didn't say who is in the user groups that may do this, so the bot can't do it yet. Try again in a minute. If this keeps happening, the bot needs the scope `usergroups:read`.";
    case 'not-listed':
      return `🔒 You can't do this for this queue. The settings allow ${peopleMentioned(refusal.people) || 'nobody'}.`;
  }
}
