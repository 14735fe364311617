import type { WebClient } from '@slack/web-api';
import type { DeliveryResult, Fallback, PostResult, RetryLater } from '../../domain/delivery.ts';
import type { MessagePlace } from '../../domain/message-place.ts';
import { cut } from '../../domain/wording.ts';
import { asSent, type Message } from '../block-kit.ts';
import { classOf } from '../error-codes.ts';
import { slackFailureFrom } from '../slack-failure.ts';
import { type FindDeps, findPosted, keyedBy, withKeyInBlock } from './find-message.ts';

/** The full message, and simpler ones for when Slack rejects the blocks or the length of those before. */
export type Variants = readonly [Message, ...Message[]];

export type Draft = {
  variants: (inChannel: boolean) => Variants;
  /** What Slack has rejected before. */
  fallback?: Fallback;
  /** Commits another one before it is tried, so that after a crash the message is searched for in that variant. */
  keep?: (fallback: Fallback) => Promise<unknown>;
};

export type Post = Draft & {
  channel: string;
  /** To find it again: in the metadata or, where Slack does not take that, in a block. */
  key?: string | undefined;
  /** Absent: in the channel itself. */
  thread?: string | undefined;
  /** Shows a message of a thread in the channel, too. */
  isBroadcast?: boolean;
  /** Rather in the channel than not at all. */
  mayLeaveThread?: boolean;
};

/** `doubt`: it may have been posted before, at `since` or later. `isDirect`: the channel is a person. */
export type KeyedPost = Post & { key: string; doubt: boolean; since: number; isDirect?: boolean };

/** Posts a message with its key, unless it is already there. Rejects with Slack's error if it rejects the post. */
export async function postOnce(post: KeyedPost, deps: FindDeps): Promise<PostResult> {
  const { channel, key, doubt, thread, since, isDirect, fallback: { bare, inChannel } = {} } = post;
  if (doubt) {
    const sought = { key, ...(bare !== undefined && { exactText: bare }) };
    const where = { channel, threadTs: thread, inChannel, since, isDirect };
    try {
      const ts = await findPosted(sought, where, deps);
      if (ts !== undefined) return { kind: 'delivered', message: { channel, ts }, found: true };
    } catch (error) {
      return retryLaterBecause(error);
    }
  }
  return { kind: 'delivered', message: await postAsTaken(post, deps.client) };
}

/** Posts a message in the first variant that Slack accepts. Resolves with its place; rejects with Slack's error. */
export function postAsTaken(post: Post, client: WebClient): Promise<MessagePlace> {
  const { channel, key } = post;
  return sendAsTaken(post, async (message, { bare, inChannel }) => {
    const isMarked = bare === undefined;
    const sent = key === undefined || isMarked ? message : withKeyInBlock(message, key);
    const posted = await client.chat.postMessage({
      channel,
      // A post without blocks names none.
      ...(sent.blocks.length > 0 ? asSent(sent) : { text: sent.text }),
      ...(key !== undefined && isMarked && { metadata: keyedBy(key) }),
      ...(inChannel ? {} : inThread(post)),
      unfurl_links: false,
      unfurl_media: false,
    });
    return { channel: posted.channel ?? channel, ts: posted.ts ?? '' };
  });
}

function inThread({ thread, isBroadcast }: Post) {
  if (thread === undefined) return {};
  return isBroadcast ? { thread_ts: thread, reply_broadcast: true as const } : { thread_ts: thread };
}

type Send<T> = (message: Message, fallback: Fallback) => Promise<T>;

/** The same for any call that posts or edits. */
export async function sendAsTaken<T>(draft: Draft & Partial<Post>, send: Send<T>): Promise<T> {
  const { variants, fallback = {}, key, keep } = draft;
  const again = async (simpler: Fallback) => {
    await keep?.(simpler);
    return sendAsTaken({ ...draft, fallback: simpler }, send);
  };
  const all = variants(fallback.inChannel === true);
  const message = all[levelOf(fallback)] ?? all.at(-1) ?? all[0];
  const { text } = message;
  if (key !== undefined && fallback.bare !== undefined && fallback.bare !== text)
    return again({ ...fallback, bare: text });
  try {
    return await send(message, fallback);
  } catch (error) {
    const failure = slackFailureFrom(error);
    const simpler = failure.kind === 'refused' ? simplerThan(draft, text, failure.code) : undefined;
    if (!simpler) throw error;
    return again(simpler);
  }
}

function levelOf({ plain, textOnly }: Fallback): number {
  return textOnly ? 2 : plain ? 1 : 0;
}

function simplerThan(draft: Draft & Partial<Post>, text: string, code: string): Fallback | undefined {
  const { variants, fallback = {}, key, thread, mayLeaveThread } = draft;
  const { plain, bare, inChannel = false } = fallback;
  switch (classOf(code)) {
    case 'content':
      if (levelOf(fallback) + 1 >= variants(inChannel).length) return undefined;
      return { ...fallback, ...(plain ? { textOnly: true } : { plain: true }) };
    case 'metadata':
      return key === undefined || bare !== undefined ? undefined : { ...fallback, bare: text };
    case 'thread':
      return thread && mayLeaveThread && !inChannel ? { ...fallback, inChannel: true } : undefined;
    default:
      return undefined;
  }
}

/** The maximum length of plain text in an edit; a post could be longer. */
const longestText = 3_800;

/** In an edit, an empty list removes the old blocks. */
export function asPlainText({ text }: Message): Message {
  return { text: cut(text, longestText), blocks: [] };
}

/** What a failure means for a delivery when no other variant will help. */
export function retryLaterBecause(error: unknown): RetryLater {
  const failure = slackFailureFrom(error);
  const later = { kind: 'retry-later', maybeDelivered: false } as const;
  if (failure.kind === 'rate-limited') {
    const { retryAfterSeconds } = failure;
    const after = retryAfterSeconds === undefined ? {} : { afterMs: retryAfterSeconds * 1000 };
    return { ...later, because: 'rate-limited', ...after, why: 'rate limited' };
  }
  const { kind, code: why } = failure;
  if (kind === 'in-doubt') return { ...later, because: 'trouble', maybeDelivered: true, why };
  return { ...later, because: classOf(why) === 'channel-closed' ? 'channel-closed' : 'refused', why };
}

/** The same for an edit. */
export function rejectedIfGone(result: DeliveryResult): DeliveryResult {
  const isGone = result.kind === 'retry-later' && classOf(result.why) === 'message-gone';
  return isGone ? { kind: 'rejected', because: 'message-gone', why: result.why } : result;
}
