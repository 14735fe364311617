import {
  actionInHistory,
  nothingRemembered,
  pastRedriveInWords,
} from '../../domain/history/history-words.ts';
import type { Queue } from '../../domain/queue.ts';
import type { HistoryEntry } from '../../operations/history/history.ts';
import { codeSpan, escaped, type Message, mrkdwn } from '../block-kit.ts';
import { linkToMessage } from './notification.ts';
import { privateMessage } from './private-message.ts';

export const rememberedAtMost = 20;
/** Slack refuses messages above an undocumented length near 11,000 characters. */
const longestMessage = 8_900;
const reasonAtMost = 80;

type Given = { queue: Queue; entries: readonly HistoryEntry[]; workspaceUrl: string };

/** What the bot remembers of a queue, the newest first, for one person: as much as fits. */
export function rememberedView(given: Given): Message {
  const { queue, entries, workspaceUrl } = given;
  const title = `*History of* ${codeSpan(queue.name)} ${escaped(queue.account.label)}`;
  if (entries.length === 0) return privateMessage([title, mrkdwn(nothingRemembered)]);
  const lines = entries.slice(0, rememberedAtMost).map((entry) => `• ${lineOf(entry, workspaceUrl)}`);
  for (;;) {
    const message = messageOf(title, lines, given);
    if (lines.length <= 1 || JSON.stringify(message).length <= longestMessage) return message;
    lines.pop();
  }
}

function messageOf(title: string, lines: readonly string[], { queue, entries }: Given): Message {
  const all = codeSpan(`dlq-tasks history ${queue.alias}`);
  const rest =
    entries.length > lines.length
      ? [`These are the newest ${lines.length}. To see all of them, run ${all}.`]
      : [];
  const { blocks } = privateMessage([title, ...lines, ...rest]);
  return { blocks, text: [title, ...lines.slice(0, 3)].join('\n') };
}

function lineOf(entry: HistoryEntry, workspaceUrl: string): string {
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
