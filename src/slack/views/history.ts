import { actionInHistory, nothingRemembered, pastRedriveInWords } from '../../domain/history.ts';
import type { Queue } from '../../domain/queue.ts';
import type { HistoryEntry } from '../../operations/history.ts';
import { codeSpan, escaped, linkToMessage, type Message, mrkdwn } from '../block-kit.ts';
import { privateMessage } from './private-message.ts';
import { longestFit } from './redrives.ts';

export const historyAtMost = 20;
const reasonAtMost = 80;

type Given = { queue: Queue; entries: readonly HistoryEntry[]; workspaceUrl: string };

/** What the bot remembers of a queue, the newest first, for one person: as much as fits. */
export function historyView({ queue, entries, workspaceUrl }: Given): Message {
  const title = `*History of* ${codeSpan(queue.name)} ${escaped(queue.account.label)}`;
  if (entries.length === 0) return privateMessage([title, mrkdwn(nothingRemembered)]);
  const lines = entries.slice(0, historyAtMost).map((entry) => `• ${entryInWords(entry, workspaceUrl)}`);
  const all = codeSpan(`dlq-tasks history ${queue.alias}`);
  const withFirst = (count: number): Message => {
    const rest = `These are the newest ${count}. To see all of them, run ${all}.`;
    const shown = [title, ...lines.slice(0, count), ...(entries.length > count ? [rest] : [])];
    return {
      text: [title, ...lines.slice(0, Math.min(count, 3))].join('\n'),
      blocks: privateMessage(shown).blocks,
    };
  };
  return longestFit(lines.length, withFirst) ?? withFirst(1);
}

function entryInWords(entry: HistoryEntry, workspaceUrl: string): string {
  const said =
    entry.kind === 'redrive'
      ? pastRedriveInWords(entry.redrive, { ...entry, reasonAtMost })
      : actionInHistory(entry.action, reasonAtMost);
  const link = linkOf(entry, workspaceUrl);
  return [mrkdwn(said), ...(link === undefined ? [] : [`<${link}|message>`])].join(' · ');
}

function linkOf(entry: HistoryEntry, workspaceUrl: string): string | undefined {
  if (entry.kind === 'redrive') return entry.redrive.card && linkToMessage(entry.redrive.card, workspaceUrl);
  const { channel, message } = entry.action.place;
  return message === undefined ? undefined : linkToMessage({ channel, ts: message }, workspaceUrl);
}
