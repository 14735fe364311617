import type { Queue } from '../../domain/queue.ts';
import type { CardPlace } from '../../domain/watch/watch.ts';
import { context, type Message } from '../blocks.ts';
import { codeSpan, cut, escaped } from '../text.ts';

type Where = { card: CardPlace; queue: Queue; home: { workspaceUrl: string; botName: string } };

/** A notice that Slack takes in the channel only: it must say what it is about. */
export function outOfThreadView(notice: Message, where: Where): Message {
  return withNote(notice, `About ${cardInWords(where)}. Slack takes no replies in its thread.`);
}

/** A notice for one watcher alone, as long as the channel is closed to the bot. */
export function directView(notice: Message, where: Where): Message {
  const invite = codeSpan(`/invite @${cut(where.home.botName, 80)}`);
  return withNote(
    notice,
    `About ${cardInWords(where)}, which you watch in <#${where.card.channel}>. The bot cannot post there now, so it tells you here. If the channel is still in use, type ${invite} there.`,
  );
}

function withNote({ text, blocks }: Message, note: string): Message {
  return { text: `${text}\n${note}`, blocks: [...blocks, context(note)] };
}

function cardInWords({ card, queue, home }: Where): string {
  const account = escaped(`${queue.account.label}, ${queue.region}`);
  return `<${linkToMessage(card, home.workspaceUrl)}|the redrive> of ${codeSpan(queue.name)} (${account})`;
}

/** Slack's own form of a message's address. */
export function linkToMessage({ channel, ts }: CardPlace, workspaceUrl: string): string {
  return `${workspaceUrl}archives/${channel}/p${ts.replace('.', '')}`;
}
