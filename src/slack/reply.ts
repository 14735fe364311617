import type { KnownBlock } from '@slack/types';
import type { AwsError } from '../domain/aws-error.ts';
import type { CardPlace } from '../domain/message-place.ts';
import type { Message } from './blocks.ts';
import type { Shown } from './card-order.ts';

/** What a handler wants said, and to whom. Delivering it is another's work. */
export type Reply = {
  /** The channel (or its thread), the person alone, the message that was clicked, or nobody: it has been seen to. */
  to: 'channel' | 'asker' | 'clicked' | 'nobody';
  message: Message;
  /** The same in blocks that every Slack takes. */
  classic?: Message;
  /** The same for one person's eyes, when the channel cannot have it; drawn only then. */
  inPrivate?: () => Message;
  /** What is not done when only one person sees it, in a sentence. */
  lostInPrivate?: string;
  /** What the message shows, when it is a card. */
  shown?: Shown;
  /** What the clicked card has shown until now, by its own word. */
  shownBefore?: Shown;
  /** One word or two for the log. */
  outcome: string;
  queueArn?: string;
  /** Set when something was wrong: the person sees it, the log has it. */
  errorId?: string;
  /** What AWS said, for the log alone. */
  awsErrors?: readonly AwsError[];
  /** The private message that was clicked has done its work. */
  removesClicked?: boolean;
  /** To be done once the message stands in the channel. */
  whenPosted?: (card: CardPlace) => Promise<void>;
};

/** Nothing is said: it has been seen to, and what there is to see will be seen. */
export function noReply(facts: Pick<Reply, 'outcome' | 'queueArn'>): Reply {
  return { to: 'nobody', message: { text: '', blocks: [] }, ...facts };
}

/**
 * A private choice may stand outside of the thread that it is about, where Slack would not show it: the ids of its
 * blocks carry the way back, for Slack names the block of whatever is clicked or picked.
 */
export function leadingIntoThread(reply: Reply, threadTs: string | undefined): Reply {
  if (reply.to !== 'asker' || threadTs === undefined) return reply;
  const { text, blocks } = reply.message;
  const marked = blocks.map(
    (block, i): KnownBlock =>
      block.type === 'actions' ? { ...block, block_id: `thread:${threadTs}:${i}` } : block,
  );
  return { ...reply, message: { text, blocks: marked } };
}

/** The thread into which a block leads; the channel is always the one where it was clicked. */
export function threadOfBlock(blockId: unknown): string | undefined {
  if (typeof blockId !== 'string') return undefined;
  return /^thread:(\d{1,15}\.\d{1,9}):\d{1,2}$/.exec(blockId)?.[1];
}
