import type { AwsError } from '../domain/aws-error.ts';
import type { Message } from './blocks.ts';
import type { Card, Shown } from './card-order.ts';

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
  whenPosted?: (card: Card) => Promise<void>;
};
