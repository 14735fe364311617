import type { WebClient } from '@slack/web-api';
import { asSent, type Message } from './block-kit.ts';
import { classOf } from './error-codes.ts';
import { keyedBy, withKeyInBlock } from './notifier/find-message.ts';
import { slackFailureFrom } from './slack-failure.ts';

/** A message to post, with its key as metadata unless that is known to be refused. */
export type Draft = {
  channel: string;
  message: Message;
  key: string | undefined;
  isMarked?: boolean;
  thread: string | undefined;
  /** The same message in less, if Slack rejects its blocks or its length. */
  plainer: (message: Message) => Message | undefined;
  /** Rather in the channel than not at all. */
  mayLeaveThread: boolean;
};

/**
 * Slack may reject the blocks, the metadata or the thread: then it is posted once more without them. Resolves with its
 * place in the channel, and rejects with Slack's error.
 */
export async function postAsTaken(draft: Draft, client: WebClient): Promise<string> {
  const { channel, message, key, isMarked = true, thread } = draft;
  try {
    const inThread = thread === undefined ? {} : { thread_ts: thread };
    const { ts } = await client.chat.postMessage({
      channel,
      ...asPosted(message, key, isMarked),
      ...inThread,
    });
    return ts ?? '';
  } catch (error) {
    const failure = slackFailureFrom(error);
    const simpler = failure.kind === 'refused' ? simplerThan(draft, failure.code) : undefined;
    if (!simpler) throw error;
    return postAsTaken(simpler, client);
  }
}

function simplerThan(draft: Draft, code: string): Draft | undefined {
  const { message, key, isMarked = true, thread, plainer, mayLeaveThread } = draft;
  switch (classOf(code)) {
    case 'content': {
      const plain = plainer(message);
      return plain && { ...draft, message: plain };
    }
    case 'metadata':
      return key === undefined || !isMarked ? undefined : { ...draft, isMarked: false };
    case 'thread':
      return thread === undefined || !mayLeaveThread ? undefined : { ...draft, thread: undefined };
    default:
      return undefined;
  }
}

/** With its key in the metadata or, where Slack does not take that, in a block. A post without blocks names none. */
export function asPosted(message: Message, key: string | undefined, isMarked: boolean) {
  const sent = key === undefined || isMarked ? message : withKeyInBlock(message, key);
  return {
    ...(sent.blocks.length > 0 ? asSent(sent) : { text: sent.text }),
    ...(key !== undefined && isMarked && { metadata: keyedBy(key) }),
    unfurl_links: false,
    unfurl_media: false,
  };
}
