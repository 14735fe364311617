import type { WebClient } from '@slack/web-api';
import type { Fallback } from '../../domain/delivery.ts';
import { cut } from '../../domain/shown-text.ts';
import type { Log } from '../../operations/log.ts';
import type { DeliveryResult } from '../../operations/watching/notifier.ts';
import type { Message } from '../block-kit.ts';
import { asPosted } from '../post-as-taken.ts';
import { type SlackFailure, slackFailureFrom } from '../slack-failure.ts';
import { resultOfPost, retryLaterBecause } from './delivery-result.ts';
import { type Sought, unlessUnreadable } from './find-message.ts';
import type { Paced, PacersByChannel } from './pacer.ts';

export type PostOnceDeps = { client: WebClient; log: Log; paced: Paced; posts: PacersByChannel };

/** `doubt`: it may have been posted before, so the bot searches for it first. */
export type Keyed = { key: string; fallback: Fallback; doubt: boolean };

export type Post = {
  channel: string;
  message: Message;
  /** Empty: in the channel itself. */
  thread: { thread_ts: string; reply_broadcast: boolean } | Record<string, never>;
  /** Before all posts to the channel that can wait. */
  isUrgent: boolean;
  find: (sought: Sought) => Promise<string | undefined>;
};

/** Posts a message with its key, in a variant that Slack accepts, unless it is already there. */
export function postOnce(
  { key, fallback, doubt }: Keyed,
  { client, log, paced, posts }: PostOnceDeps,
  { channel, message, thread, isUrgent, find }: Post,
): Promise<DeliveryResult> {
  const sent = withFallback(message, fallback);
  const onFailure = (failure: SlackFailure) =>
    resultOfPost(failure, { fallback, text: sent.text, inThread: 'thread_ts' in thread });
  return paced({ pacer: posts(channel), key, isUrgent, onFailure }, async () => {
    const sought = { key, ...(fallback.bare !== undefined && { exactText: fallback.bare }) };
    const found = doubt ? await findPosted(find(sought), key, log) : {};
    if (found.failed) return found.failed;
    if (found.ts !== undefined) return { kind: 'delivered', message: { channel, ts: found.ts }, found: true };
    // The text has changed meanwhile: the new text is committed before it is posted.
    if (fallback.bare !== undefined && fallback.bare !== sent.text)
      return { kind: 'fallback', fallback: { ...fallback, bare: sent.text }, why: 'the text changed' };
    const posted = await client.chat.postMessage({
      channel,
      ...asPosted(sent, key, fallback.bare === undefined),
      ...thread,
    });
    return { kind: 'delivered', message: { channel: posted.channel ?? channel, ts: posted.ts ?? '' } };
  });
}

/** A failed search says nothing about the variant of the message. */
async function findPosted(
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

/** The maximum length of plain text in an edit; a post could be longer. */
const longestText = 3_800;

/** The parts of a message that Slack accepts. In an edit, an empty list removes the old blocks. */
export function withFallback({ text, blocks }: Message, { plain }: Fallback): Message {
  return plain ? { text: cut(text, longestText), blocks: [] } : { text, blocks };
}
