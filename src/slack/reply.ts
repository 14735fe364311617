import type { Message } from './blocks.ts';
import type { Shown } from './card-order.ts';

/** What a handler wants said, and to whom. Delivering it is another's work. */
export type Reply = {
  /** The channel (or its thread), the person alone, or the message that was clicked. */
  to: 'channel' | 'asker' | 'clicked';
  message: Message;
  /** The same in blocks that every Slack takes. */
  classic?: Message;
  /** What the message shows, when it is a card. */
  shown?: Shown;
  /** One word or two for the log. */
  outcome: string;
  queueArn?: string;
  /** Set when something was wrong: the person sees it, the log has it. */
  errorId?: string;
  /** The private message that was clicked has done its work. */
  removesClicked?: boolean;
};
