import type { RichTextBlock, RichTextElement, RichTextText } from '@slack/types';
import type { Action } from '../../../domain/actions/action.ts';
import type { People } from '../../../domain/settings.ts';
import { cut, visible } from '../../../domain/wording.ts';
import type { StartedHere } from '../../../operations/actions/started-here.ts';
import { codeSpan, cutAsCounted, firstOf, personInWords, richText } from '../../block-kit.ts';

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
