import type { RichTextElement } from '@slack/types';
import type { Action } from '../../../domain/actions/action.ts';
import type { People } from '../../../domain/actions/redrive-settings.ts';
import { cut, visible } from '../../../domain/shown-text.ts';
import { codeSpan } from '../../text.ts';
import { personInWords } from '../task-text.ts';

type Origin = Pick<Action, 'requester' | 'decider' | 'reason'>;

const longestReason = 300;
/** Slack takes 3,000 characters in a block. */
const mostMentioned = 20;

/** Who began a redrive in Slack, and why. */
export function startedHereInWords(action: Origin): string {
  return `👤 ${whoInWords(action)}: ${reasonInWords(action)}`;
}

function whoInWords({ requester, decider }: Origin): string {
  const isApproved = decider !== undefined && decider !== requester;
  return isApproved
    ? `Requested by ${personInWords(requester)}, approved by ${personInWords(decider)}`
    : `Started by ${personInWords(requester)}`;
}

export function reasonInWords({ reason }: Pick<Action, 'reason'>): string {
  return reason === '' ? '' : codeSpan(reason, longestReason);
}

/** Slack notifies them where it stands in a channel, and nobody where one person alone sees it. */
export function peopleMentioned({ users, userGroups }: People, except?: string): string {
  const groups = userGroups.map((group) => `<!subteam^${group}>`);
  const others = users.filter((user) => user !== except);
  const all = [...groups, ...others.map(personInWords)];
  const more = all.length - mostMentioned;
  return [...all.slice(0, mostMentioned), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** For a table's cell: people are shown by their names, and notified of nothing. */
export function startedHereCell({ requester, decider, reason }: Origin, remark: string) {
  const text = (words: string): RichTextElement => ({ type: 'text', text: words });
  const person = (id: string): RichTextElement =>
    /^[UW][A-Z0-9]{1,30}$/.test(id) ? { type: 'user', user_id: id } : text(visible(id));
  const isApproved = decider !== undefined && decider !== requester;
  return {
    type: 'rich_text' as const,
    elements: [
      {
        type: 'rich_text_section' as const,
        elements: [
          ...(remark === '' ? [] : [text(`${cut(visible(remark), 80)} · `)]),
          text('by '),
          person(requester),
          ...(isApproved ? [text(', approved by '), person(decider)] : []),
          text(`: ${cut(visible(reason), 80)}`),
        ],
      },
    ],
  };
}
