import type { RichTextBlock, RichTextElement, RichTextText } from '@slack/types';
import type { Action, ActionResult, ActionState, VoidReason } from '../../../domain/actions/action.ts';
import { isOpen, type Rejection, rejectionOf } from '../../../domain/actions/lifecycle.ts';
import type { CardPlace } from '../../../domain/message-place.ts';
import type { People } from '../../../domain/settings.ts';
import { cut, visible } from '../../../domain/wording.ts';
import type { StartedHere } from '../../../operations/actions/started-here.ts';
import type { ActionRefusal } from '../../../operations/actions/who-may-act.ts';
import { codeSpan, cutAsCounted, firstOf, linkToMessage, personInWords, richText } from '../../block-kit.ts';
import { accessRefusalInWords } from '../private-message.ts';

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
    'had-ended': 'it had already ended or been canceled',
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

/** The way to an action's message, from any other message than itself. */
export function linkToRequest(
  { place: { channel, message: ts } }: Action,
  workspaceUrl: string,
  from?: CardPlace,
): { link?: string } {
  const isItself = from?.channel === channel && from.ts === ts;
  return ts === undefined || isItself ? {} : { link: linkToMessage({ channel, ts }, workspaceUrl) };
}

type Origin = Pick<StartedHere, 'kind' | 'requester' | 'decider' | 'reason' | 'cancelledBy'>;

/** 300 characters, of which `&` takes five once it is escaped. */
const longestReason = 1_501;
/** 300 emoji by their usual names. */
const longestQuote = 8_000;
/** Slack takes 3,000 characters in a block. */
const mostMentioned = 20;

export function startedHereInWords(action: Origin, longest = longestReason): string {
  const cancelledBy = cancellerOf(action);
  return [
    ...(action.kind === 'start' ? [`👤 ${whoInWords(action)}: ${reasonInWords(action, longest)}`] : []),
    ...(cancelledBy === undefined ? [] : [`🛑 Canceled by ${personInWords(cancelledBy)}`]),
  ].join(' · ');
}

function cancellerOf({ kind, requester, cancelledBy }: Origin): string | undefined {
  return kind === 'cancel' ? requester : cancelledBy;
}

function whoInWords({ requester, decider }: Origin): string {
  const isApproved = decider !== undefined && decider !== requester;
  return isApproved
    ? `Requested by ${personInWords(requester)}, approved by ${personInWords(decider)}`
    : `Started by ${personInWords(requester)}`;
}

export function reasonInWords({ reason }: Pick<Action, 'reason'>, longest = longestReason): string {
  return reason === '' ? '' : codeSpan(reason, longest);
}

/** In a person's own words, which Slack neither formats nor links. */
export function reasonQuoted({ reason }: Pick<Action, 'reason'>): RichTextBlock {
  const quoted = text(cutAsCounted(visible(reason), longestQuote));
  return { type: 'rich_text', elements: [{ type: 'rich_text_quote', elements: [quoted] }] };
}

/** Slack notifies them if the message is in a channel, but not if only one person sees it. */
export function peopleMentioned({ users, userGroups }: People, except?: string): string {
  const groups = userGroups.map((group) => `<!subteam^${group}>`);
  const others = users.filter((user) => user !== except);
  return firstOf([...groups, ...others.map(personInWords)], mostMentioned);
}

/** For a table's cell: people are shown by their names, and notified of nothing. */
export function startedHereCell(action: Origin, remark: string): RichTextBlock {
  const cancelledBy = cancellerOf(action);
  const [begins, remarked] = [action.kind === 'start' ? beginning(action) : [], cut(visible(remark), 80)];
  const cancelled = text(`${begins.length > 0 ? ' · ' : ''}cancelled by `);
  return richText(
    ...(remark === '' ? [] : [text(`${remarked} · `)]),
    ...begins,
    ...(cancelledBy === undefined ? [] : [cancelled, person(cancelledBy)]),
  );
}

function beginning({ requester, decider, reason }: Origin): RichTextElement[] {
  const isApproved = decider !== undefined && decider !== requester;
  return [
    text('by '),
    person(requester),
    ...(isApproved ? [text(', approved by '), person(decider)] : []),
    text(`: ${cut(visible(reason), 80)}`),
  ];
}

function text(words: string): RichTextText {
  return { type: 'text', text: words };
}

function person(id: string): RichTextElement {
  return /^[UW][A-Z0-9]{1,30}$/.test(id) ? { type: 'user', user_id: id } : text(visible(id));
}
