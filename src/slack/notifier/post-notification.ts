import type { WebClient } from '@slack/web-api';
import type { Queue } from '../../domain/queue.ts';
import type { Log } from '../../operations/log.ts';
import type { DeliveryResult, NotificationDelivery } from '../../operations/watching/notifier.ts';
import type { Message } from '../blocks.ts';
import type { BotIdentity } from '../bot-identity.ts';
import { slackFailureFrom } from '../slack-failure.ts';
import { directView, outOfThreadView } from '../views/elsewhere.ts';
import { notificationView } from '../views/notification.ts';
import { resultOfPost, retryLaterBecause } from './delivery-result.ts';
import { findDirect, findInThread, type Mark, unlessUnreadable } from './find-message.ts';
import { asPosted, inForm } from './in-form.ts';
import type { Paced, PacersByChannel } from './rate-limits.ts';

export type PostDeps = {
  client: WebClient;
  identity: BotIdentity;
  log: Log;
  queueNamed: (arn: string) => Queue;
  paced: Paced;
  posts: PacersByChannel;
};

type ToPost = NotificationDelivery & { doubt: boolean };

/** Posts a notice in the card's thread, or in the channel where Slack takes none in the thread; once. */
export function postNotification(delivery: ToPost, deps: PostDeps): Promise<DeliveryResult> {
  const { card, notification, form } = delivery;
  const threadTs = card.threadTs ?? card.ts;
  const isFailure = notification.kind === 'ended' && notification.task.status === 'FAILED';
  return postOnce(delivery, deps, {
    channel: card.channel,
    message: correctMessage(delivery, deps),
    place: form.inChannel ? {} : { thread_ts: threadTs, reply_broadcast: isFailure },
    goesFirst: notification.kind !== 'joined',
    find: (mark) =>
      findInThread(mark, { channel: card.channel, threadTs, inChannel: form.inChannel === true }, deps),
  });
}

/** As it stands in the card's thread, or in the channel, where it must say what it is about. */
export function correctMessage(
  { card, notification, queueArn, watchers, form }: NotificationDelivery,
  { identity, queueNamed }: Pick<PostDeps, 'identity' | 'queueNamed'>,
): Message {
  const queue = queueNamed(queueArn);
  const view = notificationView(notification, queue, watchers);
  return form.inChannel ? outOfThreadView(view, { card, queue, identity }) : view;
}

/** Tells one watcher alone, whose channel is closed to the bot; once. */
export function postDirect(delivery: ToPost & { user: string }, deps: PostDeps): Promise<DeliveryResult> {
  const { card, notification, queueArn, user, since } = delivery;
  const queue = deps.queueNamed(queueArn);
  return postOnce(delivery, deps, {
    channel: user,
    message: directView(notificationView(notification, queue, []), { card, queue, identity: deps.identity }),
    place: {},
    goesFirst: true,
    find: (mark) => findDirect(mark, { user, sinceMs: since }, deps),
  });
}

type Post = {
  channel: string;
  message: Message;
  place: { thread_ts: string; reply_broadcast: boolean } | Record<string, never>;
  goesFirst: boolean;
  find: (mark: Mark) => Promise<string | undefined>;
};

function postOnce(
  { key, form, doubt }: ToPost,
  { client, log, paced, posts }: PostDeps,
  { channel, message, place, goesFirst, find }: Post,
): Promise<DeliveryResult> {
  const sent = inForm(message, form);
  const inThread = 'thread_ts' in place;
  const verdict = (failure: Parameters<typeof retryLaterBecause>[0]) =>
    resultOfPost(failure, { form, text: sent.text, inThread });
  return paced({ pacer: posts(channel), key, goesFirst, verdict }, async () => {
    const mark = { key, ...(form.bare !== undefined && { bare: form.bare }) };
    const found = doubt ? await findPosted(find(mark), key, log) : {};
    if (found.failed) return found.failed;
    if (found.ts !== undefined) return { kind: 'delivered', message: { channel, ts: found.ts }, found: true };
    // What is said has changed meanwhile: the new words are committed before they are posted.
    if (form.bare !== undefined && form.bare !== sent.text)
      return { kind: 'other-form', form: { ...form, bare: sent.text }, why: 'the words have changed' };
    const posted = await client.chat.postMessage({
      channel,
      ...asPosted(sent, key, form),
      ...place,
    });
    return { kind: 'delivered', message: { channel: posted.channel ?? channel, ts: posted.ts ?? '' } };
  });
}

/** A search that fails says nothing of the form of the message. */
export async function findPosted(
  search: Promise<string | undefined>,
  key: string,
  log: Log,
): Promise<{ ts?: string | undefined; failed?: DeliveryResult }> {
  try {
    return { ts: await unlessUnreadable(search, key, log) };
  } catch (error) {
    return { failed: retryLaterBecause(slackFailureFrom(error)) };
  }
}
