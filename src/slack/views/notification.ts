import type { Action } from '../../domain/actions/action.ts';
import type { CardPlace } from '../../domain/message-place.ts';
import type { Queue } from '../../domain/queue.ts';
import type { Notification } from '../../domain/watch/notification.ts';
import { notificationInWords } from '../../domain/watch/notification-words.ts';
import { context, type Message, section } from '../blocks.ts';
import { codeSpan, cut, escaped, mrkdwn } from '../text.ts';
import { startedHereInWords } from './actions/people.ts';
import { peopleInWords, personInWords } from './task-text.ts';

/** What a watch says in the thread. Whoever watches is named, so that Slack notifies them. */
export function notificationView(
  notification: Notification,
  queue: Queue,
  watchers: readonly string[],
  startedHere?: Action,
): Message {
  const isEnd = notification.kind === 'ended';
  const lines = [
    ...linesOf(notification, queue),
    ...(isEnd && startedHere ? [startedHereInWords(startedHere)] : []),
  ];
  const naming = notification.kind === 'joined' || watchers.length === 0 ? [] : [peopleInWords(watchers)];
  const said = [...lines, ...naming];
  return { text: said.join('\n'), blocks: [section(said.join('\n'))] };
}

function linesOf(notification: Notification, queue: Queue): string[] {
  return notification.kind === 'joined'
    ? [`👀 ${personInWords(notification.user)} watches this redrive.`]
    : notificationInWords(notification, queue).map(mrkdwn);
}

type Where = { card: CardPlace; queue: Queue; identity: { workspaceUrl: string; botName: string } };

/** A notification that Slack takes in the channel only: it must say what it is about. */
export function outOfThreadView(notification: Message, where: Where): Message {
  return withNote(notification, `About ${cardInWords(where)}. Slack takes no replies in its thread.`);
}

/** A notification for one watcher alone, as long as the channel is closed to the bot. */
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
