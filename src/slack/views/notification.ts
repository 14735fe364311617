import type { CardPlace } from '../../domain/message-place.ts';
import type { Queue } from '../../domain/queue.ts';
import type { Notification } from '../../domain/watch/notification.ts';
import { notificationInWords } from '../../domain/watch/notification-words.ts';
import type { StartedHere } from '../../operations/actions/started-here.ts';
import {
  actions,
  codeSpan,
  escaped,
  inviteOf,
  linkToMessage,
  type Message,
  mrkdwn,
  peopleInWords,
  personInWords,
  said,
  withNote,
} from '../block-kit.ts';
import { startedHereInWords } from './actions/action-words.ts';
import { cancelButtons } from './card.ts';

/** A watch's notification in the thread. It mentions the watchers, so that Slack notifies them. */
export function notificationView(
  notification: Notification,
  queue: Queue,
  watchers: readonly string[],
  startedHere?: StartedHere,
): Message {
  const isEnd = notification.kind === 'ended';
  const lines = [
    ...(notification.kind === 'joined'
      ? [`👀 ${personInWords(notification.user)} is watching this redrive.`]
      : notificationInWords(notification, queue).map(mrkdwn)),
    ...(isEnd && startedHere ? [startedHereInWords(startedHere)] : []),
  ];
  const naming = notification.kind === 'joined' || watchers.length === 0 ? [] : [peopleInWords(watchers)];
  return said([...lines, ...naming].join('\n'));
}

type Where = { card: CardPlace; queue: Queue; identity: { workspaceUrl: string; botName: string } };

/** A notification that Slack accepts only in the channel, so it must say what it is about. */
export function outOfThreadView(notification: Message, where: Where): Message {
  return withNote(notification, `About ${cardInWords(where)}. Slack doesn't allow replies in its thread.`);
}

/** A notification for one watcher while the bot can't post in the channel. */
export function directView(notification: Message, where: Where): Message {
  return withNote(
    notification,
    `About ${cardInWords(where)}, which you're watching in <#${where.card.channel}>. The bot can't post there right now, so it's telling you here. If the channel is still in use, type ${inviteOf(where.identity.botName)} there.`,
  );
}

function cardInWords({ card, queue, identity }: Where): string {
  const account = escaped(`${queue.account.label}, ${queue.region}`);
  return `<${linkToMessage(card, identity.workspaceUrl)}|the redrive> of ${codeSpan(queue.name)} (${account})`;
}

/** Where messages come back, moving more is for people to stop. */
export function withCancel(view: Message, notification: Notification, queue: Queue): Message {
  const buttons =
    notification.kind === 'coming-back' ? cancelButtons(queue, notification.task, 'notification') : [];
  return buttons.length > 0 ? { ...view, blocks: [...view.blocks, actions(buttons)] } : view;
}
