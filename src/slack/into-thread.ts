import type { KnownBlock } from '@slack/types';
import type { Reply } from './reply.ts';

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
