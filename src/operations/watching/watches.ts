import type { CardPlace } from '../../domain/message-place.ts';
import type { Queue } from '../../domain/queue.ts';
import type { QueuePoll } from '../../domain/watch/observation.ts';
import type { Followed, ObservedTask, WatchPhase } from '../../domain/watch/watch.ts';

export type WatchView = {
  queueArn: string;
  startedAt: number;
  card: CardPlace;
  watchers: readonly string[];
  /** The card's channel follows the queue: the watch exists without a watcher. */
  followed?: Followed;
  /** `over` only on cards whose watch ended less than a day ago. */
  phase: WatchPhase;
  /** The last poll that found the task. A card must not show anything older. */
  seen?: ObservedTask;
};

export type WatchRequest = { queue: Queue; startedAt: number; card: CardPlace; user: string };

/**
 * `began`: the first watcher of this task on this card. `already`: this person watched it before.
 * `joined-after-end`: the task has ended; messages that come back are still reported.
 */
export type WatchAnswer = { kind: 'began' | 'joined' | 'already' | 'joined-after-end'; watch: WatchView };

export type UnwatchRequest = { user: string } & (
  | { card: CardPlace }
  | { queueArn: string; channel?: string }
);

/** What a person's poll of a watched card's queue found. */
export type PersonsPoll = { queue: Queue; card: CardPlace; poll: QueuePoll };

/** Port: what people ask of the watch engine. Each promise resolves once the answer is durable. */
export type Watches = {
  watch(request: WatchRequest): Promise<WatchAnswer>;
  /** The watches that the person left, as they are now; empty if there were none. */
  unwatch(request: UnwatchRequest): Promise<WatchView[]>;
  /** The live watches of a person, or of a channel, oldest first. */
  list(of: { user?: string; channel?: string; queueArn?: string }): Promise<WatchView[]>;
  /** The watch of a card, the newest one if there were several. */
  ofCard(card: CardPlace): Promise<WatchView | undefined>;
  /**
   * A person has polled: the card's watch treats it as its own poll, so that it never falls behind the card and reports
   * an end at once. Resolves when that is durable, or when it can't be stored.
   */
  observed(seen: PersonsPoll): Promise<void>;
};
