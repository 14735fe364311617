import type { ActionRefusal } from '../../../operations/actions/who-may-act.ts';
import { accessRefusalInWords } from '../private-message.ts';
import { peopleMentioned } from './people.ts';

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
