import type { Queue } from '../../domain/queue.ts';
import type { StartedHere } from '../../operations/actions/started-here.ts';
import type { DeliveryResult, NotificationDelivery } from '../../operations/watching/notifier.ts';
import type { Message } from '../block-kit.ts';
import type { BotIdentity } from '../bot-identity.ts';
import { directView, notificationView, outOfThreadView, withCancel } from '../views/notification.ts';
import { findDirect, findInThread } from './find-message.ts';
import { type PostOnceDeps, postOnce } from './post-once.ts';

/** `startedHere`: the start that began the task, if it began here. */
type DrawDeps = {
  identity: BotIdentity;
  queueNamed: (arn: string) => Queue;
  startedHere: StartedHere | undefined;
};
type PostDeps = PostOnceDeps & DrawDeps;
type ToPost = NotificationDelivery & { doubt: boolean };

/** Posts a notification in the card's thread, or in the channel if the thread doesn't accept it; once. */
export function postNotification(delivery: ToPost, deps: PostDeps): Promise<DeliveryResult> {
  const { card, notification, fallback } = delivery;
  const threadTs = card.threadTs ?? card.ts;
  const isFailure = notification.kind === 'ended' && notification.task.status === 'FAILED';
  return postOnce(delivery, deps, {
    channel: card.channel,
    message: notificationMessage(delivery, deps),
    thread: fallback.inChannel ? {} : { thread_ts: threadTs, reply_broadcast: isFailure },
    isUrgent: notification.kind !== 'joined',
    find: (sought) =>
      findInThread(sought, { channel: card.channel, threadTs, inChannel: fallback.inChannel === true }, deps),
  });
}

/** The text for the card's thread, or for the channel, where it must say which card it is about. */
export function notificationMessage(
  { card, notification, queueArn, watchers, fallback }: NotificationDelivery,
  { identity, queueNamed, startedHere }: DrawDeps,
): Message {
  const queue = queueNamed(queueArn);
  const view = withCancel(notificationView(notification, queue, watchers, startedHere), notification, queue);
  return fallback.inChannel ? outOfThreadView(view, { card, queue, identity }) : view;
}

/** Sends a direct message to one watcher while the bot can't post in the channel; once. */
export function postDirect(delivery: ToPost & { user: string }, deps: PostDeps): Promise<DeliveryResult> {
  const { card, notification, queueArn, user, since } = delivery;
  const queue = deps.queueNamed(queueArn);
  const view = notificationView(notification, queue, [], deps.startedHere);
  return postOnce(delivery, deps, {
    channel: user,
    message: directView(view, { card, queue, identity: deps.identity }),
    thread: {},
    isUrgent: true,
    find: (sought) => findDirect(sought, { user, sinceMs: since }, deps),
  });
}
