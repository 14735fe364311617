import type { CardPlace } from '../../domain/message-place.ts';
import type { Queue } from '../../domain/queue.ts';
import { context, type Message } from '../blocks.ts';
import { codeSpan, cut, escaped } from '../text.ts';

type Where = { card: CardPlace; queue: Queue; identity: { workspaceUrl: string; botName: string } };

/** A notice that Slack takes in the channel only: it must say what it is about. */
export function outOfThreadView(notification: Message, where: Where): Message {
  return withNote(notification, `About ${cardInWords(where)}. Slack takes no replies in its thread.`);
}

/** A notice for one watcher alone, as long as the channel is closed to the bot. */
export function directView(notification: Message, where: Where): Message {
  const invite = codeSpan(`/invite @${cut(where.identity.botName, 80)}`);
  return withNote(
    notification,
    `About ${cardInWords(where)}, which you watch in <#${where.card.channel}>. The bot cannot post there now, so it tells you here. If the channel is still in use, type ${invite} there.`,
  );
}

function withNote({ text, blocks }: Message, note: string): Message {
  return { text: `${text}\n${note}`, blocks: [...blocks, context(note)] };
}

function cardInWords({ card, queue, identity }: Where): string {
  const account = escaped(`${queue.account.label}, ${queue.region}`);
  return `<${linkToMessage(card, identity.workspaceUrl)}|the redrive> of ${codeSpan(queue.name)} (${account})`;
}

/** Slack's own form of a message's address. */
export function linkToMessage({ channel, ts }: CardPlace, workspaceUrl: string): string {
  return `${workspaceUrl}archives/${channel}/p${ts.replace('.', '')}`;
}
